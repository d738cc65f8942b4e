"""Keys: read one by one where there is a terminal, and none where there is not."""

import io
import os
import pty
import time
from collections.abc import Iterator

import pytest

from autograder.cli.keys import Keys, PosixKeys, terminal_keys


def test_without_a_terminal_there_are_none(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("q"))
    with terminal_keys() as keys:
        assert not keys.is_there
        begun = time.monotonic()
        assert keys.pressed(0.05) == ""
        assert time.monotonic() - begun >= 0.04


@pytest.mark.parametrize("closed", ["sys.stdin", "sys.stdout"])
def test_with_a_closed_stream_there_are_none(monkeypatch, closed):
    monkeypatch.setattr(closed, None)
    assert type(terminal_keys()) is Keys


class InForeground(PosixKeys):
    """Keys of a terminal that this process has not been started in."""

    def _is_ours(self) -> bool:
        return True


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    ours, theirs = pty.openpty()
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


def test_they_come_one_by_one_as_they_are_pressed(terminal):
    ours, theirs = terminal
    with InForeground(theirs) as keys:
        assert keys.is_there
        assert keys.pressed(0) == ""
        os.write(ours, b"hA")
        assert [keys.pressed(1), keys.pressed(1), keys.pressed(0)] == ["h", "a", ""]


@pytest.mark.parametrize("sent", [b"\x1b[A", b"\x1bOP", b"\x1b[3~", b"\x1b", b"\xff"])
def test_arrows_and_the_like_are_none(terminal, sent):
    ours, theirs = terminal
    with InForeground(theirs) as keys:
        os.write(ours, sent)
        assert keys.pressed(1) == ""


def test_a_terminal_of_others_is_left_alone(terminal):
    ours, theirs = terminal
    with PosixKeys(theirs) as keys:
        assert not keys.is_there
        os.write(ours, b"q\n")
        assert keys.pressed(0.01) == ""


def test_what_is_no_terminal(tmp_path):
    with (tmp_path / "file").open("w") as file, InForeground(file.fileno()) as keys:
        assert not keys.is_there
