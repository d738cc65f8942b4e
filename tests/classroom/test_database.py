"""The file: what an earlier version of the kit has stored is brought up to date, and nothing of it is lost."""

import sqlite3

from classes import EXERCISE

from autograder.classroom.database import FILE, VERSION
from autograder.classroom.store import Store

FIRST = """
CREATE TABLE run (exercise TEXT NOT NULL, title TEXT NOT NULL, functions TEXT NOT NULL, refused TEXT NOT NULL);
CREATE TABLE submission (
    student TEXT PRIMARY KEY, file TEXT NOT NULL, sha256 TEXT NOT NULL, key TEXT NOT NULL, hidden_seed TEXT NOT NULL,
    raw_score INTEGER NOT NULL, max_score INTEGER NOT NULL, seconds REAL NOT NULL,
    handed_in TEXT, seconds_late REAL NOT NULL, score REAL NOT NULL, report BLOB NOT NULL, page BLOB NOT NULL,
    fingerprint BLOB NOT NULL, is_errored INTEGER NOT NULL, is_written INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO run VALUES ('exercise2', 'Two layers', '[["forward", 3]]', '[["eve.zip", "is an archive"]]');
INSERT INTO submission VALUES
    ('ann', 'ann.py', '00', 'k', 'h', 5, 30, 1.5, NULL, 60.0, 4.5, x'789c030000000001', x'789c030000000001', x'', 0, 1);
PRAGMA user_version=1;
"""


def test_the_store_of_an_earlier_version_is_brought_up_to_date(tmp_path):
    database = sqlite3.connect(tmp_path / FILE)
    database.executescript(FIRST)
    database.close()
    for _ in range(2):
        with Store(tmp_path) as store:
            assert (store.exercise, store.title, store.functions) == ("exercise2", "Two layers", (("forward", 3),))
            assert (store.rule, store.refused, store.is_course) == ("", (("eve.zip", "is an archive"),), False)
            [ann] = store.standings()
            assert (ann.student, ann.score, ann.raw_score, ann.seconds_late) == ("ann", 4.5, 5, 60.0)
            assert (store.known("ann").key, store.files_of("ann")) == ("k", ("", ""))
            assert store._database.execute("PRAGMA user_version").fetchone() == (VERSION,)
    with Store(tmp_path, create=EXERCISE) as store:
        assert (store.title, store.known("ann").raw_score) == (EXERCISE.title, 5)
