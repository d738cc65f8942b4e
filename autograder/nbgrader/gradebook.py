"""Scores written into nbgrader's gradebook without notebooks, and compared with what it holds (nbgrader/api.py)."""

import os
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, InvalidEntry, MissingEntry

from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.model import ClassRow
from autograder.submissions import grade_cell


@dataclass(frozen=True)
class GradebookChange:
    """What counts for a student in the gradebook before and after a writing; `before` is None where nothing does yet.

    Manual scores, extra credit and late penalties are in both.
    """

    student: str
    before: float | None
    after: float

    def __str__(self) -> str:
        before = "not graded" if self.before is None else f"{self.before:g}"
        return f"{self.student}: {before} before, {self.after:g} now"


def write_scores(url: str, exercise: Exercise, rows: Iterable[ClassRow]) -> None:
    """Put a class's points for an exercise into a gradebook, a short transaction for each student.

    `url` is a database's, or the path of an SQLite file, which is made where there is none. Functions get what was
    earned, and what lateness took becomes nbgrader's late penalty, which is left as it is where the class has no
    deadline. Manual scores and extra credit stay; a student who has a manual score is marked for review, as nbgrader
    does. Students on whom the grader failed are left out. UserError where the gradebook cannot be used, or holds other
    cells than the exercise has functions.
    """
    with _opened(url) as gradebook:
        _require_cells(gradebook, exercise)
        for row in rows:
            if not row.is_errored:
                _write(gradebook, exercise.name, row)


def _write(gradebook: Any, exercise: str, row: ClassRow) -> None:
    gradebook.update_or_create_student(row.student)
    gradebook.update_or_create_submission(exercise, row.student)
    notebook = gradebook.find_submission_notebook(exercise, exercise, row.student)
    points = _points(row)
    for grade in notebook.grades:
        if grade.name in points:
            grade.auto_score = points[grade.name]
            grade.needs_manual_grade = grade.manual_score is not None
    earned = sum(_earned(grade, grade.auto_score) for grade in notebook.grades)
    penalty = _penalty(row, notebook)
    # At most the score, and None for nothing: so does nbgrader (preprocessors/latesubmissions.py).
    notebook.late_submission_penalty = min(penalty, earned) or None
    gradebook.db.commit()


def compare(url: str, exercise: Exercise, rows: Iterable[ClassRow]) -> tuple[GradebookChange, ...]:
    """Return what `write_scores` would change, without writing anything; UserError as there."""
    address, rows = _address(url), (row for row in rows if not row.is_errored)
    path = address.removeprefix("sqlite:///").partition("?")[0]
    if address.startswith("sqlite:///") and not Path(path).exists():
        return tuple(GradebookChange(row.student, None, row.score) for row in rows)
    with _opened(url, course="") as gradebook:  # no course is added for an empty id
        return tuple(_change(gradebook, exercise.name, row) for row in rows)


def _change(gradebook: Any, exercise: str, row: ClassRow) -> GradebookChange:
    try:
        notebook = gradebook.find_submission_notebook(exercise, exercise, row.student)
    except MissingEntry:
        return GradebookChange(row.student, None, row.score)
    new, grades = _points(row), notebook.grades
    is_graded = any(grade.auto_score is not None or grade.manual_score is not None for grade in grades)
    before = sum(_earned(grade, grade.auto_score) for grade in grades)
    after = sum(_earned(grade, new.get(grade.name, grade.auto_score)) for grade in grades)
    return GradebookChange(
        row.student,
        _counting(before, notebook.late_submission_penalty or 0.0) if is_graded else None,
        _counting(after, _penalty(row, notebook)),
    )


def _points(row: ClassRow) -> dict[str, float]:
    return {grade_cell.ID.format(one["name"]): float(one["score"]) for one in row.report["functions"]}


def _penalty(row: ClassRow, notebook: Any) -> float:
    """Return what lateness takes once a row is written; nbgrader's own penalty where the class has no deadline."""
    if row.counted.hours_late is None:
        return float(notebook.late_submission_penalty or 0.0)
    return float(row.counted.penalty)


def _counting(earned: float, penalty: float) -> float:
    """Return what counts, as nbgrader does (plugins/export.py)."""
    return max(0.0, round(earned - penalty, 2))


def _earned(grade: Any, auto_score: float | None) -> float:
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
