"""The rule of a class: what nobody says again goes on to hold, and another one is refused with what differs."""

from pathlib import Path

import pytest
from classes import EXERCISE, put

from autograder.classroom.rule import AskedRule, ClassRule, difference, settle, so_far, stored
from autograder.classroom.store import Store
from autograder.errors import UserError

TIMES = (b"student,time\nann,2026-12-01 10:00\n", Path("times.csv"))
FULL = AskedRule("2026-12-01 12:00 Europe/Berlin", "1 / day", TIMES, False, 4, "salt", "word", "check")


def agreed(asked: AskedRule = FULL, before: ClassRule | None = None, *, is_fresh: bool = False) -> ClassRule:
    return settle(asked, before, "the class", is_fresh=is_fresh)


def refusal(asked: AskedRule, before: ClassRule | None = None) -> str:
    with pytest.raises(UserError) as error:
        agreed(asked, before)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_what_is_not_said_again_holds():
    first = agreed()
    assert f"{first}" == (
        "deadline 2026-12-01 12:00:00 UTC+0100, late penalty 1/day, times of 1 student, seed 4, cases by student, "
        "COURSE_SECRET, credit by check"
    )
    assert agreed(AskedRule(secret="word"), first) == first
    assert agreed(FULL, first) == first
    assert first.moments["ann"].isoformat() == "2026-12-01T09:00:00+00:00"
    assert "word" not in stored(first)
    assert difference(first, agreed(AskedRule("2026-12-01 11:00 UTC", "1.0/day", secret="word"), first)) == ""
    assert f"{agreed(AskedRule())}" == ""


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (AskedRule("2026-12-02 12:00 UTC"), "UTC+0100 and is 2026-12-02 12:00:00 UTC+0000;"),
        (AskedRule("none"), "the deadline was 2026-12-01 12:00:00 UTC+0100 and is not set, the late penalty was 1/day"),
        (AskedRule(penalty="50%"), "the late penalty was 1/day and is 50%; leave that out to go on as before"),
        (AskedRule(penalty="none"), "the late penalty was 1/day and is none"),
        (AskedRule(seed=5), "the class was graded by another rule: the seed was 4 and is 5;"),
        (AskedRule(salt="other"), "--seed-per-student had another word"),
        (AskedRule(credit="function"), "the credit was check and is function"),
        (AskedRule(secret=""), "COURSE_SECRET was set and is not; set it as it was, or grade all again with --fresh"),
        (AskedRule(secret="other"), "COURSE_SECRET is not the one that it was"),
    ],
)  # fmt: skip
def test_another_rule_is_refused_unless_all_is_graded_again(asked, says):
    first = agreed()
    if not asked.secret and asked != AskedRule():
        asked = AskedRule(
            asked.deadline, asked.penalty, seed=asked.seed, salt=asked.salt, secret="word", credit=asked.credit
        )
    assert says in refusal(asked, first)
    assert agreed(asked, first, is_fresh=True) != first


def test_a_secret_where_there_was_none():
    assert "COURSE_SECRET is set and was not; leave that out" in refusal(AskedRule(secret="word"), agreed(AskedRule()))


def test_times_grow_as_students_hand_in():
    more = (b"student,time\nann,2026-12-01 10:00\nbob,2026-12-01 11:00\n", Path("times.csv"))
    assert list(agreed(AskedRule(times=more, secret="word"), agreed()).times) == ["ann", "bob"]


@pytest.mark.parametrize("asked", [AskedRule(penalty="20%"), AskedRule(times=TIMES), AskedRule("none", "20%")])
def test_lateness_needs_a_deadline(asked):
    assert "a late penalty needs a --deadline" in refusal(asked)


def test_a_deadline_without_a_zone_is_the_same_moment_elsewhere(monkeypatch):
    first = agreed(AskedRule("2026-12-01 12:00"))
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert (first.is_local, first.due.has_zone) == (True, False)
    assert agreed(AskedRule(), first).due == first.due


def test_what_a_folder_says(tmp_path):
    assert so_far(tmp_path, ["exercise2"])["exercise2"].rule is None
    with Store(tmp_path, create=EXERCISE) as store:
        store.put_rule(stored(agreed()))
    assert so_far(tmp_path, ["exercise2"])["exercise2"].rule is None  # nobody was graded by it
    with Store(tmp_path) as store:
        put(store, "ann")
    found = so_far(tmp_path, ["exercise1", "exercise2"])
    assert (found["exercise1"].rule, found["exercise2"].rule, found["exercise2"].students) == (None, agreed(), {"ann"})
