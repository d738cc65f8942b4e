"""What is told of a class that was graded: from its store, which nothing is graded for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import files
from autograder.classroom.store import Store
from autograder.errors import UserError
from autograder.exercise import Exercise

if TYPE_CHECKING:
    from autograder.classroom.run import Plan


def summary(folder: Path) -> Iterator[str]:
    """Yield lines that say how a graded class did: the mean, and each function's mean and share of full marks."""
    number, total, earned, full = 0, 0.0, Counter[str](), Counter[str]()
    with Store(folder) as store:
        functions = store.functions
        for row in store.rows():
            if not row.is_errored:
                number, total = number + 1, total + row.score
                for one in row.report["functions"]:
                    earned[one["name"]] += one["score"]
                    full[one["name"]] += one["score"] == one["max_score"]
    if not number:
        return
    yield f"{number} graded, {total / number:.1f} of {sum(points for _, points in functions)} points on average"
    width = max(len(name) for name, _ in functions)
    for name, points in functions:
        mean, share = earned[name] / number, full[name] / number
        yield f"  {name:{width}}  {mean:4.1f} / {points:<2}  {share:4.0%} with full marks"


def differences(old: Path, plan: Plan) -> Iterator[str]:
    """Yield a line for each student whose score in a folder graded earlier is not what a run has come to."""
    with Store(old) as before:
        require_exercise(before, plan.exercise)
        scores = {row.student: row.raw_score for row in before.rows() if not row.is_errored}
    same = 0
    with Store(plan.output) as after:
        for row in after.rows():
            was = scores.pop(row.student, None)
            if was == row.raw_score and not row.is_errored:
                same += 1
                continue
            now = "the grader failed" if row.is_errored else f"{row.raw_score}"
            yield f"{row.student}: {'not graded' if was is None else was} before, {now} now"
    if not plan.only:
        yield from (f"{student}: {was} before, no submission now" for student, was in scores.items())
    yield f"{same} students keep their score; nothing was written"


def require_exercise(store: Store, exercise: Exercise) -> None:
    """Raise a UserError where a store holds the grades of another exercise."""
    if store.exercise != exercise.name:
        raise UserError(f"{store.folder} holds the grades of {store.exercise}; name a folder of {exercise.name}")


def write_page(folder: Path) -> None:
    """Write the instructor's page about a graded class; UserError where the folder holds none."""
    from autograder.classroom.page import render  # not before a run has ended

    with Store(folder) as store:
        exercise = Exercise(store.exercise, store.title, store.functions, folder, folder, folder, None)
        page = render(exercise, store.rows(), when=datetime.now().astimezone(), refused=store.refused)
    files.write(folder / "report.html", page, "all grades are stored; mend that, and try `course report`")
