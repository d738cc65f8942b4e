"""The plain table of a class."""

import itertools
from collections.abc import Iterable, Iterator, Sequence

from autograder.classroom.counts import mistakes_in
from autograder.classroom.exports.sheet import number, written
from autograder.model import ClassRow
from autograder.report import words

FORMULA = tuple("=+-@\t\r\n＝＋－＠")
MARK = "'"


def render(rows: Iterable[ClassRow], functions: Sequence[str]) -> str:
    """Return a class's scores and the points of each function, a student a line, quoted as RFC 4180 says.

    `score` is what counts: `earned`, to which the functions' columns add up, less `penalty`. `hours_late` is 0 for what
    came in time and empty where there is no deadline. Numbers have up to two decimals. Where the grader failed, the
    cells of scores are empty. Names are `defused`.
    """
    return written(_table(rows, functions))


def render_mistakes(rows: Iterable[ClassRow]) -> str:
    """Return `student,function,id,text`, a line for each mistake that has a name, quoted as RFC 4180 says.

    Names are `defused`, and so are the texts.
    """
    lines = (
        (defused(row.student), function, kind, defused(words.clean(text)))
        for row in rows
        if not row.is_errored
        for (function, kind), text in mistakes_in(row.report["checks"]).items()
    )
    return written(itertools.chain([("student", "function", "id", "text")], lines))


def _table(rows: Iterable[ClassRow], functions: Sequence[str]) -> Iterator[Sequence[object]]:
    yield "student", "score", "max_score", "earned", "penalty", "hours_late", *functions
    for row in rows:
        counted = row.counted
        late = "" if counted.hours_late is None else number(counted.hours_late)
        points = {function["name"]: number(function["score"]) for function in row.report.get("functions", ())}
        earned = [number(counted.earned), number(counted.penalty), late, *(points.get(name, "") for name in functions)]
        score, *earned = [""] * (1 + len(earned)) if row.is_errored else [number(counted.counts), *earned]
        yield defused(row.student), score, row.max_score, *earned


def defused(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe goes before what begins like one.

    It also goes before text that begins with an apostrophe, so that it can be told. (OWASP, "CSV Injection".)
    """
    return MARK + text if text.lstrip(" ").startswith((*FORMULA, MARK)) else text
