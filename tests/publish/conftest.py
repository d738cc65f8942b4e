"""A kit of one tiny exercise, sharp enough for an audit, which shares the tests' fork server."""

import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from small_kit import CHECKS_FILE, sharpen, small_kit

from autograder.authoring import stubs
from autograder.host.fork_server import ForkServer


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fork_server: ForkServer) -> Path:
    monkeypatch.setattr(ForkServer, "start", lambda: nullcontext(fork_server))
    for name in ("exercise1", "exercise2"):  # pytest keeps the checks of another test's kit
        sys.modules.pop(name, None)
    kit = small_kit(tmp_path / "kit", monkeypatch, "exercise1")
    sharpen(kit / CHECKS_FILE)
    stubs.build(kit)
    return kit
