"""Deadlines, times and penalties."""

import os
import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from autograder.classroom.lateness import (
    Amount,
    Rule,
    counted,
    handed_in,
    of_students,
    parse_deadline,
    parse_rule,
    read_times,
    seconds_late,
)
from autograder.errors import UserError

HOUR, DAY = 3600, 86400
NOON = parse_deadline("2026-12-01 12:00 UTC")


@pytest.fixture
def berlin(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-12-01 23:59 UTC", "2026-12-01 23:59:00"),
        ("2026-12-01T23:59Z", "2026-12-01 23:59:00"),
        ("2026-12-01 23:59:58+01:00", "2026-12-01 22:59:58"),
        ("2026-12-01 23:59 -0530", "2026-12-02 05:29:00"),
        ("2026-07-01 23:59 Europe/Berlin", "2026-07-01 21:59:00"),
        ("2026-12-01 23:59 America/Los_Angeles", "2026-12-02 07:59:00"),
        (" 2026-12-01 23:59:58.5 GMT ", "2026-12-01 23:59:58.500000"),
        ("2026-12-01 23:59:58.123456 CET", "2026-12-01 22:59:58.123456"),
        ("2026-07-01 23:59 CEST", "2026-07-01 21:59:00"),
        ("2026-07-01 23:59 CET", "2026-07-01 22:59:00"),  # for a deadline the later moment
        ("2026-07-01 23:59 EDT", "2026-07-02 03:59:00"),
        ("2026-12-01 23:59 PST", "2026-12-02 07:59:00"),
        ("2026-07-01 23:59 BST", "2026-07-01 22:59:00"),
        ("2026-12-01T23:59:58.1234567+00:00", "2026-12-01 23:59:58.123456"),
        ("2026-12-01 23:59+01", "2026-12-01 22:59:00"),
        ("2026/12/01 11:59:00 PM GMT+1", "2026-12-01 22:59:00"),
        ("2026-12-01  11:59\u202fPM", "2026-12-01 22:59:00"),
        ("2026-12-01 23:59:00 -0800 (PST)", "2026-12-02 07:59:00"),
        ("Dienstag, 1. Dezember 2026, 23:59 MEZ", "2026-12-01 22:59:00"),
        ("Tuesday, 1 December 2026, 11:59 PM", "2026-12-01 22:59:00"),
        ("Tuesday, 1 December 2026, 23:59", "2026-12-01 22:59:00"),
        ("Dec 1, 2026 at 11:59pm", "2026-12-01 22:59:00"),
        ("Dec 1, 2026 12:05 AM EST", "2026-12-01 05:05:00"),
        ("December 1, 2026, 1:05:11 p.m. GMT+01:00", "2026-12-01 12:05:11"),
        ("2026-10-25 02:30 Europe/Berlin", "2026-10-25 01:30:00"),
        ("2026-03-29 02:30", "2026-03-29 01:30:00"),
        ("2026-07-01 23:59", "2026-07-01 21:59:00"),
        ("2026-12-01T23:59", "2026-12-01 22:59:00"),
    ],
)
@pytest.mark.usefixtures("berlin")
def test_a_deadline(text, utc):
    assert parse_deadline(text).moment.astimezone(UTC) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.usefixtures("berlin")
def test_a_deadline_says_when_it_is_local():
    assert str(parse_deadline("2026-12-01 23:59")) == "2026-12-01 23:59:00 UTC+0100 (local time)"
    assert str(parse_deadline("2026-12-01 23:59 Asia/Kolkata")) == "2026-12-01 23:59:00 UTC+0530"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("tomorrow", "is not a date and a time"),
        ("2026-12-01", "is not a date and a time"),
        ("01.12.2026 23:59", "is not a date and a time"),
        ("2026-12-01 24:59", "does not exist"),
        ("2026-02-30 12:00", "does not exist"),
        ("2026-12-01 23:59 Mars/Base", 'is in an unknown zone "Mars/Base"'),
        ("2026-12-01 23:59 CETX", "is in an unknown zone"),
        ("2026-12-01 23:59 IST", "is in an unknown zone"),
        ("2026-12-01 13:59 PM", "does not exist"),
        ("Nov 31, 2026 1:00", "does not exist"),
        ("31 décembre 2026 1:00", "does not exist (no month décembre)"),
        ("2026-12-01 23:59\n" + "x" * 999, '"2026-12-01 23:59\\n'),
        ("Dec 1 at 11:59pm", "is not a date and a time"),
        ("01/12/26, 23:59", "is not a date and a time"),
        ("2026-12-01 23:59 A/../../etc/passwd", "is not a date and a time"),
        ("2026-12-01 23:59 +99:99", "is in an unknown zone"),
        ("0001-01-01 00:00 +01:00", "is too far away"),
        ("9999-12-31 23:59 -01:00", "is too far away"),
        ("", "is not a date and a time"),
    ],
)
def test_no_deadline(text, reason):
    with pytest.raises(UserError, match="the deadline") as error:
        parse_deadline(text)
    assert reason in str(error.value)
    assert 'write it as "2026-12-01 23:59"' in str(error.value)


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [
        ("2026-12-01 11:59:59", 0),
        ("2026-12-01 12:00:00", 0),
        ("2026-12-01 12:00:01", 1),
        ("2026-12-02 12:00:00.5", DAY + 0.5),
        ("1999-01-01 00:00:00", 0),
    ],
)
def test_seconds_late(moment, seconds):
    assert seconds_late(datetime.fromisoformat(moment).replace(tzinfo=UTC), NOON) == seconds


