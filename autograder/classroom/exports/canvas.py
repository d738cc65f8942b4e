"""Fills the scores into a gradebook that was exported from Canvas.

The form is that of canvas-lms, lib/gradebook_exporter.rb and lib/gradebook_importer.rb: `Student,ID`, perhaps
`SIS User ID`, `SIS Login ID`, `Integration ID` and `Root Account`, `Section`, then the instructor's own columns,
assignments as `Title (number)`, and totals that are read only. Rows without a student say what is hidden and, as
`    Points Possible`, the points.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from autograder.classroom.exports.roster import (
    ClassScores,
    Filled,
    Key,
    ListedStudent,
    download_key,
    fill,
    no_names,
    read_scores,
)
from autograder.classroom.exports.sheet import Sheet, cell, decimal_mark, number, read_sheet, value_of
from autograder.errors import UserError
from autograder.model import ClassRow

WHAT = "the gradebook from Canvas"
TITLE = re.compile(r"(?P<title>.*)\s\((?P<number>\d+)\)")
TOTAL = re.compile(r"(?:Current|Final) (?:Score|Points|Grade)|Override (?:Score|Grade|Status)")
LOCKED = {"ex": "is excused in Canvas", "n/a": "does not have this assignment in Canvas"}
KINDS = {"ID": "number", "SIS User ID": "sis", "SIS Login ID": "login"}


def export(
    gradebook: bytes, rows: Iterable[ClassRow], assignment: str, names_of: Callable[[str], Iterable[str]] = no_names
) -> Filled:
    """Return an exported gradebook with the scores in the column of an assignment, called by title, number or both.

    A student is found by Canvas's number, SIS user ID or login, also by those on the roster, or as `folder` names one
    of a download from Canvas. Columns of other assignments and totals are left out, so that importing the file cannot
    bring back old scores. UserError where the file is no such gradebook, the assignment is not in it or has other
    points.
    """
    scores = read_scores(rows)
    sheet = read_sheet(gradebook, WHAT)
    header = [name.strip() for name in sheet.rows[0]]
    section = _section(header)
    points = next((row for row in sheet.rows[1:] if "Points Possible" in cell(row, 0)), [])
    column = _assignment_column(header, section, points, assignment)
    _check_points(cell(points, column), scores, header[column])
    known = {column: KINDS[name] for column, name in enumerate(header[: section + 1]) if name in KINDS}
    students = list(_students(sheet, known, column))
    kept = [*range(section + 1), column]
    return fill(sheet, column, students, scores, _keys, mark=decimal_mark(points), columns=kept, names_of=names_of)


def _section(header: list[str]) -> int:
    """Return the column of the section, the last one about a student; UserError where it is no such header."""
    named = header[:2] == ["LastName", "FirstName"] or (bool(header) and "Student" in header[0])
    section = next((index for index, name in enumerate(header) if "Section" in name), None)
    if not named or section is None or "ID" not in header[:section]:
        raise UserError(f"{WHAT} does not begin with Student, ID, …, Section; export it under Grades > Export")
    return section


def _assignment_column(header: list[str], section: int, points: list[str], assignment: str) -> int:
    wanted = assignment.strip().casefold()
    titles: list[str] = []
    found: list[int] = []
    for column in range(section + 1, len(header)):
        name = header[column]
        if TOTAL.search(name) or "read only" in cell(points, column):
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


def _check_points(points: str, scores: ClassScores, title: str) -> None:
    possible = value_of(points)
    if possible is not None and possible != scores.max_score:
        raise UserError(
            f"{title} has {number(float(possible))} points in Canvas and the exercise {scores.max_score}; "
            f"set the assignment's points to {scores.max_score} in Canvas and export the gradebook again"
        )


def _students(sheet: Sheet, known: Mapping[int, str], column: int) -> Iterator[ListedStudent]:
    """Yield the rows that are a student's, which are those with something to know the student by."""
    names = min(known)  # the columns before the first number: one name, or last and first name
    for index, row in enumerate(sheet.rows[1:], 1):
        keys = {(kind, cell(row, place).casefold()) for place, kind in known.items() if cell(row, place)}
        if keys:
            name = ", ".join(row[:names]).strip(", ")
            label = name or min(key for _, key in keys)
            keys |= {download_key(f"{name}_{value}") for kind, value in keys if kind == "number"}
            yield ListedStudent(index, label, frozenset(keys), LOCKED.get(cell(row, column).casefold(), ""))


def _keys(student: str) -> Iterator[Key]:
    for kind in KINDS.values():
        yield kind, student.casefold()
    yield download_key(student)
