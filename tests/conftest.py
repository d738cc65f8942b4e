"""What the tests share: fork servers, which take a second and a half to start."""

import signal
from collections.abc import Iterator

import pytest

from autograder.host.fork_server import ForkServer


@pytest.fixture(scope="session")
def fork_server() -> Iterator[ForkServer]:
    with ForkServer.start() as running:
        yield running


@pytest.fixture
def sandbox(fork_server: ForkServer) -> ForkServer:
    """A fork server whose workers are confined."""
    if fork_server.isolation() != "sandbox":
        pytest.skip("no sandbox here")
    return fork_server


@pytest.fixture(scope="session")
def unconfined() -> Iterator[ForkServer]:
    """A fork server without a sandbox, started by somebody with a secret."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_SECRET", "s3cret")
        patch.setenv("PYTHONSTARTUP", "s3cret")
        running = ForkServer.start(isolation="process")
    with running:
        yield running


def pytest_configure() -> None:
    """Commands that tests start hear Ctrl-C even where the tests themselves, put into a shell's background, do not."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What lies in tests/system/ is marked so: `pytest -m "not system"` answers soon. It comes first, for it is slow.

    A slow file that comes last would leave all processes but one without work.
    """
    items.sort(key=lambda item: "system" not in item.path.parts)
    for item in items:
        if "system" in item.path.parts:
            item.add_marker("system")
