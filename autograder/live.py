"""What a notebook's grade cell calls: the verdict on one function, as it stands in the kernel where the cell is run.

The student's code is what the cells run so far hold. It goes to a worker, as a notebook that is handed in does.
"""

from __future__ import annotations

import ast
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.authoring import catalog
from autograder.errors import GraderError, UserError
from autograder.exercise import Exercise
from autograder.model import Cell, GradingSpec, Submission
from autograder.report.text import render_function, render_notes
from autograder.submissions.definitions import UNREADABLE, definitions, read
from autograder.submissions.submission import decode

if TYPE_CHECKING:
    from autograder.grading.service import RestartingService

WIDTH = 88  # columns of a notebook's output that need no scrolling
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


def check(exercise: str, function: str, *, points: int | None = None) -> int | None:
    """Print the verdict of the visible checks on a function; return its points where all of them pass, else 0.

    Without `points` nothing is returned, for a notebook shows what is. Nothing is raised, and nothing goes to standard
    error, which would cost all points where nbgrader runs the cell.
    """
    with _waiting():
        try:
            text, is_right = _verdict(exercise, function)
        except (UserError, GraderError) as error:
            text, is_right = f"grade: {error}\n", False
    sys.stdout.write(text)
    return points if is_right or points is None else 0


@contextmanager
def _waiting() -> Iterator[None]:
    """Say that something is going on, and take it back once there is something to read; in a notebook only."""
    clear = getattr(sys.modules.get("IPython.display"), "clear_output", None) if hasattr(_shell(), "kernel") else None
    if clear is None:
        yield
        return
    sys.stdout.write("grading…\n")
    sys.stdout.flush()
    yield
    clear(wait=True)


def _verdict(name: str, function: str) -> tuple[str, bool]:
    exercise = catalog.find_exercise(_kit(), name)
    if function not in dict(exercise.functions):
        raise UserError(f"{name} has no function {function!r}; restore this cell as it was")
    run = submission(exercise)
    report = _warm().grade(GradingSpec(exercise, functions=(function,)), run)
    # Without the hidden checks of an instructor's kit, so that the cell says there what it says to students.
    report = replace(report, checks=tuple(result for result in report.checks if result.check.visibility == "visible"))
    is_right = report.problem is None and {result.outcome for result in report.checks} == {"passed"}
    text = render_function(report, function, width=WIDTH)
    if not is_right and report.notes:
        text += f"\n{render_notes(report, width=WIDTH)}"
    if not is_right and not any(function in definitions(_python(cell.code)) for cell in run.cells):
        text += f"No cell that defines {function} has been run in this kernel; run it, then this one.\n"
    return text, is_right


def _kit() -> Path:
    """Return the kit around the notebook, or the one that this package lies in, or the folder of the assignment."""
    with suppress(UserError):
        return catalog.nearest_kit(Path.cwd())
    return Path.cwd()  # where the data sets lie beside the notebook


def submission(exercise: Exercise) -> Submission:
    """Return the cells that this kernel has run as a submission; UserError where the kernel keeps no record of them."""
    history = getattr(_shell(), "history_manager", None)
    if history is None:
        what = "this cell can only see your work in a kernel of IPython, which Jupyter starts by itself"
        raise UserError(f"{what}; save the notebook and grade the file: grade {exercise.name} {_notebook(exercise)}")
    cells = [{"cell_type": "code", "source": text} for text in _once(list(history.input_hist_raw)[1:])]
    notebook = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    run = decode(notebook.encode(), _notebook(exercise), "")
    stopped = {f"cell {number}" for number in getattr(history, "exceptions", ())}  # since IPython 9
    return replace(run, cells=tuple(_definitions(cell) if cell.label in stopped else cell for cell in run.cells))


def _notebook(exercise: Exercise) -> Path:
    """Return the name of the notebook that this kernel runs, as Jupyter or VS Code tell; else that of its handout."""
    named = getattr(_shell(), "user_ns", {}).get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME", "")
    path = Path(str(named))
    return Path(path.name) if path.suffix == ".ipynb" else Path(f"{exercise.name}.ipynb")


def _shell() -> Any:
    """Return this kernel's shell, None where there is none."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _python(code: str) -> str:
    """Return a cell without its magics, as this kernel reads it."""
    python: str = getattr(_shell(), "transform_cell", str)(code)
    return python


def _once(texts: list[str]) -> Iterator[str]:
    """Yield each text in its place, but of one that was run many times only the first and the last."""
    last = {text: place for place, text in enumerate(texts)}
    seen: set[str] = set()
    for place, text in enumerate(texts):
        yield "" if text in seen and place != last[text] else text
        seen.add(text)


def _definitions(cell: Cell) -> Cell:
    """Return what a cell that stopped or was interrupted defines: the rest may not end a second time either."""
    code = _python(cell.code)
    lines = code.split("\n")
    kept = [""] * len(lines)
    with suppress(*UNREADABLE):
        for node in read(code).body:
            if isinstance(node, DEFINITIONS):
                first = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", ()))]) - 1
                kept[first : node.end_lineno] = lines[first : node.end_lineno]
    return Cell(cell.label, "\n".join(kept))


@cache
def _warm() -> RestartingService:
    """The grader of this kernel: in a process of its own, whose torch no cell has changed."""
    from autograder.grading.service import RestartingService

    return RestartingService()
