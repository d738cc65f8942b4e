"""The store: what is documented is there, a row is there whole or not at all, and what is not ours stays untouched."""

import json
import random
import signal
import sqlite3
import time
from dataclasses import replace
from pathlib import Path

import pytest
from classes import EXERCISE, put, row, script

import autograder.classroom.database
from autograder.classroom.database import FILE, SCHEMA, VERSION
from autograder.classroom.store import Store
from autograder.errors import UserError

OTHER = replace(EXERCISE, name="exercise1")


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Nobody waits for a lock in these tests."""
    monkeypatch.setattr(autograder.classroom.database, "BUSY_SECONDS", 0.05)


def filled(folder: Path, *students: str) -> Path:
    with Store(folder, create=EXERCISE) as store:
        for student in students:
            put(store, student)
    return folder / FILE


def refusal(folder: Path, create=EXERCISE) -> str:
    """What is said of a folder that cannot be used, in one line of the usual form."""
    with pytest.raises(UserError) as error:
        Store(folder, create=create)
    assert "\n" not in str(error.value)
    assert "; " in str(error.value)
    return str(error.value)


def test_what_is_stored_comes_back(tmp_path):
    with Store(tmp_path, create=EXERCISE) as store:
        put(store, "bob", is_errored=True)
        put(store, "ann", key="old")
        put(store, "ann", handed_in="2026-11-24T12:00:00+00:00", seconds_late=60.0, score=4.5)
        store.put_refused([("eve.zip", "is an archive; unpack it first")])
        store.mark_written("bob")
    with Store(tmp_path) as store:
        assert (store.exercise, store.title, store.functions) == ("exercise2", EXERCISE.title, EXERCISE.functions)
        assert store.folder == tmp_path
        assert store.refused == (("eve.zip", "is an archive; unpack it first"),)
        rows = list(store.rows())
        assert [(row.student, row.is_errored) for row in rows] == [("ann", False), ("bob", True)]
        assert list(store.students()) == ["ann", "bob"]
        dated = {"handed_in": "2026-11-24T12:00:00+00:00", "seconds_late": 60.0}
        assert rows[0] == replace(row("ann"), **dated, score=4.5, report={"score": 5})
        report, page = store.files_of("ann")
        assert (json.loads(report), page) == ({"score": 5}, "<p>ä")
        ann, bob = store.known("ann"), store.known("bob")
        assert (ann.key, ann.handed_in, ann.score, ann.is_written) == ("k", "2026-11-24T12:00:00+00:00", 4.5, False)
        assert (bob.is_errored, bob.is_written, bob.sha256) == (True, True, "0" * 64)
        assert store.known("eve") is None
        store.mark_written("ann")
        store.put_times("ann", None, 0.0, 5.0)
        assert not store.known("ann").is_written
        assert store.files_of("ann") == ('{"score": 5}', "<p>ä")
        assert (store.known("ann").handed_in, store.known("ann").score, store.known("ann").raw_score) == (None, 5.0, 5)


def test_the_schema_is_the_one_that_is_written_down(tmp_path):
    with sqlite3.connect(filled(tmp_path)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (VERSION,) == (2,)
        made = [statement for (statement,) in database.execute("SELECT sql FROM sqlite_master WHERE type='table'")]
    assert "".join(f"\n{statement};" for statement in made) + "\n" == SCHEMA
    database.close()


def test_a_row_is_one_transaction_as_it_comes(tmp_path):
    with Store(tmp_path, create=EXERCISE) as store:
        said: list[str] = []
        store._database.set_trace_callback(said.append)
        put(store, "ann")
        assert [statement.split()[0] for statement in said] == ["INSERT"]  # outside of BEGIN and COMMIT
        assert not store._database.in_transaction
        assert store._database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_second_run_on_the_folder_is_refused_until_the_first_ends(tmp_path):
    filled(tmp_path, "ann")
    with Store(tmp_path, create=EXERCISE) as store:
        assert refusal(tmp_path).startswith("another `course` is at work in ")
        assert refusal(tmp_path, create=None).startswith("another `course` is at work in ")
        put(store, "bob")
    with Store(tmp_path) as store:
        assert list(store.students()) == ["ann", "bob"]
        assert refusal(tmp_path).startswith("another `course` is at work in ")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"not a database, and longer than its header: " * 9, "is no database of grades (file is not a database)"),
        ("CREATE TABLE grade (id)", "is no database of grades (it has other tables)"),
        ("CREATE TABLE run (exercise); PRAGMA user_version=1", "is no database of grades (it has other tables)"),
        ("CREATE TABLE grade (id); PRAGMA user_version=-3", "is no database of grades (it has other tables)"),
        (f"{SCHEMA}; PRAGMA user_version=2", "is no database of grades (a row is missing)"),
        (f"{SCHEMA}; PRAGMA user_version=3", "was written by a newer version of the kit (schema 3, this one knows 2)"),
        ("CREATE TABLE future (x); PRAGMA user_version=77", "newer version of the kit (schema 77, this one knows 2)"),
    ],
)
def test_what_is_not_ours_is_refused_and_left_as_it_is(tmp_path, content, says):
    path = tmp_path / FILE
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        database = sqlite3.connect(path)
        database.executescript(content)
        database.close()
    before = path.read_bytes()
    for create in (EXERCISE, None):
        assert says in refusal(tmp_path, create)
    if "a row is missing" not in says:
        assert path.read_bytes() == before
        assert [entry.name for entry in tmp_path.iterdir()] == [FILE]


def test_the_grades_of_another_exercise_are_refused_and_stay(tmp_path):
    filled(tmp_path, "ann")
    assert "holds the grades of exercise2; name another folder for exercise1" in refusal(tmp_path, OTHER)
    with Store(tmp_path) as store:
        assert (store.exercise, list(store.students())) == ("exercise2", ["ann"])


def test_a_damaged_database_is_told_of(tmp_path):
    path = filled(tmp_path, *(f"student{number}" for number in range(300)))
    data = bytearray(path.read_bytes())
    data[8192:] = bytes(random.Random(1).randbytes(len(data) - 8192))
    path.write_bytes(data)
    with pytest.raises(UserError, match="is no database of grades"), Store(tmp_path) as store:
        list(store.rows())


@pytest.mark.parametrize("content", [None, b""])
def test_where_nothing_is_stored_there_is_nothing_to_read(tmp_path, content):
    if content is not None:
        (tmp_path / FILE).write_bytes(content)
    assert "grade a class into it" in refusal(tmp_path, create=None)
    filled(tmp_path, "ann")
    with Store(tmp_path) as store:
        assert list(store.students()) == ["ann"]


def test_an_exercise_that_has_changed_is_taken_over(tmp_path):
    filled(tmp_path, "ann")
    changed = replace(EXERCISE, title="Three layers", functions=(("forward", 4),))
    with Store(tmp_path, create=changed) as store:
        assert (store.title, store.functions) == ("Three layers", (("forward", 4),))
        assert list(store.students()) == ["ann"]


def test_a_folder_in_the_way_or_none_at_all(tmp_path):
    (tmp_path / FILE).mkdir()
    assert "cannot be written" in refusal(tmp_path)
    assert "cannot be written" in refusal(tmp_path / "none")


def test_a_full_disk_is_one_line_and_the_rows_before_it_stay(tmp_path):
    with Store(tmp_path, create=EXERCISE) as store:
        put(store, "ann")
        (pages,) = store._database.execute("PRAGMA page_count").fetchone()
        store._database.execute(f"PRAGMA max_page_count={pages + 2}")
        with pytest.raises(UserError, match=r"cannot be written \(database or disk is full\); make room"):
            put(store, "bob", page=random.Random(0).randbytes(50_000).hex())
        put(store, "eve")
        assert list(store.students()) == ["ann", "eve"]


@pytest.mark.system
def test_a_limit_on_the_size_of_files_is_told_as_a_full_disk(tmp_path):
    code = (
        "import resource, signal, sys; from pathlib import Path; from test_store import *\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "with Store(Path(sys.argv[1]), create=EXERCISE) as store:\n"
        "    for number in range(1000):\n"
        "        try: put(store, f'{number:04}')\n"
        "        except UserError as error: print(number, error); break\n"
    )
    out, err = script(code, tmp_path).communicate(timeout=60)
    assert "make room, and run again: what is graded is stored" in out, err
    with Store(tmp_path) as store:
        assert len(list(store.students())) == int(out.split()[0])


ENDLESS = (
    "import sys; from pathlib import Path; from test_store import *\n"
    "with Store(Path(sys.argv[1]), create=EXERCISE) as store:\n"
    "    print('open', flush=True)\n"
    "    for number in range(10**9):\n"
    "        put(store, f'student{number % 500}', raw_score=number, page='x' * (number % 9000))\n"
    "        store.mark_written(f'student{number % 500}')\n"
)


@pytest.mark.system
def test_what_kill_9_leaves_is_whole(tmp_path):
    moments = random.Random(3)
    for _ in range(8):
        process = script(ENDLESS, tmp_path)
        assert process.stdout.readline() == "open\n", process.stderr.read()
        time.sleep(moments.uniform(0.0, 0.2))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        with Store(tmp_path) as store:
            assert store._database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            for row in store.rows():
                assert store.files_of(row.student) == ('{"score": 5}', "x" * (row.raw_score % 9000))
    assert row is not None
