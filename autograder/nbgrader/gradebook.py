"""Scores written into nbgrader's gradebook without notebooks, and compared with what it holds (nbgrader/api.py)."""

import os
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, InvalidEntry, MissingEntry

from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.submissions import grade_cell

Row = tuple[str, Mapping[str, float]]  # student, points by function


@dataclass(frozen=True)
class GradebookChange:
    """A student's score in the gradebook before and after a writing; `before` is None where there is none yet.

    Manual scores and extra credit are in both, late penalties in neither.
    """

    student: str
    before: float | None
    after: float

    def __str__(self) -> str:
        before = "not graded" if self.before is None else f"{self.before:g}"
        return f"{self.student}: {before} before, {self.after:g} now"


def write_scores(url: str, exercise: Exercise, rows: Iterable[Row]) -> None:
    """Put a class's points for an exercise into a gradebook, a short transaction for each student.

    `url` is a database's, or the path of an SQLite file, which is made where there is none. Manual scores and extra
    credit stay; a student who has a manual score is marked for review, as nbgrader does. UserError where the gradebook
    cannot be used, or holds other cells than the exercise has functions.
    """
    with _opened(url) as gradebook:
        _require_cells(gradebook, exercise)
        for student, points in rows:
            gradebook.update_or_create_student(student)
            gradebook.update_or_create_submission(exercise.name, student)
            for function, score in points.items():
                grade = gradebook.find_grade(grade_cell.ID.format(function), exercise.name, exercise.name, student)
                grade.auto_score = float(score)
                grade.needs_manual_grade = grade.manual_score is not None
            gradebook.db.commit()


def compare(url: str, exercise: Exercise, rows: Iterable[Row]) -> tuple[GradebookChange, ...]:
    """Return what `write_scores` would change, without writing anything; UserError as there."""
    address = _address(url)
    path = address.removeprefix("sqlite:///").partition("?")[0]
    if address.startswith("sqlite:///") and not Path(path).exists():
        return tuple(GradebookChange(student, None, sum(points.values())) for student, points in rows)
    with _opened(url, course="") as gradebook:  # no course is added for an empty id
        return tuple(_change(gradebook, exercise, student, points) for student, points in rows)


def _change(gradebook: Any, exercise: Exercise, student: str, points: Mapping[str, float]) -> GradebookChange:
    new = {grade_cell.ID.format(function): float(score) for function, score in points.items()}
    try:
        grades = gradebook.find_submission_notebook(exercise.name, exercise.name, student).grades
    except MissingEntry:
        return GradebookChange(student, None, sum(new.values()))
    is_graded = any(grade.auto_score is not None or grade.manual_score is not None for grade in grades)
    return GradebookChange(
        student,
        sum(_counted(grade, grade.auto_score) for grade in grades) if is_graded else None,
        sum(_counted(grade, new.get(grade.name, grade.auto_score)) for grade in grades),
    )


def _counted(grade: Any, auto_score: float | None) -> float:
    """Return a grade's points, a manual score before an automatic one, with extra credit (nbgrader.api.Grade.score)."""
    score = grade.manual_score if grade.manual_score is not None else auto_score
    return 0.0 if score is None else float(score + (grade.extra_credit or 0.0))


@contextmanager
def _opened(url: str, course: str = "default_course") -> Iterator[Any]:
    from sqlalchemy.exc import SAWarning, SQLAlchemyError

    try:
        quiet = warnings.catch_warnings(action="ignore", category=SAWarning)  # of nbgrader's own ways
        with quiet, _gradebook(_address(url), course) as gradebook:
            yield gradebook
    except (SQLAlchemyError, MissingEntry, InvalidEntry, ImportError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise UserError(f"the gradebook {url} cannot be used ({reason}); check its address, or try again") from error


def _gradebook(address: str, course: str) -> Any:
    """Open a gradebook. To make a new one, nbgrader calls `alembic`, which lies beside our interpreter."""
    path = os.environ.get("PATH", os.defpath)
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{path}"
    try:
        return Gradebook(address, course)
    finally:
        os.environ["PATH"] = path


def _address(url: str) -> str:
    """Return the address of a database; SQLite is told to wait for others rather than give up after 5 seconds."""
    address = url if "://" in url else f"sqlite:///{url}"
    return f"{address}?timeout=60" if address.startswith("sqlite:") and "?" not in address else address


def _require_cells(gradebook: Any, exercise: Exercise) -> None:
    """Make the exercise's grade cells where the gradebook has no notebook of it; UserError where it has other cells."""
    wanted = {grade_cell.ID.format(function): float(points) for function, points in exercise.functions}
    try:
        notebook = gradebook.find_notebook(exercise.name, exercise.name)
    except MissingEntry:
        gradebook.update_or_create_assignment(exercise.name)
        gradebook.add_notebook(exercise.name, exercise.name)
        for name, points in wanted.items():
            gradebook.add_grade_cell(name, exercise.name, exercise.name, max_score=points, cell_type="code")
        return
    found = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
    odd = sorted(name for name, points in wanted.items() if found.get(name) != points)
    if odd:
        what = f"has not the kit's cell {odd[0]} with {wanted[odd[0]]:g} points"
        raise UserError(f"the gradebook {what}; run `nbgrader generate_assignment {exercise.name} --force` first")
