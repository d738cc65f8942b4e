"""What comes back from a call of a student's function, as the trusted side sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from autograder.model import Message, Problem, message


@dataclass(frozen=True)
class Frame:
    """One of the student's own lines of a traceback."""

    label: str
    line: int
    function: str
    text: str


@dataclass(frozen=True)
class Returned:
    """A value of plain data (tensors, numbers, text, lists, tuples, dicts, Foreign) and the arguments that changed."""

    value: Any
    changed: tuple[int, ...] = ()


@dataclass(frozen=True)
class Raised:
    """An exception. `syntax` is line, column and text of a SyntaxError in the student's own file."""

    type_name: str
    text: str
    trace: tuple[Frame, ...] = ()
    syntax: tuple[int, int, str] | None = None


@dataclass(frozen=True)
class Unusable:
    """There is nothing to call. `reason` is "missing", or says what is there instead of such a function."""

    reason: str


@dataclass(frozen=True)
class Lost:
    """The worker is gone: it missed its deadline, ended, or sent what is no answer."""

    kind: Literal["late", "died", "protocol"]
    reason: Message


Answer = Returned | Raised | Unusable | Lost

# Answers a stand-in's question: function, positional and keyword arguments -> value; Refusal where there is none.
Answerer = Callable[[str, list[Any], dict[str, Any]], Any]


class Refusal(Exception):
    """A question that has no answer; its text is what the student's call raises."""


def stopped(error: Raised) -> Problem:
    """Say why a file or a cell stopped, and where: a syntax error's line and caret, or the student's own lines."""
    if error.syntax is not None:
        line, column, text = error.syntax
        shown = text.rstrip("\n")
        caret = " " * max(0, column - 1 - (len(shown) - len(shown.lstrip()))) + "^"
        lines = (f"line {line}", f"  {shown.strip()}", f"  {caret}")
        return Problem(message("{kind}: {text}", kind=error.type_name, text=error.text), lines)
    why = message("{kind}: {text}", kind=error.type_name, text=error.text)
    if error.type_name == "SystemExit":
        why = message("the file calls exit, so Python stops before it reaches the end")
    return Problem(why, trace_lines(error))


def trace_lines(error: Raised) -> tuple[str, ...]:
    """Return the student's own lines of a traceback, outermost first, ready to print."""
    return tuple(f"{frame.label}, line {frame.line}, in {frame.function}: {frame.text}" for frame in error.trace)
