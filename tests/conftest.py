"""What the tests share: one template process, which takes a second and a half to start."""

from collections.abc import Iterator

import pytest

from autograder.host.template import Template


@pytest.fixture(scope="session")
def template() -> Iterator[Template]:
    with Template.start() as running:
        yield running
