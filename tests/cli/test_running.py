"""How every command ends: one line about an error, and an exit code that says whose it is."""

import os
import signal

import click
import pytest

from autograder.cli import running
from autograder.errors import GraderError, UserError


@click.command()
@click.option("--size", type=int)
def nothing(size: int | None) -> int:
    """Do nothing."""
    return size or 0


def ended(error: BaseException) -> int:
    """Run a command that ends with this error."""

    def main(**_settings: object) -> int:
        raise error

    return running.run("tool", main, "it failed: ")


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (UserError("no\nfile"), 2, "no file"),
        (UserError("a\x1b[31mb"), 2, "a?[31mb"),
        (GraderError("no worker"), 3, "it failed: no worker"),
        (RuntimeError("a\nb"), 3, "it failed: RuntimeError: a b"),
        (MemoryError(), 3, "it failed: MemoryError:"),
    ],
)
def test_an_error_is_one_line(capsys, error, code, line):
    assert ended(error) == code
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", f"tool: {line}\n")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 0, ""),
        (["--size", "7"], 7, ""),
        (["--size"], 2, "tool: Option '--size' requires an argument. (see tool --help)\n"),
        (["--size", "x"], 2, "tool: Invalid value for '--size': 'x' is not a valid integer. (see tool --help)\n"),
    ],
)
def test_the_exit_code_is_what_the_command_returns_and_usage_names_the_help(capsys, arguments, code, said):
    assert running.run("tool", lambda **settings: nothing.main(arguments, **settings), "") == code
    assert capsys.readouterr().err == said


def test_details_on_request(capsys, monkeypatch):
    monkeypatch.setenv(running.DEBUG, "1")
    assert ended(RuntimeError("broken")) == 3
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(("advice", "said"), [((), "interrupted"), (("go on",), "interrupted; go on")])
def test_ctrl_c_may_come_with_advice(capsys, advice, said):
    @click.command()
    def interrupted() -> None:
        raise KeyboardInterrupt(*advice)

    assert running.run("tool", lambda **settings: interrupted.main([], **settings), "") == 130
    assert capsys.readouterr().err.lstrip() == f"tool: {said}\n"


@pytest.mark.parametrize("name", running.ENDING)
def test_a_signal_ends_it_as_ctrl_c_does(capsys, name):
    number = getattr(signal, name)

    @click.command()
    def killed() -> None:
        try:
            os.kill(os.getpid(), number)
            signal.pause()
        finally:
            assert running.is_terminated()

    before = signal.getsignal(number)
    try:
        signal.signal(number, signal.SIG_DFL)
        assert running.run("tool", lambda **settings: killed.main([], **settings), "") == 128 + number
        assert signal.getsignal(number) is signal.SIG_DFL
    finally:
        signal.signal(number, before)
    assert capsys.readouterr().err.lstrip() == "tool: terminated\n"
