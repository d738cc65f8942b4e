"""`grade EXERCISE --solution`: after full marks, each function as its author and as the model solution wrote it."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder import files
from autograder.report.words import harmless
from autograder.submissions.outline import span_of

if TYPE_CHECKING:
    from autograder.exercise import Exercise
    from autograder.model import Report, Submission

NARROW = 100  # columns below which two pieces of code do not stand beside one another
NOT_YET = "The model solution is shown once all of it is right: {points} so far.\n"
NOT_HERE = "This kit holds no model solution. Compare yours with somebody else's, or ask your instructor.\n"
MARKERS = ("### BEGIN SOLUTION", "### END SOLUTION")


def shown(report: Report, width: int) -> str:
    """Return what to say of the model solution of an exercise that has just been graded."""
    exercise = report.exercise
    if report.score < report.max_score or report.problem is not None:
        return NOT_YET.format(points=f"{report.score} / {report.max_score}")
    if exercise.solution is None:
        return NOT_HERE
    return _beside(exercise, report.submission, files.read_text(exercise.solution, "restore it"), width)


def _beside(exercise: Exercise, submission: Submission, model: str, width: int) -> str:
    own = "\n\n".join(cell.code for cell in submission.cells)
    file = StringIO()
    console = Console(file=file, width=width, color_system=None, markup=False, emoji=False, highlight=False)
    for name, _ in exercise.functions:
        theirs = "\n".join(line for line in _text(model, name).split("\n") if line.strip() not in MARKERS)
        yours = harmless(_text(own, name)) or "(not a `def` of its own)"
        if width < NARROW:
            console.print(Text(f"{name} — yours\n\n{yours}\n\n{name} — one way\n\n{theirs}\n"))
            continue
        table = Table("yours", "one way", box=None, expand=True, padding=(0, 2, 1, 0), title_justify="left")
        table.columns[0].ratio = table.columns[1].ratio = 1
        table.add_row(Text(yours), Text(theirs))
        console.print(Text(name))
        console.print(table)
    lines = [line.rstrip() for line in file.getvalue().split("\n")]
    return "\n".join([*lines[:-1], "Yours is right too: what counts is the values.", ""])


def _text(code: str, name: str) -> str:
    span = span_of(code, name)
    return code[slice(*span)].rstrip() if span else ""
