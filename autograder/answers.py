"""What comes back from a call of a student's function, as the trusted side sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from autograder.model import Message


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
