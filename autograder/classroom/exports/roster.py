"""Finds the line of each student in a learning platform's list, and fills in the scores."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.classroom.exports.sheet import Sheet, number
from autograder.errors import UserError
from autograder.model import ClassRow

# What a student may be known by: a kind of name ("login") and the name. The kind keeps a login apart from a number.
Key = tuple[str, str]


@dataclass(frozen=True)
class Line:
    """A student's line in a list: `label` names the student to the instructor, `locked` says why it is left alone."""

    row: int
    label: str
    keys: frozenset[Key]
    locked: str = ""


@dataclass(frozen=True)
class Filled:
    """A list with the scores filled in, and what the instructor should know about it.

    `written` counts the scores, `unlisted` are students with a result who are not in the list, `ungraded` those in the
    list without a result, and `kept` says, a sentence each, why a student's cell was left as it was.
    """

    text: str
    written: int
    unlisted: tuple[str, ...]
    ungraded: tuple[str, ...]
    kept: tuple[str, ...]


@dataclass(frozen=True)
class Class:
    """What a list needs of a class's results: the scores by student, whom the grader failed on, and the points."""

    scores: Mapping[str, float]
    errored: frozenset[str]
    max_score: int


def download_key(name: str, number: str) -> Key:
    """Return the key of a student in a platform's download, which `collecting` names `<name>_<number>`.

    Both must fit, as a login may well end in a number. Platforms drop different characters from names, so that only
    letters and digits are compared.
    """
    plain = unicodedata.normalize("NFC", name).casefold()
    letters = "".join(character for character in plain if unicodedata.category(character)[0] in "LMN")
    return "download", f"{letters}_{number}"


def download_key_of(student: str) -> Key:
    """Return the key of a student who is named as in a download."""
    name, _, number = student.rpartition("_")
    return download_key(name, number)


def read_class(rows: Iterable[ClassRow]) -> Class:
    """Return the class of these results; UserError where there are none or they are not of one exercise."""
    scores: dict[str, float] = {}
    errored: set[str] = set()
    maxima: set[int] = set()
    for row in rows:
        maxima.add(row.max_score)
        scores[row.student] = row.score
        if row.is_errored:
            errored.add(row.student)
    if not maxima:
        raise UserError("there are no results to export; grade the class first")
    if len(maxima) > 1:
        raise UserError(f"some results are of {min(maxima)} and some of {max(maxima)} points; grade the class again")
    return Class(scores, frozenset(errored), maxima.pop())


def fill(
    sheet: Sheet,
    column: int,
    lines: Sequence[Line],
    graded: Class,
    keys_of: Callable[[str], Iterable[Key]],
    *,
    mark: str,
    columns: Sequence[int] | None = None,
) -> Filled:
    """Return a sheet with the scores of a class in a column; `mark` stands before decimals.

    A student who may be several lines, and students who may be one line, get no score but a sentence.
    """
    matches = _matches(lines, graded.scores, keys_of)
    claims: dict[int, list[str]] = defaultdict(list)
    for student, mine in matches.items():
        for line in mine:
            claims[line.row].append(student)
    scores: dict[int, str] = {}
    kept: list[str] = []
    for student, mine in matches.items():
        reason = _doubt(student, mine, claims, graded)
        if reason:
            kept.append(f"{student}: {reason}")
        elif mine:
            scores[mine[0].row] = number(graded.scores[student], mark)
    return Filled(
        text=sheet.filled(column, scores, columns),
        written=len(scores),
        unlisted=tuple(student for student, mine in matches.items() if not mine),
        ungraded=tuple(line.label for line in lines if line.row not in claims),
        kept=tuple(kept),
    )


def _matches(
    lines: Iterable[Line], students: Iterable[str], keys_of: Callable[[str], Iterable[Key]]
) -> dict[str, list[Line]]:
    """Return, for each student, the lines that one of the student's keys leads to."""
    by_key: dict[Key, list[Line]] = defaultdict(list)
    for line in lines:
        for key in line.keys:
            by_key[key].append(line)
    matches = {}
    for student in students:
        found = {line.row: line for key in keys_of(student) for line in by_key.get(key, ())}
        matches[student] = list(found.values())
    return matches


def _doubt(student: str, mine: list[Line], claims: Mapping[int, list[str]], graded: Class) -> str:
    """Return why a student who is in the list gets no score there, or nothing."""
    if len(mine) > 1:
        return f"may be {' or '.join(line.label for line in mine)}"
    for line in mine:
        others = [other for other in claims[line.row] if other != student]
        if others:
            return f"may be {line.label}, and so may {' and '.join(others)}"
        if student in graded.errored:
            return "the grader failed on the submission"
        return line.locked
    return ""
