"""The order of the readings, and that a loop which never ends is not waited for again and again."""

import pytest

from autograder.grading.evaluation import CheckFailed
from autograder.grading.readings import Reading, Trial, next_reading
from autograder.model import Check, CheckResult, message

AS_SUBMITTED, FRESH_WORKER, REFERENCE_HELPERS, ALL_REFERENCE_HELPERS = Reading


@pytest.mark.parametrize(
    ("tried", "right", "wrong", "further"),
    [
        # what is wrong beside others may be right by itself, whatever it is
        (AS_SUBMITTED, 0, 0, FRESH_WORKER),
        (AS_SUBMITTED, 2, 0, FRESH_WORKER),
        (AS_SUBMITTED, 0, 2, FRESH_WORKER),
        # wrong helpers may be what makes it wrong
        (FRESH_WORKER, 0, 1, REFERENCE_HELPERS),
        (FRESH_WORKER, 1, 1, REFERENCE_HELPERS),
        # right ones may be wrong at what only this function gives, or leave something behind
        (FRESH_WORKER, 2, 0, ALL_REFERENCE_HELPERS),
        (REFERENCE_HELPERS, 1, 1, ALL_REFERENCE_HELPERS),
        # nobody is there who could help
        (FRESH_WORKER, 0, 0, None),
        (REFERENCE_HELPERS, 0, 2, None),
        (ALL_REFERENCE_HELPERS, 1, 1, None),
    ],
)
def test_the_next_reading(tried, right, wrong, further):
    assert next_reading(tried, right_helpers=right, wrong_helpers=wrong) is further


@pytest.mark.parametrize(
    ("reading", "is_alone", "has_helpers", "is_over"),
    [
        (AS_SUBMITTED, True, False, True),
        (AS_SUBMITTED, True, True, False),  # a helper may be what loops
        (AS_SUBMITTED, False, False, False),  # or what another function has left behind
        (REFERENCE_HELPERS, True, True, True),
    ],
)
def test_a_loop_of_its_own_is_waited_for_once(reading, is_alone, has_helpers, is_over):
    trial = Trial(CheckResult(Check("check_f", "f", "does", 1, "visible", (), "?"), "failed", 0))
    short, full = (CheckFailed("late", message(text)) for text in ("after 1.5 seconds", "after 6 seconds"))
    trial.failures[AS_SUBMITTED] = short
    trial.runs_late(full, reading, is_alone=is_alone, has_helpers=has_helpers)
    assert trial.is_over is is_over
    assert trial.shown is full
