"""What a class's grading leaves behind: `grades.db`, an SQLite file from which all other files can be made again.

Each submission is one row, written in one transaction as soon as it is graded, so that a run that is killed loses only
what was in flight.
"""

import json
import sqlite3
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, fields
from decimal import Decimal
from pathlib import Path
from typing import Any, Self

import numpy as np

from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.model import ClassRow, CountedScore
from autograder.report import html
from autograder.report import json as json_report

FILE = "grades.db"
VERSION = 1  # of the schema, as `PRAGMA user_version`
PACKED = "<u4"  # the hashes of a fingerprint
BUSY_SECONDS = 2.0
TABLES = {"run", "submission"}
SCHEMA = """
CREATE TABLE run (  -- one row; functions are [[name, points]] in JSON, refused what was refused last, [[name, reason]]
    exercise TEXT NOT NULL, title TEXT NOT NULL, functions TEXT NOT NULL, refused TEXT NOT NULL
);
CREATE TABLE submission (  -- file is the path in the folder of submissions, the hash that of its bytes
    student TEXT PRIMARY KEY, file TEXT NOT NULL, sha256 TEXT NOT NULL,
    key TEXT NOT NULL,  -- of all that the verdict depends on; nothing where it is to be graded again
    hidden_seed TEXT NOT NULL,  -- what hidden cases depend on besides the seed: for the instructor's eyes only
    raw_score INTEGER NOT NULL, max_score INTEGER NOT NULL, seconds REAL NOT NULL,  -- as in the report
    handed_in TEXT, seconds_late REAL NOT NULL, score REAL NOT NULL,  -- ISO 8601 if there is a deadline; what counts
    report BLOB NOT NULL, page BLOB NOT NULL,  -- the JSON report and the feedback page, compressed by zlib
    fingerprint BLOB NOT NULL,  -- by which near-identical files are found: 32-bit hashes, little-endian
    is_errored INTEGER NOT NULL, is_written INTEGER NOT NULL  -- 1 for no verdict; 1 once its files stand beside this
) WITHOUT ROWID;
"""


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


