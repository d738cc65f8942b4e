"""What the tests share: one template process, which takes a second and a half to start."""

import signal
from collections.abc import Iterator

import pytest

from autograder.host.template import Template


@pytest.fixture(scope="session")
def template() -> Iterator[Template]:
    with Template.start() as running:
        yield running


def pytest_configure() -> None:
    """Commands that tests start hear Ctrl-C even where the tests themselves, put into a shell's background, do not."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
