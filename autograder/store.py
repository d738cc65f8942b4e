"""What a class's grading leaves behind: `grades.db`, an SQLite file from which all other files can be made again.

Each submission is one row, written in one transaction as soon as it is graded, so that a run that is killed loses only
what was in flight. Schema, version 1 (`PRAGMA user_version`):

    run(exercise, title, functions, refused)
        one row: which exercise this is; functions as JSON [[name, points]], what was refused last as [[name, reason]]
    submission(
        student      primary key
        file         the submission's path inside the folder of submissions
        sha256       of its bytes
        key          of all that its verdict depends on; '' where it is to be graded again
        hidden_seed  what its hidden cases depend on besides the seed: for the instructor's eyes only
        raw_score, max_score, seconds        as in its report
        handed_in    ISO 8601, or null where no deadline is set
        seconds_late, score                  what counts, after a late penalty
        report       the JSON report, compressed by zlib
        page         the feedback page, compressed by zlib
        fingerprint  by which near-identical files are found: 32-bit hashes, little-endian
        is_errored   1 where the grader failed on it: no verdict
        is_written   1 once its files stand beside the database
    )
"""

from __future__ import annotations

import array
import json
import sqlite3
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.model import Graded

FILE = "grades.db"
VERSION = 1
BUSY_SECONDS = 2.0
SCHEMA = """
CREATE TABLE run (exercise TEXT NOT NULL, title TEXT NOT NULL, functions TEXT NOT NULL, refused TEXT NOT NULL);
CREATE TABLE submission (
    student TEXT PRIMARY KEY, file TEXT NOT NULL, sha256 TEXT NOT NULL, key TEXT NOT NULL, hidden_seed TEXT NOT NULL,
    raw_score INTEGER NOT NULL, max_score INTEGER NOT NULL, seconds REAL NOT NULL,
    handed_in TEXT, seconds_late REAL NOT NULL, score REAL NOT NULL,
    report BLOB NOT NULL, page BLOB NOT NULL, fingerprint BLOB NOT NULL,
    is_errored INTEGER NOT NULL, is_written INTEGER NOT NULL
) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Entry:
    """A row before it is stored: the student's result, and what only the store knows of it."""

    graded: Graded
    key: str
    hidden_seed: str
    handed_in: str | None
    report: str
    page: str


@dataclass(frozen=True)
class Known:
    """What is needed to see whether a submission has to be graded again, or its files written."""

    key: str
    raw_score: int
    score: float
    seconds_late: float
    handed_in: str | None
    is_errored: bool
    is_written: bool