class Store:
    """The database of one exercise's class; a context manager that closes it.

    One process at a time: a second one on the same folder is refused. `folder` is where it lies; `exercise`, `title`
    and `functions`, with their points, are the exercise's as they were when the class was graded last.
    """

    def __init__(self, folder: Path, *, create: Exercise | None = None) -> None:
        """Open the store of a folder, or with `create` begin one where there is none; UserError says what is wrong."""
        self.folder, self._path = folder, folder / FILE
        if create is None and not self._path.is_file():
            raise UserError(f"there is no {FILE} in {folder}; grade a class into it first: course grade")
        try:
            self._database = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
        except sqlite3.Error as error:
            raise _unusable(self._path, error) from None
        try:
            self._open(create)
        except BaseException:
            self._database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._database.close()  # its write-ahead log goes into it

    @property
    def refused(self) -> tuple[tuple[str, str], ...]:
        """What the last run refused to grade: name and reason."""
        (text,) = self._one("SELECT refused FROM run")
        return tuple((str(name), str(reason)) for name, reason in json.loads(text))

    def put_refused(self, refused: Sequence[tuple[str, str]]) -> None:
        """Store what this run refuses to grade."""
        self._do("UPDATE run SET refused=?", (json.dumps(refused),))

    def known(self, student: str) -> StoredState | None:
        """Return what is known of a student; None where nothing is."""
        names = ", ".join(one.name for one in fields(StoredState))
        for row in self._select(f"SELECT {names} FROM submission WHERE student=?", student):  # noqa: S608 - our words
            return StoredState(*row[:-2], *map(bool, row[-2:]))
        return None

    def students(self) -> Iterator[str]:
        """Go through the names of all students that have a row."""
        yield from (str(name) for (name,) in self._select("SELECT student FROM submission ORDER BY student"))

    def put(self, row: ClassRow, key: str, hidden_seed: str, handed_in: str | None, report: str, page: str) -> None:
        """Store a row, in a transaction of its own; UserError where the disk does not take it."""
        values = (
            row.student, row.file, row.sha256, key, hidden_seed,
            row.raw_score, row.max_score, row.seconds, handed_in, row.seconds_late, row.score,
            zlib.compress(report.encode()), zlib.compress(page.encode()),
            np.array(row.fingerprint, PACKED).tobytes(), int(row.is_errored),
        )  # fmt: skip
        self._do("INSERT OR REPLACE INTO submission VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0)", values)

    def put_times(self, student: str, handed_in: str | None, seconds_late: float, score: float) -> None:
        """Store when a submission came and what counts of it; its verdict stays, its files are to be written again."""
        values = (handed_in, seconds_late, score, student)
        self._do("UPDATE submission SET handed_in=?, seconds_late=?, score=?, is_written=0 WHERE student=?", values)

    def mark_written(self, student: str) -> None:
        """Store that a student's files stand beside the database."""
        self._do("UPDATE submission SET is_written=1 WHERE student=?", (student,))

    def files_of(self, student: str) -> tuple[str, str]:
        """Return a student's JSON report and feedback page, with what lateness took."""
        names = "report, page, raw_score, score, seconds_late, handed_in, max_score"
        report, page, earned, score, late, handed_in, max_score = self._one(
            f"SELECT {names} FROM submission WHERE student=?",  # noqa: S608 - our words
            student,
        )
        counted = CountedScore(earned, Decimal(str(score)), late if handed_in else None)
        return (
            json_report.with_lateness(zlib.decompress(report).decode(), counted),
            html.with_lateness(zlib.decompress(page).decode(), counted, max_score),
        )

    def rows(self) -> Iterator[ClassRow]:
        """Go through the class by student, one row at a time."""
        names = "student, file, sha256, raw_score, score, max_score, seconds_late, seconds, handed_in"
        statement = f"SELECT report, fingerprint, is_errored, {names} FROM submission ORDER BY student"  # noqa: S608
        for report, fingerprint, is_errored, *plain in self._select(statement):
            values = dict(zip(names.split(", "), plain, strict=True))
            full, prints = json.loads(zlib.decompress(report)), tuple(np.frombuffer(fingerprint, PACKED).tolist())
            yield ClassRow(**values, report=full, fingerprint=prints, is_errored=bool(is_errored))

    def _open(self, create: Exercise | None) -> None:
        # A lock for as long as it is open; with WAL, readers would otherwise see the middle of a run as its end.
        self._do("PRAGMA locking_mode=EXCLUSIVE")
        self._do("BEGIN EXCLUSIVE")
        self._require_ours(create)
        self._do("COMMIT")
        self._do("PRAGMA journal_mode=WAL")
        self._do("PRAGMA synchronous=NORMAL")  # kill -9 loses nothing, a power cut whole rows
        self._do("BEGIN")
        if create is not None:
            self._begin(create)
        self.exercise, self.title, functions = self._one("SELECT exercise, title, functions FROM run")
        self.functions = tuple((str(name), int(points)) for name, points in json.loads(functions))
        self._do("COMMIT")

    def _require_ours(self, create: Exercise | None) -> None:
        """Change nothing in what another program, or a later version of this one, has written."""
        (version,) = self._one("PRAGMA user_version")
        tables = {name for (name,) in self._select("SELECT name FROM sqlite_master WHERE type='table'")}
        if version > VERSION:
            raise UserError(
                f"{self._path} was written by a newer version of the kit (schema {version}, this one knows {VERSION}); "
                "use that version, or name another folder"
            )
        if version == 0 and not tables:
            if create is None:
                raise UserError(f"there are no grades in {self.folder} yet; grade a class into it: course grade")
        elif version != VERSION or not tables >= TABLES:
            raise _foreign(self._path)

    def _begin(self, exercise: Exercise) -> None:
        """Make the tables where there are none, and store what the exercise is by now."""
        functions = json.dumps(exercise.functions)
        if self._one("PRAGMA user_version") == (0,):
            for statement in SCHEMA.split(";\n"):
                self._do(statement)
            self._do("INSERT INTO run VALUES (?,?,?,'[]')", (exercise.name, exercise.title, functions))
            self._do(f"PRAGMA user_version={VERSION}")
        (stored,) = self._one("SELECT exercise FROM run")
        if stored != exercise.name:
            raise UserError(f"{self.folder} holds the grades of {stored}; name another folder for {exercise.name}")
        self._do("UPDATE run SET title=?, functions=?", (exercise.title, functions))

    def _select(self, statement: str, *values: object) -> Generator[tuple[Any, ...], None, None]:
        with closing(self._database.cursor()) as cursor:
            try:
                yield from cursor.execute(statement, values)
            except sqlite3.Error as error:
                raise _unusable(self._path, error) from None

    def _one(self, statement: str, *values: object) -> tuple[Any, ...]:
        with closing(self._select(statement, *values)) as rows:
            for row in rows:
                return row
        raise _foreign(self._path, "a row is missing")

    def _do(self, statement: str, values: Sequence[object] = ()) -> None:
        """Run a statement: outside of BEGIN and COMMIT, a transaction of its own."""
        try:
            self._database.execute(statement, values).close()
        except sqlite3.Error as error:
            raise _unusable(self._path, error) from None


def _unusable(path: Path, error: sqlite3.Error) -> UserError:
    """Return what to tell the user of an error, by SQLite's primary code for it."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return UserError(f"another `course` is at work in {path.parent}; wait for it, or name another folder")
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return UserError(f"{path} cannot be written; check the folder's permissions, or name another folder")
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return UserError(f"{path} cannot be written ({error}); make room, and run again: what is graded is stored")
    return _foreign(path, str(error))


def _foreign(path: Path, how: str = "it has other tables") -> UserError:
    return UserError(f"{path} is no database of grades ({how}); move it away, or name another folder")
