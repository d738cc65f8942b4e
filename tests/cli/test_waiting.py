"""That it is being graded is said on a terminal, when it takes longer."""

import io
import sys
import threading

import pytest

from autograder.cli import waiting


class Stream(io.StringIO):
    """Standard error, perhaps a terminal, that knows when something was written."""

    def __init__(self, is_terminal: bool = True) -> None:
        super().__init__()
        self.is_terminal, self.written = is_terminal, threading.Event()

    def isatty(self) -> bool:
        return self.is_terminal

    def flush(self) -> None:
        self.written.set()


@pytest.mark.parametrize(("erase", "printed"), [(True, f"grading…{waiting.ERASE}"), (False, "grading…\n")])
def test_what_takes_long_is_said(monkeypatch, erase, printed):
    monkeypatch.setattr(sys, "stderr", stream := Stream())
    with waiting.saying_so(erase, after=0):
        assert stream.written.wait(10)
    assert stream.getvalue() == printed


@pytest.mark.parametrize(("is_terminal", "after"), [(True, 10), (False, 0)], ids=["what is quick", "no terminal"])
def test_nothing_is_said(monkeypatch, is_terminal, after):
    monkeypatch.setattr(sys, "stderr", stream := Stream(is_terminal))
    with waiting.saying_so(True, after=after):
        pass
    assert stream.getvalue() == ""
