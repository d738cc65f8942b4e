"""Who takes a course: the roster that an instructor gives, and which of its students a submission's name means.

A CSV file with a column `student`, and perhaps `name`, `email` and `state`; others do not matter. A student whose state
is `withdrawn` is left out of tables, pages and exports. Submissions may be called as any of the first three columns, in
any case, and with the number that learning platforms add (`Jane Doe_12345`).
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from autograder.classroom.exports.sheet import named_rows
from autograder.errors import UserError

WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A student on the roster; `name` and `email` may be ''."""

    student: str
    name: str = ""
    email: str = ""
    is_withdrawn: bool = False


@dataclass(frozen=True)
class Enrolment:
    """A roster, which may be empty: then nobody is known to be missing, and nobody to be a stranger."""

    students: tuple[Enrolled, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.students)

    @classmethod
    def of(cls, stored: Iterable[tuple[str, str, str, bool]]) -> "Enrolment":
        return cls(tuple(Enrolled(student, name, email, bool(gone)) for student, name, email, gone in stored))

    def stored(self) -> list[tuple[str, str, str, bool]]:
        return [(one.student, one.name, one.email, one.is_withdrawn) for one in self.students]

    @property
    def active(self) -> Iterator[Enrolled]:
        return (one for one in self.students if not one.is_withdrawn)

    def find(self, submitter: str) -> Enrolled | None:
        """Return whom a submission's name means; None where that is nobody, or may be several."""
        for key in (_plain(submitter), _letters(re.sub(r"_\d+$", "", submitter))):
            if len(found := self._by_key.get(key, [])) == 1:
                return found[0]
        return None

    def names_of(self, submitter: str) -> list[str]:
        """Return by what else lists may know whom a submission's name means: the roster's name, and the address."""
        found = self.find(submitter)
        return [name for name in (found.student, found.email) if name] if found else []

    def missing(self, submitters: Iterable[str]) -> list[Enrolled]:
        """Return who takes the course and is none of those who have handed something in."""
        here = {found.student for name in submitters if (found := self.find(name))}
        return [one for one in self.active if one.student not in here]

    def is_withdrawn(self, submitter: str) -> bool:
        found = self.find(submitter)
        return found is not None and found.is_withdrawn

    @cached_property
    def _by_key(self) -> Mapping[str, list[Enrolled]]:
        by_key: dict[str, list[Enrolled]] = defaultdict(list)
        for one in self.students:
            said = [text for text in (one.student, one.name, one.email) if text]
            for key in {*map(_plain, said), *map(_letters, said)}:
                by_key[key].append(one)
        for one in self.students:  # a name of one's own goes before what others may be called, too
            by_key[_plain(one.student)] = [one]
        return by_key


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().casefold()


def _letters(text: str) -> str:
    """Return the letters and digits of a name, which is all that platforms leave of it."""
    return "letters:" + "".join(one for one in _plain(text) if unicodedata.category(one)[0] in "LMN")


def read_roster(data: bytes, path: Path) -> Enrolment:
    """Return the roster in a CSV file; UserError, with the line, for what cannot be one."""
    students: dict[str, Enrolled] = {}
    for place, row in named_rows(data, path, "student"):
        one = _enrolled(row)
        if not one.student:
            raise UserError(f"{place} there is no student; fill in the name or remove the line")
        if _plain(one.student) in students:
            raise UserError(f"{place} {one.student} is listed twice; leave one of the lines")
        students[_plain(one.student)] = one
    if not students:
        raise UserError(f"{path} lists no students; write one a line")
    return Enrolment(tuple(students.values()))


def _enrolled(cells: Mapping[str, str]) -> Enrolled:
    student = unicodedata.normalize("NFC", cells["student"])
    name, email, state = (cells.get(column, "") for column in ("name", "email", "state"))
    return Enrolled(student, name, email, state.casefold() == WITHDRAWN)
