"""Words that every report for people shares: what to do next, and text from the student's side made harmless."""

from __future__ import annotations

import os
import re
import shlex

from autograder.exercise import Exercise
from autograder.model import CheckResult, FunctionResult, Report

# Terminal control sequences, even one that is cut off: CSI; OSC and the like with their text; two characters.
ESCAPE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\n]*(?:\x07|\x1b\\)?"
    r"|\x1b[ -/]*[0-~]?"
)
# Other control characters, line separators, marks that reverse the order of letters, lone surrogates.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
LONGEST, TALLEST = 1000, 10  # characters and lines of one text from the student's side

WELCOME = "Welcome! Nothing is written yet, and so nothing is wrong yet."
HOW_IT_WORKS = "How it works: write one function, save the file, grade it again."
APART = "Each function is judged on its own: a slip in one costs nothing in another."
FULL_MARKS = "Full marks, well done! Everything does what it should."
UNLOADABLE = "The file cannot be loaded, so nothing could be graded yet."
REST_IS_GRADED = "What the rest of the file defines is graded all the same."
REMARKS = {"not_attempted": "not written yet", "blocked": "waits until what it needs is right"}
OUR_FAULT = "The grader itself failed here; that is its fault and not yours. Please tell your instructor: check {name}."


def harmless(text: str) -> str:
    """Return text without anything that a terminal would obey or that would turn the order of letters."""
    return CONTROL.sub("", ESCAPE.sub("", text.replace("\r\n", "\n")))


def clean(value: object, limit: int = LONGEST) -> str:
    """Return text from the student's side without anything that a terminal would obey, and of bounded length."""
    text = harmless(str(value)[: 2 * limit])
    lines = text.split("\n")
    if len(text) > limit or len(lines) > TALLEST:
        return "\n".join(lines[:TALLEST])[:limit] + " …"
    return text


def last_lines(printed: str, most: int) -> tuple[list[str], bool]:
    """Return the end of what was printed, and whether there was more; of a line written over, what stayed."""
    shown = [line.rstrip("\r").rpartition("\r")[2] for line in printed.rstrip().split("\n")]
    if not shown[-1]:
        return [], False
    return [clean(line, 200) for line in shown[-most:]], len(shown) > most


def is_fresh(report: Report) -> bool:
    """Whether nobody has written anything yet."""
    return report.problem is None and all(result.outcome == "not_attempted" for result in report.checks)


def is_full(report: Report) -> bool:
    """Whether the whole exercise is right."""
    return report.score == report.max_score and len(report.functions) == len(report.exercise.functions)


def checks_of(report: Report, function: FunctionResult) -> list[CheckResult]:
    """Return the results of a function's checks."""
    return [result for result in report.checks if result.check.function == function.name]


def next_steps(report: Report, upcoming: Exercise | None) -> list[tuple[str, str]]:
    """Return what to do next, each with its label; `upcoming` is the exercise to go on with at full marks."""
    again = _command(report)
    if report.problem is not None:
        return [("What to do", "put that right and save the file"), ("Then run", again)]
    unfinished = [result for result in report.functions if result.outcome in ("failed", "not_attempted")]
    if unfinished:
        verb = "Start with" if is_fresh(report) else "Next"
        return [(verb, f"{unfinished[0].name}, {_place(report, unfinished[0])}"), ("Then run", again)]
    if report.score < report.max_score:
        return [("To grade again", again)]
    if len(report.functions) < len(report.exercise.functions):
        return [("All right so far. The whole file", again)]
    return _after_full_marks(report, upcoming)


def _after_full_marks(report: Report, upcoming: Exercise | None) -> list[tuple[str, str]]:
    steps = []
    if not report.submission.is_notebook:
        steps.append(("See it learn", f"python {_quoted(report)}"))
    if upcoming is not None:
        place = f"{upcoming.stub.parent.name}/{upcoming.stub.name}"
        steps.append(("Next", f"{upcoming.name} — {upcoming.title}, in {place}"))
    return steps


def _command(report: Report) -> str:
    """The command that grades this file again."""
    own = os.path.abspath(report.submission.path) == os.path.abspath(report.exercise.stub)  # noqa: PTH100 - no look at the disk
    return f"grade {report.exercise.name}" + ("" if own else f" {_quoted(report)}")


def _quoted(report: Report) -> str:
    return shlex.quote(clean(report.submission.path))


def _place(report: Report, result: FunctionResult) -> str:
    path = clean(report.submission.path)
    return f"{path}:{result.line}" if result.line else f"in {path}"
