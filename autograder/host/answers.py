"""What comes back from a call of a student's function, as the trusted side sees it."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from autograder.host.syntax_errors import explained
from autograder.model import Message, Problem, message
from autograder.worker.wire import RemoteConstructor as RemoteConstructor  # for the rest of the package, to which
from autograder.worker.wire import RemoteObject as RemoteObject  # the worker's modules are closed
from autograder.worker.wire import is_large, items

# Makes or reads an object that stays in the worker: a probe's name and arguments -> its value; ProbeFailed.
CALL = "call"  # the probe that calls a function of the submission once more: its name, its arguments
Probe = Callable[..., Any]


@dataclass(frozen=True)
class Frame:
    """One of the student's own lines of a traceback."""

    label: str
    line: int
    function: str
    text: str


@dataclass(eq=False)
class Case:
    """The arguments of one call, and what it should return, once that has been computed (an Expected).

    `outcomes` is what the function's known mistakes give there, as far as somebody has asked (by Mistake), and what
    else is known of it (by a word).
    """

    arguments: tuple[Any, ...]
    expected: Any = None
    outcomes: dict[Any, Any] = field(default_factory=dict)

    @functools.cached_property
    def is_single(self) -> bool:
        """Whether some argument has float32 precision."""
        # By the name, for torch is not imported yet when the first worker starts.
        return any(str(getattr(item, "dtype", "")) == "torch.float32" for item in items(self.arguments))

    @functools.cached_property
    def is_large(self) -> bool:
        """Whether the function is called only once with these arguments."""
        return is_large(self.arguments)

    @functools.cached_property
    def is_whole(self) -> bool:
        """Whether all numbers in the arguments' arrays are whole ones."""
        arrays = [item for item in items(self.arguments) if hasattr(item, "dtype")]
        return all(bool((array == array.round()).all()) for array in arrays)


@dataclass(frozen=True)
class Question:
    """What a student's code asks in place of a helper; `probe` reads the objects that it was asked with.

    Questions of one `identity` are the same; None where objects are asked about, which may change.
    """

    function: str
    arguments: list[Any]
    keywords: dict[str, Any]
    probe: Probe
    identity: bytes | None = None


@dataclass(frozen=True)
class Returned:
    """A value of plain data (tensors, numbers, text, containers, ForeignValue) and the arguments that changed.

    `breach` is the student's own line that reached for autograd in a by-hand exercise, whatever came of it. `again` is
    the answer to a second identical call, where one was asked for; None where that one gave no value. `overwrites`:
    what an earlier call had returned has become something else.
    """

    value: Any
    changed: tuple[int, ...] = ()
    breach: Frame | None = None
    again: Returned | None = None
    overwrites: bool = False


@dataclass(frozen=True)
class Raised:
    """An exception. `syntax` is line, column and text of a SyntaxError in the student's own file; `breach` as above.

    `names` are the variables in the innermost line of the student's, each with what it is; `near` is the name that may
    be meant where one is unknown.
    """

    type_name: str
    text: str
    trace: tuple[Frame, ...] = ()
    syntax: tuple[int, int, str] | None = None
    breach: Frame | None = None
    names: tuple[tuple[str, str], ...] = ()
    near: str = ""


@dataclass(frozen=True)
class NotCallable:
    """There is nothing to call. `reason` is "missing", or says what is there instead of such a function."""

    reason: str


@dataclass(frozen=True)
class WorkerLost:
    """The worker is gone: it missed its deadline, ended, or sent what is no answer."""

    kind: Literal["late", "died", "protocol"]
    reason: Message


@dataclass(frozen=True)
class Loaded:
    """A file that has been loaded: the names that can be called, and the cells that did not come to their end.

    `stopped` have ended where they raised; `absent` went on without what only this environment lacks.
    """

    names: tuple[str, ...]
    stopped: tuple[tuple[str, Raised], ...] = ()
    absent: tuple[tuple[str, Raised], ...] = ()


Answer = Returned | Raised | NotCallable | WorkerLost

# Answers a question in place of a helper; Refusal where there is none.
Answerer = Callable[[Question], Any]


class ProbeFailed(Exception):
    """An object could not be made or read; the text says why."""


class Refusal(Exception):
    """A question that has no answer; its text is what the student's call raises."""


MERGE_MARKS = ("<<<<<<<", "=======", ">>>>>>>")
NEWER = "line {line} uses syntax newer than the Python {version} that grades ({text}); write it without that"
# Syntax by the version of Python that brought it: in the line where an older one stops, or in what that one says.
NEWER_SYNTAX = (
    ((3, 12), re.compile(r"^\s*type\s+\w+(?:\[.*\])?\s*=|^\s*(?:async\s+def|def|class)\s+\w+\s*\[")),
    ((3, 12), re.compile(r"f-string expression part cannot include|\b[fF][rR]?([\"']).*\{[^{}]*\1[^{}]*\}")),
    ((3, 14), re.compile(r"^\s*except\*?\s+[\w.]+\s*,|\b[tT][rR]?[\"']")),
)


def stopped(error: Raised) -> Problem:
    """Say why a file or a cell stopped, and where: a syntax error's line and caret, or the student's own lines."""
    if error.syntax is not None:
        line, column, text = error.syntax
        shown = text.rstrip("\n")
        caret = " " * max(0, column - 1 - (len(shown) - len(shown.lstrip()))) + "^"
        lines = (f"line {line}", f"  {shown.strip()}", f"  {caret}")
        if shown.startswith(MERGE_MARKS):
            return Problem(message("line {line} was left by a merge; keep one of the two versions", line=line), lines)
        if _is_newer(shown, error.text):
            version = "{}.{}".format(*sys.version_info)
            return Problem(message(NEWER, version=version, line=line, text=error.text), lines)
        if sentence := explained(error.text, shown):
            what = "line {line}: {sentence} ({kind}: {text})"
            values = {"line": line, "sentence": sentence, "kind": error.type_name, "text": error.text}
            return Problem(message(what, **values), lines)
        return Problem(message("{kind}: {text}", kind=error.type_name, text=error.text), lines)
    if error.type_name == "SystemExit":
        return Problem(message("the file calls exit, so Python stops before it reaches the end"), trace_lines(error))
    why = message("{kind}: {text}" if error.text else "{kind}", kind=error.type_name, text=error.text)
    return Problem(why, trace_lines(error))


def _is_newer(line: str, said: str) -> bool:
    """Whether what Python does not understand is something that a later one does."""
    return any(
        sys.version_info < version and (pattern.search(line) or pattern.search(said))
        for version, pattern in NEWER_SYNTAX
    )


def trace_lines(error: Raised) -> tuple[str, ...]:
    """Return the student's own lines of a traceback, outermost first, ready to print."""
    lines = (f"{frame.label}, line {frame.line}, in {frame.function}: {frame.text}" for frame in error.trace)
    return tuple(dict.fromkeys(lines))  # a recursion repeats itself
