"""How every command runs and ends: errors are one line on standard error, and the exit code says whose they are."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import click

from autograder.cli import signs, streams
from autograder.errors import AuthorError, GraderError, UserError

if TYPE_CHECKING:
    from autograder.model import Report

UNUSABLE, GRADER_FAILED = 2, 3
DEBUG = "BACKPROP_EXERCISES_DEBUG"  # set: show the traceback of the grader's own failures
ENDING = ("SIGTERM", "SIGHUP")  # signals that end a command: a job that is cancelled, a terminal that is closed

_received: list[int] = []  # the signal that ends this command


def run(name: str, main: Callable[..., object], blame: str, tell: Callable[[str, str], None] = streams.tell) -> int:
    """Run click's `main` of a command that returns its exit code, have `tell` print an error, and return the code.

    `blame` says whose failure an unexpected error is. A KeyboardInterrupt may hold advice on how to go on.
    """
    streams.open_closed()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=signs.register())  # a terminal that has no ✔ shows ok
    try:
        with _ending_in_order():
            code = main(prog_name=name, standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return UNUSABLE
    except Exception as error:  # noqa: BLE001 - whatever is not foreseen is ours, and never a student's zero
        text, code = _explained(error, name, blame)
        tell(name, text)
    return code if isinstance(code, int) else 0


def _explained(error: Exception, name: str, blame: str) -> tuple[str, int]:
    """Return what is to be told about an error, and the exit code."""
    match error:
        case UserError() | AuthorError():
            return str(error), UNUSABLE
        case click.ClickException():
            context = getattr(error, "ctx", None)
            return f"{error.format_message()} (see {context.command_path if context else name} --help)", UNUSABLE
        case click.Abort():  # click's of a KeyboardInterrupt
            what, number = ("terminated", _received[0]) if _received else ("interrupted", signal.SIGINT)
            advice = str(error.__cause__ or "")
            return f"{what}; {advice}" if advice else what, 128 + number
    if os.environ.get(DEBUG):
        import traceback

        traceback.print_exception(error)
    return blame + (str(error) if isinstance(error, GraderError) else f"{type(error).__name__}: {error}"), GRADER_FAILED


def leave(code: int) -> NoReturn:
    """Exit; at once where torch is loaded, which takes a quarter of a second to tear down."""
    if "torch" in sys.modules:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.flush()
        os._exit(code)
    sys.exit(code)


def is_errored(report: Report) -> bool:
    """Whether the grader itself failed in a check, for which a command exits with GRADER_FAILED."""
    return any(result.outcome == "errored" for result in report.checks)


def is_terminated() -> bool:
    """Whether a KeyboardInterrupt is not Ctrl-C but a signal that ends the command."""
    return bool(_received)


def _end(number: int, _frame: FrameType | None) -> None:
    """End as at Ctrl-C, which pytest lets through: worker processes and scratch folders go too."""
    signal.signal(number, signal.SIG_IGN)
    _received.append(number)
    raise KeyboardInterrupt


@contextlib.contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let signals end what happens meanwhile as Ctrl-C does."""
    _received.clear()
    numbers = [getattr(signal, name) for name in ENDING if hasattr(signal, name)]
    ours = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]  # under nohup it stays ignored
    for number in ours:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)