class Store:
    """The database of one exercise's class; a context manager that closes it.

    One process at a time: a second `course grade` on the same folder is refused.
    """

    def __init__(self, folder: Path, *, create: Exercise | None = None) -> None:
        """Open the store of a folder, or with `create` begin one where there is none; UserError says what is wrong."""
        path = folder / FILE
        if create is None and not path.is_file():
            raise UserError(f"there is no {FILE} in {folder}; grade a class into it first: course grade")
        try:
            self._database = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
            self._open(path, create)
        except sqlite3.Error as error:
            raise _unusable(path, error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database; its write-ahead log goes into it."""
        self._database.close()

    @property
    def exercise(self) -> str:
        """The name of the exercise."""
        return str(self._run[0])

    @property
    def title(self) -> str:
        """The title of the exercise."""
        return str(self._run[1])

    @property
    def functions(self) -> tuple[tuple[str, int], ...]:
        """The exercise's functions with their points, as they were when the class was graded first."""
        return tuple((str(name), int(points)) for name, points in json.loads(self._run[2]))

    @property
    def refused(self) -> tuple[tuple[str, str], ...]:
        """What the last run refused to grade: name and reason."""
        (text,) = self._database.execute("SELECT refused FROM run").fetchone()
        return tuple((str(name), str(reason)) for name, reason in json.loads(text))

    def put_refused(self, refused: Sequence[tuple[str, str]]) -> None:
        """Store what this run refuses to grade."""
        self._do("UPDATE run SET refused=?", (json.dumps(refused),))

    def known(self) -> dict[str, Known]:
        """Return what is known of each student."""
        columns = "student, key, raw_score, score, seconds_late, handed_in, is_errored, is_written"
        rows = self._database.execute(f"SELECT {columns} FROM submission")  # noqa: S608 - our own words
        return {row[0]: Known(*row[1:]) for row in rows}

    def put(self, entry: Entry) -> None:
        """Store a row, in a transaction of its own; OSError where the disk does not take it."""
        graded = entry.graded
        values = (
            graded.student, graded.file, graded.sha256, entry.key, entry.hidden_seed,
            graded.raw_score, graded.max_score, graded.seconds, entry.handed_in, graded.seconds_late, graded.score,
            zlib.compress(entry.report.encode()), zlib.compress(entry.page.encode()), _packed(graded.fingerprint),
            int(graded.is_errored),
        )  # fmt: skip
        self._do("INSERT OR REPLACE INTO submission VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0)", values)

    def put_times(self, student: str, handed_in: str | None, seconds_late: float, score: float) -> None:
        """Store when a submission came and what counts of it; its verdict stays."""
        values = (handed_in, seconds_late, score, student)
        self._do("UPDATE submission SET handed_in=?, seconds_late=?, score=? WHERE student=?", values)

    def mark_written(self, student: str) -> None:
        """Store that a student's files stand beside the database."""
        self._do("UPDATE submission SET is_written=1 WHERE student=?", (student,))

    def files_of(self, student: str) -> tuple[str, str]:
        """Return a student's JSON report and feedback page."""
        row = self._database.execute("SELECT report, page FROM submission WHERE student=?", (student,)).fetchone()
        return zlib.decompress(row[0]).decode(), zlib.decompress(row[1]).decode()

    def rows(self) -> Iterator[Graded]:
        """Go through the class by student, one row at a time."""
        columns = (
            "student, file, sha256, raw_score, score, max_score, seconds_late, seconds, report, fingerprint, is_errored"
        )
        with closing(self._database.cursor()) as cursor:
            for row in cursor.execute(f"SELECT {columns} FROM submission ORDER BY student"):  # noqa: S608
                plain: tuple[Any, ...] = row[:8]
                yield Graded(*plain, json.loads(zlib.decompress(row[8])), _unpacked(row[9]), bool(row[10]))

    def _open(self, path: Path, create: Exercise | None) -> None:
        # A lock for as long as it is open; with WAL, readers would otherwise see the middle of a run as its end.
        self._database.execute("PRAGMA locking_mode=EXCLUSIVE")
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")  # kill -9 loses nothing, a power cut whole rows
        self._database.execute("BEGIN EXCLUSIVE")
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise UserError(
                f"{path} was written by a newer version of the kit (schema {version}, this one knows {VERSION}); "
                "use that version, or another --output"
            )
        if version == 0 and create is not None:
            self._create(create)
        self._database.execute("COMMIT")
        self._run = self._database.execute("SELECT exercise, title, functions FROM run").fetchone()
        if create is not None and self.exercise != create.name:
            raise UserError(f"{path.parent} holds the grades of {self.exercise}; name another folder for {create.name}")

    def _create(self, exercise: Exercise) -> None:
        for statement in SCHEMA.split(";"):
            self._database.execute(statement)
        values = (exercise.name, exercise.title, json.dumps(exercise.functions))
        self._database.execute("INSERT INTO run VALUES (?,?,?,'[]')", values)
        self._database.execute(f"PRAGMA user_version={VERSION}")

    def _do(self, statement: str, values: Sequence[object]) -> None:
        """Run a statement as a transaction of its own, which is what sqlite3 does outside of one."""
        try:
            self._database.execute(statement, values)
        except sqlite3.Error as error:
            raise OSError(f"{FILE} cannot be written: {error}") from None


def _packed(numbers: Sequence[int]) -> bytes:
    packed = array.array("I", numbers)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def _unpacked(data: bytes) -> tuple[int, ...]:
    packed = array.array("I", data)
    if sys.byteorder == "big":
        packed.byteswap()
    return tuple(packed)


def _unusable(path: Path, error: sqlite3.Error) -> UserError:
    text = str(error)
    if "locked" in text:
        return UserError(f"another `course grade` is writing to {path.parent}; wait for it, or name another folder")
    if "unable to open" in text or "readonly" in text:
        return UserError(f"{path} cannot be written; check the folder's permissions, or name another with --output")
    if "full" in text:
        return UserError(f"there is no space left for {path}; free some, or name another folder with --output")
    return UserError(f"{path} is no database of grades ({text}); move it away, or name another folder with --output")
