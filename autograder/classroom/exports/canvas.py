"""Fills the scores into a gradebook that was exported from Canvas.

The form is that of canvas-lms, lib/gradebook_exporter.rb and lib/gradebook_importer.rb: `Student,ID`, perhaps
`SIS User ID`, `SIS Login ID`, `Integration ID` and `Root Account`, `Section`, then the instructor's own columns,
assignments as `Title (number)`, and totals that are read only. Rows without a student say what is hidden and, as
`    Points Possible`, the points.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from autograder.classroom.exports.roster import (
    Class,
    Filled,
    Key,
    Line,
    download_key,
    download_key_of,
    fill,
    read_class,
)
from autograder.classroom.exports.sheet import Sheet, decimal_mark, number, read_sheet, value_of
from autograder.errors import UserError
from autograder.model import ClassRow

WHAT = "the gradebook from Canvas"
TITLE = re.compile(r"(?P<title>.*)\s\((?P<number>\d+)\)")
TOTAL = re.compile(r"(?:Current|Final) (?:Score|Points|Grade)|Override (?:Score|Grade|Status)")
LOCKED = {"ex": "is excused in Canvas", "n/a": "does not have this assignment in Canvas"}
KINDS = {"ID": "number", "SIS User ID": "sis", "SIS Login ID": "login"}


def export(gradebook: bytes, rows: Iterable[ClassRow], assignment: str) -> Filled:
    """Return an exported gradebook with the scores in the column of an assignment, called by title, number or both.

    A student is found by Canvas's number, SIS user ID or login, or as `collecting` names one of a download from
    Canvas. Columns of other assignments and totals are left out, so that importing the file cannot bring back old
    scores. UserError where the file is no such gradebook, the assignment is not in it or has other points.
    """
    graded = read_class(rows)
    sheet = read_sheet(gradebook, WHAT)
    header = [cell.strip() for cell in sheet.cells(0)]
    section = _section(header)
    points = _points_row(sheet)
    column = _assignment_column(header, section, points, assignment)
    _check_points(points, column, graded, header[column])
    known = {column: KINDS[name] for column, name in enumerate(header[: section + 1]) if name in KINDS}
    return fill(
        sheet,
        column,
        list(_lines(sheet, known, column)),
        graded,
        _keys,
        mark=decimal_mark(points),
        columns=[*range(section + 1), column],
    )


def _section(header: list[str]) -> int:
    """Return the column of the section, the last one about a student; UserError where it is no such header."""
    named = header[:2] == ["LastName", "FirstName"] or (bool(header) and "Student" in header[0])
    section = next((index for index, name in enumerate(header) if "Section" in name), None)
    if not named or section is None or "ID" not in header[:section]:
        raise UserError(f"{WHAT} does not begin with Student, ID, …, Section; export it under Grades > Export")
    return section


def _points_row(sheet: Sheet) -> list[str]:
    for row in range(1, len(sheet.rows)):
        cells = sheet.cells(row)
        if "Points Possible" in cells[0]:
            return cells
    return []


def _assignment_column(header: list[str], section: int, points: list[str], assignment: str) -> int:
    wanted = assignment.strip().casefold()
    titles: list[str] = []
    found: list[int] = []
    for column in range(section + 1, len(header)):
        name = header[column]
        if TOTAL.search(name) or "read only" in _cell(points, column):
            continue
        match = TITLE.fullmatch(name)
        titles += [name] if match else []
        names = {name, match["title"].strip(), match["number"]} if match else {name}
        if wanted in {known.casefold() for known in names}:
            found.append(column)
    if not found:
        raise UserError(f'{WHAT} has no assignment "{assignment}"; it has {", ".join(titles[:20]) or "none"}')
    if len(found) > 1:
        choice = " and ".join(header[column] for column in found)
        raise UserError(f'{WHAT} has several assignments "{assignment}"; say which of {choice}')
    return found[0]


def _check_points(points: list[str], column: int, graded: Class, title: str) -> None:
    possible = value_of(_cell(points, column))
    if possible is not None and possible != graded.max_score:
        raise UserError(
            f"{title} has {number(float(possible))} points in Canvas and the exercise {graded.max_score}; "
            f"set the assignment's points to {graded.max_score} in Canvas and export the gradebook again"
        )


def _lines(sheet: Sheet, known: Mapping[int, str], column: int) -> Iterator[Line]:
    """Yield the rows that are a student's, which are those with something to know the student by."""
    names = min(known)  # the columns before the first number: one name, or last and first name
    for row in range(1, len(sheet.rows)):
        cells = sheet.cells(row)
        keys = {(kind, _cell(cells, place).casefold()) for place, kind in known.items() if _cell(cells, place)}
        if keys:
            name = ", ".join(cells[:names]).strip(", ")
            label = name or min(key for _, key in keys)
            keys |= {download_key(name, value) for kind, value in keys if kind == "number"}
            yield Line(row, label, frozenset(keys), LOCKED.get(_cell(cells, column).casefold(), ""))


def _keys(student: str) -> Iterator[Key]:
    for kind in KINDS.values():
        yield kind, student.casefold()
    yield download_key_of(student)


def _cell(cells: list[str], column: int) -> str:
    return cells[column].strip() if column < len(cells) else ""
