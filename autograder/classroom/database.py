"""`grades.db` as a file: opened by one process at a time, its tables made or brought up to date, errors in a line."""

import os
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from autograder.errors import UserError

FILE = "grades.db"
VERSION = 2  # of the schema, as `PRAGMA user_version`
BUSY_SECONDS = 2.0
NONE_YET = "there are no grades in {} yet; grade a class into it: course grade"
TABLES = {1: {"run", "submission"}, 2: {"class", "exercise", "submission"}}
SCHEMA = """
CREATE TABLE class (  -- one row; weights is {exercise: number} in JSON
    is_course INTEGER NOT NULL,  -- 1 where exercises lie in folders of their own
    roster TEXT NOT NULL, weights TEXT NOT NULL  -- roster: [[student, name, email, is withdrawn]] in JSON
);
CREATE TABLE exercise (  -- functions are [[name, points]] in JSON, refused [[name, reason, student]] of the last run
    name TEXT PRIMARY KEY, title TEXT NOT NULL, functions TEXT NOT NULL, refused TEXT NOT NULL,
    rule TEXT NOT NULL  -- by which the class was graded, in JSON; nothing where nobody knows
);
CREATE TABLE submission (  -- file is the path in the folder of submissions, the hash that of its bytes
    exercise TEXT NOT NULL, student TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL,
    key TEXT NOT NULL,  -- of all that the verdict depends on; nothing where it is to be graded again
    hidden_seed TEXT NOT NULL,  -- what hidden cases depend on besides the seed: for the instructor's eyes only
    raw_score INTEGER NOT NULL, max_score INTEGER NOT NULL, seconds REAL NOT NULL,  -- as in the report
    handed_in TEXT, seconds_late REAL NOT NULL, score REAL NOT NULL,  -- ISO 8601 if there is a deadline; what counts
    report BLOB NOT NULL, page BLOB NOT NULL,  -- the JSON report and the feedback page, compressed by zlib
    fingerprint BLOB NOT NULL,  -- by which near-identical files are found: 32-bit hashes, little-endian
    is_errored INTEGER NOT NULL, is_written INTEGER NOT NULL,  -- 1 for no verdict; 1 once its files stand beside this
    PRIMARY KEY (exercise, student)
) WITHOUT ROWID;
"""
# What a store of version 1 held: one exercise, without the rule.
UPGRADE = (
    "INSERT INTO class VALUES (0, '[]', '{}')",
    "INSERT INTO exercise SELECT exercise, title, functions, refused, '' FROM run",
    "INSERT INTO submission SELECT (SELECT exercise FROM run), * FROM old",
    "DROP TABLE old",
    "DROP TABLE run",
)


class NothingGraded(UserError):
    """There is no file of grades in a folder, or nothing in it."""


class GradesFile:
    """A connection to the file in a folder; statements outside of BEGIN and COMMIT are transactions of their own."""

    def __init__(self, folder: Path, *, create: bool) -> None:
        """Open it, or with `create` begin one where there is none; UserError says what is wrong."""
        self.folder, self.path = folder, folder / FILE
        if not create and not self.path.is_file():
            raise NothingGraded(f"there is no {FILE} in {folder}; grade a class into it first: course grade")
        try:
            self.connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
        except sqlite3.Error as error:
            raise _unusable(self.path, error) from None
        try:
            self._open(create=create)
        except BaseException:
            self.connection.close()
            raise

    def close(self) -> None:
        self.connection.close()  # its write-ahead log goes into it

    def select(self, statement: str, *values: object) -> Generator[tuple[Any, ...], None, None]:
        with closing(self.connection.cursor()) as cursor:
            try:
                yield from cursor.execute(statement, values)
            except sqlite3.Error as error:
                raise _unusable(self.path, error) from None

    def one(self, statement: str, *values: object) -> tuple[Any, ...]:
        with closing(self.select(statement, *values)) as rows:
            for row in rows:
                return row
        raise _foreign(self.path, "a row is missing")

    def do(self, statement: str, values: Sequence[object] = ()) -> None:
        try:
            self.connection.execute(statement, values).close()
        except sqlite3.Error as error:
            raise _unusable(self.path, error) from None

    def _open(self, *, create: bool) -> None:
        # A lock for as long as it is open; with WAL, readers would otherwise see the middle of a run as its end.
        self.do("PRAGMA locking_mode=EXCLUSIVE")
        self.do("BEGIN EXCLUSIVE")
        version = self._version(create=create)
        self.do("COMMIT")
        self.do("PRAGMA journal_mode=WAL")
        self.do("PRAGMA synchronous=NORMAL")  # kill -9 loses nothing, a power cut whole rows
        if version != VERSION:
            self._bring_up_to_date(version)

    def _version(self, *, create: bool) -> int:
        """Return the version of the tables; UserError where another program, or a later version of this, made them."""
        (version,) = self.one("PRAGMA user_version")
        tables = {name for (name,) in self.select("SELECT name FROM sqlite_master WHERE type='table'")}
        if version > VERSION:
            raise UserError(
                f"{self.path} was written by a newer version of the kit (schema {version}, this one knows {VERSION}); "
                "use that version, or name another folder"
            )
        if version == 0 and not tables:
            if not create:
                raise NothingGraded(NONE_YET.format(self.folder))
        elif version not in TABLES or not tables >= TABLES[version]:
            raise _foreign(self.path)
        return int(version)

    def _bring_up_to_date(self, version: int) -> None:
        """Make the tables, and move what an earlier version has stored into them, in one transaction."""
        self.do("BEGIN")
        if version:
            self.do("ALTER TABLE submission RENAME TO old")
        for statement in SCHEMA.split(";\n"):
            self.do(statement)
        for statement in UPGRADE if version else UPGRADE[:1]:
            self.do(statement)
        self.do(f"PRAGMA user_version={VERSION}")
        self.do("COMMIT")


def _unusable(path: Path, error: sqlite3.Error) -> UserError:
    """Return what to tell the user of an error, by SQLite's primary code for it."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return UserError(f"another `course` is at work in {path.parent}; wait for it, or name another folder")
    is_closed = not os.access(path.parent, os.W_OK)  # a disk that is mounted read-only fails as if it were full
    if is_closed or code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return UserError(f"{path} cannot be written; check the folder's permissions, or name another folder")
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return UserError(f"{path} cannot be written ({error}); make room, and run again: what is graded is stored")
    return _foreign(path, str(error))


def _foreign(path: Path, how: str = "it has other tables") -> UserError:
    return UserError(f"{path} is no database of grades ({how}); move it away, or name another folder")
