"""One bench for all tests of mistakes: collecting an exercise's checks takes a second."""

import pytest
from snippets import Bench

from autograder.host.fork_server import ForkServer


@pytest.fixture(scope="session")
def bench(fork_server: ForkServer) -> Bench:
    return Bench(fork_server)