def test_a_change_of_the_clocks_is_no_hour_late():
    before, after = (parse_deadline(f"2026-10-25 {hour}:00 Europe/Berlin") for hour in ("01", "04"))
    assert seconds_late(after.moment, before) == 4 * HOUR


# Penalties

POINTS = Amount(Decimal(5), is_percentage=False)
TENTH = Amount(Decimal(10), is_percentage=True)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("5", Rule(POINTS)),
        ("5/day", Rule(POINTS, DAY)),
        ("10%", Rule(TENTH)),
        ("10%/hour", Rule(TENTH, HOUR)),
        ("10%/day,max=50%", Rule(TENTH, DAY, Amount(Decimal(50), is_percentage=True))),
        (" 10 % / Day, max = 5", Rule(TENTH, DAY, POINTS)),
        ("0.5/day", Rule(Amount(Decimal("0.5"), is_percentage=False), DAY)),
    ],
)
def test_a_rule(text, rule):
    assert parse_rule(text) == rule


NO_RULES = ["", "%", "10%%", "-5/day", "10%/fortnight", "10%/day<=50%", "10%/day,max=", "nan", "1e3", "101%", "٣%"]


@pytest.mark.parametrize("text", [*NO_RULES, "5,max=200%"])
def test_no_rule(text):
    with pytest.raises(UserError, match=r"the late penalty .*; write it as 20%, 5/day or 10%/day,max=50%"):
        parse_rule(text)


@pytest.mark.parametrize(
    ("rule", "raw", "late", "score"),
    [
        ("10%/day", 30, 0, 30),
        ("10%/day", 30, -5, 30),
        ("10%/day", 30, 0.001, 27),
        ("10%/day", 30, DAY, 27),
        ("10%/day", 30, DAY + 0.001, 24),
        ("10%/day", 20, DAY, 17),  # of the exercise's points, not of those earned
        ("10%/day", 2, DAY, 0),
        ("10%/day", 0, 9 * DAY, 0),
        ("10%/day", 30, 1e12, 0),
        ("10%/day,max=50%", 30, 30 * DAY, 15),
        ("10%/day,max=4", 30, 30 * DAY, 26),
        ("10%/day,max=90%", 30, 2 * DAY, 24),
        ("5/day", 30, 2 * DAY, 20),
        ("1/hour", 30, 90 * 60, 28),
        ("20%", 30, 1, 24),
        ("20%", 30, 99 * DAY, 24),
        ("100%", 30, 1, 0),
        ("0%", 30, 1, 30),
        ("0.1%/hour", 29, 1, 28.97),
        ("0.05%", 30, 1, 29.99),  # 29.985: a half goes up
        ("0.15%", 30, 1, 29.96),  # 29.955: a half goes up, where rounding to even and floats go elsewhere
        ("33.333%", 30, 1, 20.0),
    ],
)
def test_what_counts(rule, raw, late, score):
    found = counted(raw, 30, late, parse_rule(rule))
    assert (found.earned, found.counts) == (raw, Decimal(str(score)))
    assert found.earned - found.penalty == found.counts >= 0


@pytest.mark.parametrize(
    ("late", "hours"), [(None, None), (0.0, "0"), (0.001, "0.01"), (36, "0.01"), (36.1, "0.02"), (77400.0, "21.5")]
)
def test_hours_late_are_0_for_what_came_in_time_alone(late, hours):
    for rule in (None, parse_rule("10%")):
        assert counted(5, 30, late, rule).hours_late == (hours and Decimal(hours))
    assert counted(5, 30, late, None).counts == 5


# Times


def test_times_are_read_beside_other_columns():
    text = '\ufeffName,Student, TIME \r\n"Doe, J",jo\u0308hn,2026-12-01 13:00Z\r\nX,bob,\r\nY,eve,2026-12-01T12:30\r\n'
    assert read_times(text.encode(), Path("times.csv"), NOON) == {
        "jöhn": NOON.moment + timedelta(hours=1),
        "eve": NOON.moment + timedelta(minutes=30),  # in the deadline's zone
    }


@pytest.mark.parametrize(
    ("time", "utc"),
    [
        ("2026-10-25 02:30", "2026-10-25 00:30:00"),
        ("2026-03-29 02:30", "2026-03-29 00:30:00"),
        ("2026-07-01 12:00 CET", "2026-07-01 10:00:00"),
        ("2026-10-25 02:30 CEST", "2026-10-25 00:30:00"),
    ],
)
def test_of_two_moments_a_student_came_at_the_earlier(time, utc):
    due = parse_deadline("2026-12-01 23:59 Europe/Berlin")
    assert read_times(f'student,time\nbob,"{time}"\n'.encode(), Path("t"), due) == {
        "bob": datetime.fromisoformat(utc).replace(tzinfo=UTC)
    }


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Jerusalem"])
def test_a_short_name_of_several_zones_is_that_of_the_deadline(zone):
    due = parse_deadline(f"2026-12-01 23:59 {zone}")
    assert read_times(b"student,time\nbob,2026-12-01 23:59 IST\n", Path("t"), due) == {"bob": due.moment}


