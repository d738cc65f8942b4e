"""A class's results, and the tables that exports make of them."""

import csv
import io
from collections.abc import Iterable

from autograder.model import ClassRow

FUNCTIONS = ("forward", "loss")


def graded(
    student: str,
    score: float = 25,
    *,
    points: tuple[int, ...] = (20, 5),
    is_errored: bool = False,
    max_score: int = 30,
    late: float | None = None,
) -> ClassRow:
    functions = [
        {"name": name, "score": earned, "max_score": 25, "outcome": "passed"}
        for name, earned in zip(FUNCTIONS, points, strict=True)
    ]
    scores, report = (sum(points), score, max_score), {"functions": functions}
    dated = {} if late is None else {"handed_in": "2026-12-01T12:00:00+00:00"}
    return ClassRow(
        student, f"{student}.py", "0" * 64, *scores, late or 0.0, 1.0, report, is_errored=is_errored, **dated
    )


def rows_of(students: Iterable[str | ClassRow]) -> list[ClassRow]:
    """Results as they are given, and one by default for each that is only named."""
    return [graded(student) if isinstance(student, str) else student for student in students]


def read(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter, strict=True))
