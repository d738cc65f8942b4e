"""Finds the line of each student in a learning platform's list, and fills in the scores."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.exports.sheet import Sheet, number
from autograder.classroom.names import listed, some
from autograder.errors import UserError
from autograder.model import ClassRow
from autograder.report.words import several

# What a student may be known by: a kind of name ("login") and the name. The kind keeps a login apart from a number.
Key = tuple[str, str]


@dataclass(frozen=True)
class ListedStudent:
    """A student's row in a list: `label` names the student to the instructor, `locked` says why it is left alone."""

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

    def lines(self, source: Path) -> Iterator[str]:
        """Yield lines that tell it, of a list that lies in a file."""
        yield f"{several(self.written, 'score')} written"
        if not self.written and not self.kept:
            how = "students are found by login, number or address: take the list of this class, with one of these"
            yield f"no line of {source} is that of anybody who was graded; {how}"
        yield from (f"not in {source}: {listed([student])}" for student in self.unlisted)
        yield from self.kept
        if self.ungraded:
            yield f"without a result: {some(self.ungraded)}"


@dataclass(frozen=True)
class ClassScores:
    """What a list needs of a class's results: the scores by student, whom the grader failed on, and the points."""

    by_student: Mapping[str, float]
    errored: frozenset[str]
    max_score: int


def download_key(student: str) -> Key:
    """Return the key of a student as `folder` names one in a platform's download: `<name>_<number>`.

    Both must fit, as a login may well end in a number. Platforms drop different characters from names, so that only
    letters and digits are compared.
    """
    name, _, number = student.rpartition("_")
    plain = unicodedata.normalize("NFC", name).casefold()
    letters = "".join(character for character in plain if unicodedata.category(character)[0] in "LMN")
    return "download", f"{letters}_{number}"


def read_scores(rows: Iterable[ClassRow]) -> ClassScores:
    """Return the scores in these results; UserError where there are none or they are not of one exercise."""
    kept = [(row.student, row.score, row.max_score, row.is_errored) for row in rows]  # without the reports
    maxima = {max_score for _, _, max_score, _ in kept}
    if not maxima:
        raise UserError("there are no results to export; grade the class first")
    if len(maxima) > 1:
        raise UserError(f"some results are of {min(maxima)} and some of {max(maxima)} points; grade the class again")
    errored = frozenset(student for student, *_, is_errored in kept if is_errored)
    return ClassScores({student: score for student, score, *_ in kept}, errored, maxima.pop())


def no_names(_student: str) -> Iterable[str]:
    """Return what else a student is called where there is no roster."""
    return ()


def fill(
    sheet: Sheet,
    column: int,
    rows: Sequence[ListedStudent],
    scores: ClassScores,
    keys_of: Callable[[str], Iterable[Key]],
    *,
    mark: str,
    columns: Sequence[int] | None = None,
    names_of: Callable[[str], Iterable[str]] = no_names,
) -> Filled:
    """Return a sheet with the scores of a class in a column; `mark` stands before decimals.

    A student who may be several of the listed, and students who may be the same one, get no score but a sentence.
    """
    matches = matches_of(rows, scores.by_student, keys_of, names_of)
    claims: dict[int, list[str]] = defaultdict(list)
    for student, mine in matches.items():
        for one in mine:
            claims[one.row].append(student)
    values: dict[int, str] = {}
    kept: list[str] = []
    for student, mine in matches.items():
        reason = _doubt(student, mine, claims, scores)
        if reason:
            kept.append(f"{listed([student])}: {reason}")
        elif mine:
            values[mine[0].row] = number(scores.by_student[student], mark)
    return Filled(
        text=sheet.filled(column, values, columns),
        written=len(values),
        unlisted=tuple(student for student, mine in matches.items() if not mine),
        ungraded=tuple(one.label for one in rows if one.row not in claims),
        kept=tuple(kept),
    )


def matches_of(
    rows: Iterable[ListedStudent],
    students: Iterable[str],
    keys_of: Callable[[str], Iterable[Key]],
    names_of: Callable[[str], Iterable[str]] = no_names,
) -> dict[str, list[ListedStudent]]:
    """Return, for each student, the rows that a key of the student's name, there or on the roster, leads to.

    Where none does, an address stands for the login before its @, and a login for the addresses that begin with it.
    """
    by_key: dict[Key, list[ListedStudent]] = defaultdict(list)
    by_login: dict[tuple[str, bool], list[ListedStudent]] = defaultdict(list)
    for one in rows:
        for kind, name in one.keys:
            by_key[kind, name].append(one)
            by_login[_login(name)].append(one)

    def found(student: str) -> list[ListedStudent]:
        names = [student, *names_of(student)]
        exact = [one for name in names for key in keys_of(name) for one in by_key[key]]
        # Two addresses of one login are perhaps two people's.
        alike = [one for login, has_at in map(_login, names) for one in by_login[login, not has_at]]
        return list(dict.fromkeys(exact or alike))

    return {student: found(student) for student in students}


def _login(name: str) -> tuple[str, bool]:
    """Return what stands before the @ of an address, or the name itself, and whether it is an address."""
    login, at, _ = name.casefold().partition("@")
    return login, bool(at)


def _doubt(student: str, mine: list[ListedStudent], claims: Mapping[int, list[str]], scores: ClassScores) -> str:
    """Return why a student who is in the list gets no score there, or nothing."""
    if not mine:
        return ""
    if len(mine) > 1:
        return f"may be {' or '.join(listed([one.label]) for one in mine)}"
    (only,) = mine
    others = [other for other in claims[only.row] if other != student]
    if others:
        return f"may be {listed([only.label])}, and so may {' and '.join(listed([other]) for other in others)}"
    return "the grader failed on the submission" if student in scores.errored else only.locked