@pytest.mark.usefixtures("berlin")
def test_times_are_local_where_the_deadline_is():
    times = read_times(b"student;time\nbob;2026-12-01 23:59\n", Path("t"), parse_deadline("2026-12-01 23:59"))
    assert times == {"bob": datetime(2026, 12, 1, 22, 59, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", 't.csv has no columns "student" and "time"'),
        ("student,when\nbob,2026-12-01 12:00\n", 'has no columns "student" and "time"'),
        (
            "student,time\nbob,2026-12-01 12:00\neve,yesterday\n",
            't.csv, line 3: the time "yesterday" is not a date and a time',
        ),
        ("student,time\n,2026-12-01 12:00\n", "line 2: there is no student"),
        ("student,time\nbob,2026-12-01 12:00\nbob,2026-12-01 12:00\n", "line 3: bob has a time already"),
        ("student,time\nbob,-\nbob,2026-13-01 12:00\n", "line 3: the time"),
        ('student,time\nbob,"x\ny"\n', 'the time "x y" is not'),
        ("student,time,time\nbob,,2026-12-01 12:00\n", "one each"),
    ],
)
def test_bad_times_name_their_line(text, reason):
    with pytest.raises(UserError) as error:
        read_times(text.encode(), Path("t.csv"), NOON)
    assert reason in str(error.value)
    assert str(error.value).isprintable()


def test_a_name_in_another_case_is_the_one_student_who_is_called_so():
    times = {"BOB": 1, "Eve": 2, "eve": 3, "Al": 4}
    assert of_students(times, ["bob", "eve", "al", "Cy"]) == {"bob": 1, "eve": 3, "al": 4}


def test_times_that_are_not_utf8():
    with pytest.raises(UserError, match=r"t\.csv is not saved as UTF-8"):
        read_times("student,time\nmüller,x".encode("latin-1"), Path("t.csv"), NOON)


def submitted(folder: Path, file: str, stamp: str | None = None) -> Path:
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    os.utime(path, (1_000_000_000, 1_000_000_000))
    if stamp is not None:
        (path.parent / "timestamp.txt").write_text(stamp)
    return path


FILE_TIME = datetime.fromtimestamp(1_000_000_000, UTC)
STAMP = "2015-02-02 15:58:23.948203 America/Los_Angeles\n"
STAMP_TIME = datetime(2015, 2, 2, 23, 58, 23, 948203, tzinfo=UTC)


@pytest.mark.parametrize(
    ("file", "stamp", "moment"),
    [
        ("bob.py", None, FILE_TIME),
        ("bob/exercise2/exercise2.ipynb", None, FILE_TIME),
        ("bob/exercise2/exercise2.ipynb", STAMP, STAMP_TIME),
        ("bob/exercise2/exercise2.py", "2015-02-02 23:58:23.948203 UTC", STAMP_TIME),
        ("bob/exercise2/exercise2.py", "2015-02-02 23:58:23.948203", STAMP_TIME),
        ("bob/exercise2/exercise2.py", "2015-02-02 15:58:23.948203 PST", STAMP_TIME),
        ("bob.py", STAMP, FILE_TIME),  # it lies among all students' files
        ("bob/exercise2.py", STAMP, FILE_TIME),  # it is the student's own
    ],
)
def test_when_it_was_handed_in(tmp_path, file, stamp, moment):
    assert handed_in("bob", submitted(tmp_path, file, stamp), {}) == moment


def test_the_list_wins(tmp_path):
    path = submitted(tmp_path, "bob/exercise2/exercise2.py", STAMP)
    assert handed_in("bob", path, {"bob": NOON.moment}) == NOON.moment
    assert handed_in("eve", path, {"bob": NOON.moment}) == STAMP_TIME


@pytest.mark.parametrize("stamp", ["", "nonsense", "2015-02-02 15:58 Mars/Base", "x" * 10_000_000])
def test_a_timestamp_that_cannot_be_read_is_not_made_up(tmp_path, stamp):
    with pytest.raises(ValueError, match=r'"[^"]{0,40}.*" in timestamp\.txt is '):
        handed_in("bob", submitted(tmp_path, "bob/exercise2/exercise2.py", stamp), {})


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_a_timestamp_that_is_no_file_is_not_read(tmp_path, kind):
    path = submitted(tmp_path, "bob/exercise2/exercise2.py")
    (tmp_path / "elsewhere").write_text(STAMP)
    at = path.parent / "timestamp.txt"
    {"link": lambda: at.symlink_to(tmp_path / "elsewhere"), "pipe": lambda: os.mkfifo(at), "folder": at.mkdir}[kind]()
    with pytest.raises(ValueError, match="no ordinary file"):
        handed_in("bob", path, {})
