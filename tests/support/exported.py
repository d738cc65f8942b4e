"""A class's results, and the tables that exports make of them."""

import csv
import io

from autograder.model import ClassRow

FUNCTIONS = ("forward", "loss")


def graded(
    student: str, score: float = 25, *, points: tuple[int, ...] = (20, 5), is_errored: bool = False, max_score: int = 30
) -> ClassRow:
    functions = [
        {"name": name, "score": earned, "max_score": 25, "outcome": "passed"}
        for name, earned in zip(FUNCTIONS, points, strict=True)
    ]
    return ClassRow(
        student=student,
        file=f"{student}.py",
        sha256="0" * 64,
        raw_score=sum(points),
        score=score,
        max_score=max_score,
        seconds_late=0.0,
        seconds=1.0,
        report={"functions": functions},
        is_errored=is_errored,
    )


def read(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter, strict=True))
