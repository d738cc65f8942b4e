"""The order of the readings, and that a loop which never ends is not waited for again and again."""

import pytest

from autograder.grading.evaluation import CheckFailed
from autograder.grading.readings import Reading, Trial, further_readings
from autograder.model import Check, CheckResult, message

AS_SUBMITTED, FRESH_WORKER, REFERENCE_HELPERS, ALL_REFERENCE_HELPERS = Reading


@pytest.mark.parametrize(
    ("right", "wrong", "are_answered", "further"),
    [
        # what is wrong beside others may be right by itself, whatever it is
        (0, 0, True, [FRESH_WORKER]),
        # right helpers may be wrong at what only this function gives, or leave something behind
        (2, 0, True, [ALL_REFERENCE_HELPERS, FRESH_WORKER]),
        # wrong helpers may be what makes it wrong
        (0, 2, True, [REFERENCE_HELPERS, FRESH_WORKER]),
        (1, 1, True, [ALL_REFERENCE_HELPERS, FRESH_WORKER, REFERENCE_HELPERS]),
        # where nobody answers, a wrong one that is asked blocks it
        (0, 2, False, [FRESH_WORKER, REFERENCE_HELPERS]),
        (2, 0, False, [FRESH_WORKER]),
    ],
)
def test_the_further_readings(right, wrong, are_answered, further):
    found = further_readings(right_helpers=right, wrong_helpers=wrong, are_answered=are_answered)
    assert list(found) == further


def trial() -> Trial:
    return Trial(CheckResult(Check("check_f", "f", "does", 1, "visible", (), "?"), "failed", 0))


@pytest.mark.parametrize("kind", ["late", "value"])
@pytest.mark.parametrize(
    ("is_alone", "has_own", "asks", "is_over"),
    [
        (True, False, False, True),
        (False, False, False, False),  # another function may have left something behind
        (True, True, False, False),  # a helper may be what is wrong
        (True, False, True, False),  # the reference's answers may be wrong for it
    ],
)
def test_when_no_other_reading_would_turn_it(kind, is_alone, has_own, asks, is_over):
    tried = trial()
    failure = CheckFailed(kind, message("no"))
    tried.fails(failure, AS_SUBMITTED, is_alone=is_alone, has_own=has_own, asks=asks, is_patient=True)
    assert (tried.is_over, tried.has_asked) == (is_over, asks)


def test_what_had_not_its_full_time_may_turn_out_otherwise():
    tried = trial()
    short, full = (CheckFailed("late", message(text)) for text in ("after 1.5 seconds", "after 6 seconds"))
    tried.fails(short, AS_SUBMITTED, is_alone=True, has_own=False, asks=False, is_patient=False)
    lost = CheckFailed("lost", message("it ended"))
    tried.fails(lost, FRESH_WORKER, is_alone=True, has_own=False, asks=False, is_patient=True)
    assert (tried.is_over, tried.shown) == (False, short)
    tried.fails(full, FRESH_WORKER, is_alone=True, has_own=False, asks=False, is_patient=True)
    assert (tried.is_over, tried.shown) == (True, full)
