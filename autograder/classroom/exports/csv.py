"""The plain table of a class."""

from collections.abc import Iterable, Iterator, Sequence

from autograder.classroom.exports.sheet import number, written
from autograder.model import ClassRow

FORMULA = tuple("=+-@\t\r\n＝＋－＠")
MARK = "'"


def render(rows: Iterable[ClassRow], functions: Sequence[str]) -> str:
    """Return `student,score,max_score` and the points of each function, a student a line, quoted as RFC 4180 says.

    `score` is what counts after a late penalty, the functions' columns are points as earned. Where the grader failed,
    the cells of scores are empty. Names are `defused`.
    """
    return written(_table(rows, functions))


def _table(rows: Iterable[ClassRow], functions: Sequence[str]) -> Iterator[Sequence[object]]:
    yield "student", "score", "max_score", *functions
    for row in rows:
        points = {function["name"]: number(function["score"]) for function in row.report.get("functions", ())}
        scores = [number(row.score), *(points.get(name, "") for name in functions)]
        if row.is_errored:
            scores = [""] * len(scores)
        yield defused(row.student), scores[0], row.max_score, *scores[1:]


def defused(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe goes before what begins like one.

    It also goes before text that begins with an apostrophe, so that it can be told. (OWASP, "CSV Injection".)
    """
    return MARK + text if text.lstrip(" ").startswith((*FORMULA, MARK)) else text
