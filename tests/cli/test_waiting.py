"""That it is being graded is said on a terminal, when it takes longer."""

import threading

import pytest

from autograder.cli import waiting


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)


@pytest.mark.parametrize(("erase", "printed"), [(True, f"grading…{waiting.ERASE}"), (False, "grading…\n")])
def test_what_takes_long_is_said(terminal, capsys, monkeypatch, erase, printed):
    said = threading.Event()
    write = waiting._write
    monkeypatch.setattr(waiting, "_write", lambda text: (write(text), said.set()))
    with waiting.saying_so(erase, after=0):
        assert said.wait(10)
    assert capsys.readouterr().err == printed


def test_what_is_quick_is_not(terminal, capsys):
    with waiting.saying_so(True):
        pass
    assert capsys.readouterr().err == ""


def test_nor_is_anything_where_there_is_no_terminal(capsys):
    with waiting.saying_so(True, after=0):
        pass
    assert capsys.readouterr().err == ""
