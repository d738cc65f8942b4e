"""What a class's grading leaves behind: `grades.db`, an SQLite file from which all other files can be made again.

Each submission is one row, written in one transaction as soon as it is graded, so that a run that is killed loses only
what was in flight. A file holds one exercise, or all of a course.
"""

import copy
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import numpy as np

from autograder.classroom.database import NONE_YET, GradesFile, NothingGraded
from autograder.classroom.enrolment import Enrolment
from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.model import ClassRow, CountedScore
from autograder.report import html
from autograder.report import json as json_report

PACKED = "<u4"  # the hashes of a fingerprint
HELD = "SELECT name FROM exercise WHERE functions!='[]'"  # others are only announced


@dataclass(frozen=True)
class StoredState:
    """What is needed to see whether a submission has to be graded again, or its files written."""

    sha256: str
    key: str
    raw_score: int
    score: float
    seconds_late: float
    handed_in: str | None
    is_errored: bool
    is_written: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What counts for a student in an exercise, without the report; `is_errored`: it is no verdict."""

    student: str
    score: float
    raw_score: int
    max_score: int
    seconds_late: float
    is_errored: bool


class Store:
    """The results of a class in one exercise, or in all exercises of a course; a context manager that closes the file.

    One process at a time: a second one on the same folder is refused. `folder` is where it lies; `exercise`, `title`
    and `functions`, with their points, are the exercise's as they were when the class was graded last. Where there are
    several, `of` chooses one.
    """

    def __init__(self, folder: Path, *, create: Exercise | None = None, is_course: bool = False) -> None:
        """Open the store of a folder, or with `create` begin one where there is none; UserError says what is wrong."""
        self.folder = folder
        self._file = GradesFile(folder, create=create is not None)
        try:
            if create is not None:
                self._begin(create, is_course=is_course)
            self.is_course = bool(self._file.one("SELECT is_course FROM class")[0])
            self._chosen = create.name if create else ""
            self._database = self._file.connection
            self.exercises  # noqa: B018 - a file that is damaged is found out now
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    # The class

    @property
    def exercises(self) -> tuple[str, ...]:
        """The names of the exercises that it holds."""
        names = tuple(str(name) for (name,) in self._file.select(f"{HELD} ORDER BY name"))
        if not names:
            raise NothingGraded(NONE_YET.format(self.folder))
        return names

    def of(self, exercise: str) -> "Store":
        """Return the same file as the store of one of its exercises; UserError where it does not hold it."""
        if exercise not in self.exercises:
            held = ", ".join(self.exercises)
            raise UserError(f"{self.folder} holds no grades of {exercise}; it holds those of {held}")
        one = copy.copy(self)
        one._chosen = exercise
        return one

    @cached_property
    def roster(self) -> Enrolment:
        """Who takes the course; empty where nobody has said so."""
        return Enrolment.of(json.loads(self._file.one("SELECT roster FROM class")[0]))

    def put_roster(self, roster: Enrolment) -> None:
        self._file.do("UPDATE class SET roster=?", (json.dumps(roster.stored()),))
        self.__dict__.pop("roster", None)

    @property
    def weights(self) -> Mapping[str, float]:
        """What each exercise counts for in the total; empty where its points are that."""
        return dict(json.loads(self._file.one("SELECT weights FROM class")[0]))

    def put_weights(self, weights: Mapping[str, float]) -> None:
        self._file.do("UPDATE class SET weights=?", (json.dumps(dict(weights)),))

    def announced(self, exercise: str) -> str:
        """Return the rule that was said of an exercise in which nobody has been graded; '' where there is none."""
        nobody = "name NOT IN (SELECT exercise FROM submission)"
        found = self._file.select(f"SELECT rule FROM exercise WHERE name=? AND {nobody}", exercise)  # noqa: S608 - our words
        return "".join(str(rule) for (rule,) in found)

    def announce(self, exercise: str, rule: str) -> None:
        """Store the rule of an exercise that nobody has handed in yet; there is nothing else of it."""
        known = "ON CONFLICT DO UPDATE SET rule=excluded.rule"
        self._file.do(f"INSERT INTO exercise VALUES (?,'','[]','[]',?) {known}", (exercise, rule))  # noqa: S608

    # An exercise

    @property
    def exercise(self) -> str:
        """The name of the exercise; UserError where there are several and none is chosen."""
        if not self._chosen and len(names := self.exercises) > 1:
            raise UserError(f"{self.folder} holds {', '.join(names)}; name one with --exercise")
        return self._chosen or self.exercises[0]

    @property
    def title(self) -> str:
        return str(self._said("title"))

    @property
    def functions(self) -> tuple[tuple[str, int], ...]:
        return tuple((str(name), int(points)) for name, points in json.loads(self._said("functions")))

    @property
    def rule(self) -> str:
        """By which rule the class was graded, as `put_rule` was given it; '' where nobody knows."""
        return self._said("rule")

    def put_rule(self, rule: str) -> None:
        """Store the rule by which this run grades."""
        self._file.do("UPDATE exercise SET rule=? WHERE name=?", (rule, self.exercise))

    @property
    def refused(self) -> tuple[tuple[str, str], ...]:
        """What the last run refused to grade: name and reason."""
        return tuple((str(name), str(reason)) for name, reason, *_ in json.loads(self._said("refused")))

    @property
    def refused_students(self) -> frozenset[str]:
        """Whose work the last run refused to grade, as far as that is known."""
        return frozenset(str(one[2]) for one in json.loads(self._said("refused")) if one[2:] and one[2])

    @property
    def submitters(self) -> frozenset[str]:
        """Who has handed something in, whatever became of it."""
        return self.refused_students.union(self.students())

    def put_refused(self, refused: Sequence[tuple[str, ...]]) -> None:
        """Store what this run refuses to grade: name, reason and perhaps whose it is."""
        self._file.do("UPDATE exercise SET refused=? WHERE name=?", (json.dumps(refused), self.exercise))

    def known(self, student: str) -> StoredState | None:
        """Return what is known of a student; None where nothing is."""
        names = ", ".join(one.name for one in fields(StoredState))
        where = "FROM submission WHERE exercise=? AND student=?"
        for row in self._file.select(f"SELECT {names} {where}", self.exercise, student):
            return StoredState(*row[:-2], *map(bool, row[-2:]))
        return None

    def students(self) -> Iterator[str]:
        """Go through the names of all students that have a row."""
        statement = "SELECT student FROM submission WHERE exercise=? ORDER BY student"
        yield from (str(name) for (name,) in self._file.select(statement, self.exercise))

    def put(self, row: ClassRow, key: str, hidden_seed: str, report: str, page: str) -> None:
        """Store a row, in a transaction of its own; UserError where the disk does not take it."""
        values = (
            self.exercise, row.student, row.file, row.sha256, key, hidden_seed,
            row.raw_score, row.max_score, row.seconds, row.handed_in, row.seconds_late, row.score,
            zlib.compress(report.encode()), zlib.compress(page.encode()),
            np.array(row.fingerprint, PACKED).tobytes(), int(row.is_errored),
        )  # fmt: skip
        self._file.do("INSERT OR REPLACE INTO submission VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0)", values)

    def put_times(self, student: str, handed_in: str | None, seconds_late: float, score: float) -> None:
        """Store when a submission came and what counts of it; its verdict stays, its files are to be written again."""
        values = (handed_in, seconds_late, score, self.exercise, student)
        what = "handed_in=?, seconds_late=?, score=?, is_written=0"
        self._file.do(f"UPDATE submission SET {what} WHERE exercise=? AND student=?", values)  # noqa: S608 - our words

    def mark_written(self, student: str) -> None:
        """Store that a student's files stand beside the database."""
        self._file.do("UPDATE submission SET is_written=1 WHERE exercise=? AND student=?", (self.exercise, student))

    def files_of(self, student: str) -> tuple[str, str]:
        """Return a student's JSON report and feedback page, with what lateness took."""
        names = "report, page, raw_score, score, seconds_late, handed_in, max_score"
        report, page, earned, score, late, handed_in, max_score = self._file.one(
            f"SELECT {names} FROM submission WHERE exercise=? AND student=?",  # noqa: S608 - our words
            self.exercise,
            student,
        )
        counted = CountedScore(earned, Decimal(str(score)), late if handed_in else None)
        return (
            json_report.with_lateness(zlib.decompress(report).decode(), counted),
            html.with_lateness(zlib.decompress(page).decode(), counted, max_score, handed_in),
        )

    def rows(self) -> Iterator[ClassRow]:
        """Go through the class by student, one row at a time; who has withdrawn is left out."""
        names = "student, file, sha256, raw_score, score, max_score, seconds_late, seconds, handed_in"
        for report, fingerprint, is_errored, *plain in self._rows(f"report, fingerprint, is_errored, {names}"):
            values = dict(zip(names.split(", "), plain, strict=True))
            if self.roster.is_withdrawn(values["student"]):
                continue
            full, prints = json.loads(zlib.decompress(report)), tuple(np.frombuffer(fingerprint, PACKED).tolist())
            yield ClassRow(**values, report=full, fingerprint=prints, is_errored=bool(is_errored))

    def standings(self) -> Iterator[Standing]:
        """Go through the same rows without what is long in them."""
        for row in self._rows(", ".join(one.name for one in fields(Standing))):
            student, score, raw_score, max_score, seconds_late, is_errored = row
            if not self.roster.is_withdrawn(student):
                yield Standing(student, score, raw_score, max_score, seconds_late, bool(is_errored))

    def _rows(self, names: str) -> Iterator[tuple[Any, ...]]:
        statement = f"SELECT {names} FROM submission WHERE exercise=? ORDER BY student"  # noqa: S608 - our words
        yield from self._file.select(statement, self.exercise)

    def _said(self, what: str) -> str:
        return str(self._file.one(f"SELECT {what} FROM exercise WHERE name=?", self.exercise)[0])  # noqa: S608

    def _begin(self, exercise: Exercise, *, is_course: bool) -> None:
        """Store what the exercise is by now; UserError where the folder is one of something else."""
        held = [name for (name,) in self._file.select(HELD)]
        if not held:
            self._file.do("UPDATE class SET is_course=?", (int(is_course),))
        (was_course,) = self._file.one("SELECT is_course FROM class")
        if was_course and not is_course:
            how = "grade it with `course grade all`, and a single student with --only"
            raise UserError(f"{self.folder} holds the grades of a whole course; {how}, or name another folder")
        if is_course and not was_course:
            raise UserError(
                f"{self.folder} holds the grades of {held[0]} alone; name another folder for a whole course"
            )
        if not is_course and held not in ([], [exercise.name]):
            raise UserError(f"{self.folder} holds the grades of {held[0]}; name another folder for {exercise.name}")
        what = (exercise.title, json.dumps(exercise.functions), exercise.name)
        known = "ON CONFLICT DO UPDATE SET title=excluded.title, functions=excluded.functions"
        columns = "(title, functions, name, refused, rule)"
        self._file.do(f"INSERT INTO exercise {columns} VALUES (?,?,?,'[]','') {known}", what)  # noqa: S608 - our words
