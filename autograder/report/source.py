"""A submission's own code: where a function stands in it, and the whole of it as a page shows it."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from autograder.model import FunctionResult, Report

MOST_LINES, LONGEST_LINE = 1500, 300  # of a file that are shown
# How a line begins that is no longer of the function above it.
OUTSIDE = re.compile(r"[^\s)\]}#]|# %%")
SHOWN = re.compile(r'<ol class="source"[^>]*>(.*?)</ol>', re.DOTALL)
ITEM = re.compile(r"<li[^>]*>(.*?)</li>", re.DOTALL)

Mark = Literal["", "wrong", "breach"]


class Span(NamedTuple):
    """The lines of a cell, counted from 0, from `first` to before `end`, in which a function stands."""

    cell: int
    first: int
    end: int


@dataclass(frozen=True)
class SourceLine:
    """A line as it is shown; `wrong`: of a function that fails, `breach`: that breaks the by-hand rule."""

    text: str
    mark: Mark


@dataclass(frozen=True)
class SourceCell:
    """A cell of a notebook, or a script; `label` is what its author knows it by."""

    label: str
    lines: tuple[SourceLine, ...]


@dataclass(frozen=True)
class ShownSource:
    """The cells of a submission; `left_out`: lines that are not shown, for there are too many."""

    cells: tuple[SourceCell, ...] = ()
    left_out: int = 0
    is_marked: bool = False


def span_of(report: Report, function: FunctionResult) -> Span | None:
    """Return where a function's last definition stands, or that which was graded.

    Found by how lines are indented: nothing of the student's is parsed here.
    """
    start = re.compile(rf"^(?:async )?def {re.escape(function.name)}\b", re.MULTILINE)
    for index, cell in reversed(list(enumerate(report.submission.cells))):
        lines = cell.code.split("\n")
        places = [cell.code.count("\n", 0, found.start()) for found in start.finditer(cell.code)]
        if places:
            first = function.line - 1 if function.line and function.line - 1 in places else places[-1]
            end = next((at for at in range(first + 1, len(lines)) if OUTSIDE.match(lines[at])), len(lines))
            while end > first + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
                end -= 1
            return Span(index, first, end)
    return None


def shown(report: Report) -> ShownSource:
    """Return a submission's code as a page shows it."""
    spans = [span for one in report.functions if one.outcome == "failed" and (span := span_of(report, one))]
    wrong = {(span.cell, at) for span in spans for at in range(span.first, span.end)}
    marks: dict[tuple[int, int], Mark] = dict.fromkeys(wrong, "wrong")
    marks.update(dict.fromkeys(_breaches(report), "breach"))
    cells, room, total = [], MOST_LINES, 0
    for index, cell in enumerate(report.submission.cells):
        texts = cell.code.rstrip().split("\n")
        total += len(texts)
        lines = tuple(SourceLine(_cut(text), marks.get((index, at), "")) for at, text in enumerate(texts[:room]))
        room -= len(lines)
        if lines:
            cells.append(SourceCell(cell.label, lines))
    return ShownSource(tuple(cells), max(0, total - MOST_LINES), bool(marks))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else text[:LONGEST_LINE] + "…"


def lines_of(page: str) -> list[str]:
    """Return the lines of the submission that a page shows; none where it shows none."""
    return [html.unescape(line) for shown in SHOWN.findall(page) for line in ITEM.findall(shown)]


def _breaches(report: Report) -> Iterator[tuple[int, int]]:
    """Yield the cell and line of each violation, both counted from 0."""
    labels = {cell.label: index for index, cell in enumerate(report.submission.cells)}
    for violation in report.violations:
        cell = labels.get(dict(violation.text.values).get("cell", "")) if report.submission.is_notebook else 0
        if cell is not None:
            yield cell, violation.line - 1
