"""Fills the scores into a grading worksheet from Moodle, or writes a file for Moodle's gradebook.

The worksheet's form is that of moodle, mod/assign/gradingtable.php: an identifier (`Participant 12345`), the full name
and other fields of the user, the status, then, always side by side, the grade, the maximum grade and whether the grade
can be changed, and lastly when it was last changed. Headers and identifiers are in the language of whoever downloaded
it ("Teilnehmer/in12345"), so columns are found by their place where the grade's title is not known. Import needs the
columns as they are (mod/assign/feedback/offline/importgradeslib.php), so none is left out.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from autograder.classroom.exports.csv import defused
from autograder.classroom.exports.roster import (
    ClassScores,
    Filled,
    Key,
    ListedStudent,
    download_key,
    fill,
    matches_of,
    no_names,
    read_scores,
)
from autograder.classroom.exports.sheet import Sheet, cell, decimal_mark, number, read_sheet, value_of, written
from autograder.errors import UserError
from autograder.model import ClassRow

WHAT = "the grading worksheet from Moodle"
AGAIN = 'download it under "Download grading worksheet"'

# "Grade" and "No", as Moodle's language packs have them: en, de, fr, es, zh, it, pt, nl, pl, ru, ja, sv and cs.
GRADE = frozenset(
    {"grade", "bewertung", "note", "calificación", "成绩", "成績", "valutazione", "nota", "avaliação", "cijfer"}
    | {"ocena", "оценка", "評点", "betyg", "známka"}
)
NO = frozenset({"no", "nein", "non", "否", "não", "nee", "nie", "нет", "いいえ", "nej", "ne"})

IDENTIFIER = re.compile(r"(?P<word>.*?)(?P<number>\d+)", re.DOTALL)
NAME = 1  # the column after the identifier holds the name, or the status where grading is anonymous


def export(
    worksheet: bytes,
    rows: Iterable[ClassRow],
    column: str | None = None,
    names_of: Callable[[str], Iterable[str]] = no_names,
) -> Filled:
    """Return a downloaded worksheet with the scores in its column of grades, called `column` where that is given.

    A student is found by e-mail address, also by the roster's names, or any other field of the user in the sheet except
    the name, by the identifier, or as `folder` names one of a download from Moodle. UserError where the file is no such
    worksheet or its maximum grade is not the exercise's points. Moodle skips grades changed there since the download.
    """
    scores = read_scores(rows)
    sheet, grade = _read(worksheet, column)
    students = [row for row in sheet.rows[1:] if len(row) > 1]
    maxima = [cell(row, grade + 1) for row in students]
    _check_maximum(maxima, scores)
    mark = decimal_mark([*maxima, *(cell(row, grade) for row in students)])
    return fill(sheet, grade, list(_students(sheet.rows, grade)), scores, _keys, mark=mark, names_of=names_of)


def participants(
    worksheet: bytes, students: Iterable[str], names_of: Callable[[str], Iterable[str]] = no_names
) -> dict[str, tuple[str, str]]:
    """Return name and number of each student whom exactly one line of a downloaded worksheet may mean."""
    sheet, grade = _read(worksheet, None)
    found = matches_of(list(_students(sheet.rows, grade)), students, _keys, names_of)
    lines = Counter(one.row for mine in found.values() for one in mine)
    numbers = {}
    for student, mine in found.items():
        if len(mine) == 1 and lines[mine[0].row] == 1:
            row = sheet.rows[mine[0].row]
            match = IDENTIFIER.fullmatch(row[0])
            numbers[student] = (row[NAME] if grade > NAME + 1 else "Participant", match["number"] if match else "")
    return numbers


def gradebook(rows: Iterable[ClassRow], item: str) -> str:
    """Return a file for Moodle's "Import > CSV file": who, as e-mail address or ID number, and the score for an item.

    It holds no feedback, as an import of feedback alone wipes grades. Where the grader failed there is no line.
    """
    scores = read_scores(rows)
    is_by_address = all("@" in student for student in scores.by_student)
    header = "Email address" if is_by_address else "ID number", defused(item)
    given = ((defused(name), number(score)) for name, score in scores.by_student.items() if name not in scores.errored)
    return written([header, *given])


def _read(worksheet: bytes, column: str | None) -> tuple[Sheet, int]:
    """Return a worksheet and the place of its column of grades; UserError where it is none."""
    sheet = read_sheet(worksheet, WHAT)
    students = [row for row in sheet.rows[1:] if len(row) > 1]
    if not students:
        raise UserError(f"{WHAT} lists nobody; {AGAIN} again")
    if not all(IDENTIFIER.fullmatch(row[0]) for row in students):
        raise UserError(f"{WHAT} does not begin with a column like Participant 12345; {AGAIN} again")
    return sheet, _grade_column(sheet.rows[0], students, column)


def _grade_column(header: list[str], students: list[list[str]], column: str | None) -> int:
    wanted = {column.strip().casefold()} if column else GRADE
    found = [place for place, name in enumerate(header) if name.strip().casefold() in wanted]
    if not found and not column:
        found = [place for place in range(NAME, len(header) - 1) if _is_beside_the_maximum(students, place)]
    if len(found) != 1:
        raise UserError(
            f"{WHAT} has {len(found) or 'no'} columns that may hold the grade; name it. It has {', '.join(header)}"
        )
    return found[0]


def _is_beside_the_maximum(students: list[list[str]], place: int) -> bool:
    """Whether a column holds grades or nothing, and the next one the same number for everybody."""
    grades = {cell(row, place) for row in students} - {""}
    maxima = {cell(row, place + 1) for row in students}
    return len(maxima) == 1 and all(value_of(text) is not None for text in (*grades, *maxima))


def _check_maximum(maxima: list[str], scores: ClassScores) -> None:
    for text in sorted(set(maxima)):
        maximum = value_of(text)
        if maximum is None:
            raise UserError(f"{WHAT} has no maximum grade beside the grade; set the assignment's grade type to points")
        if maximum != scores.max_score:
            raise UserError(
                f"the maximum grade is {number(float(maximum))} in Moodle and the exercise has {scores.max_score} "
                f"points; set it to {scores.max_score} in the assignment's settings and download the worksheet again"
            )


def _students(rows: list[list[str]], grade: int) -> Iterator[ListedStudent]:
    for index, row in enumerate(rows):
        identifier = IDENTIFIER.fullmatch(row[0]) if index and len(row) > 1 else None
        if not identifier:
            continue
        keys: set[Key] = {("field", field.strip().casefold()) for field in row[NAME + 1 : grade] if field.strip()}
        keys |= {download_key(f"{name}_{identifier['number']}") for name in (row[NAME], identifier["word"])}
        keys.add(("identifier", _squeezed(row[0])))
        is_locked = cell(row, grade + 2).casefold() in NO
        label = f"{row[NAME].strip()} ({row[0].strip()})" if grade > NAME + 1 else row[0].strip()
        yield ListedStudent(index, label, frozenset(keys), "the grade cannot be changed in Moodle" if is_locked else "")


def _keys(student: str) -> Iterator[Key]:
    yield "field", student.casefold()
    yield "identifier", _squeezed(student)
    yield download_key(student)


def _squeezed(text: str) -> str:
    return "".join(text.split()).casefold()
