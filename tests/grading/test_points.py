"""What functions earn, as a table; and whatever becomes of the checks, nothing is lost or won in adding up."""

import itertools
import random

import pytest

from autograder.grading.points import earned
from autograder.model import Check, CheckResult, Outcome

OUTCOMES: tuple[Outcome, ...] = ("passed", "failed", "not_attempted", "blocked", "errored")


def results(*checks: tuple[str, int, Outcome]) -> tuple[CheckResult, ...]:
    return tuple(
        CheckResult(Check(f"{function}_{at}", function, "", "visible", points, (), ""), outcome, points)
        for at, (function, points, outcome) in enumerate(checks)
    )


@pytest.mark.parametrize(
    ("outcomes", "by_function", "by_check"),
    [
        (("passed", "passed", "passed"), [2, 3, 1], [2, 3, 1]),
        (("passed", "failed", "passed"), [0, 0, 1], [2, 0, 1]),
        (("failed", "passed", "passed"), [0, 0, 1], [0, 3, 1]),
        (("failed", "blocked", "failed"), [0, 0, 0], [0, 0, 0]),
        (("passed", "not_attempted", "errored"), [0, 0, 0], [2, 0, 0]),
    ],
)
def test_points_by_function_and_by_check(outcomes, by_function, by_check):
    checks = results(*zip(("double", "double", "half"), (2, 3, 1), outcomes, strict=True))
    assert [one.score for one in earned(checks, "function")] == by_function
    assert [one.score for one in earned(checks, "check")] == by_check


@pytest.mark.parametrize("credit", ["function", "check"])
def test_who_has_broken_the_rule_earns_nothing_for_that_function(credit):
    checks = results(("double", 2, "passed"), ("double", 3, "failed"), ("half", 1, "passed"))
    assert [one.score for one in earned(checks, credit, {"double"})] == [0, 0, 1]


def test_sums_are_exact_whatever_becomes_of_the_checks():
    draw = random.Random(18)
    for outcomes in itertools.product(OUTCOMES, repeat=4):
        points = [draw.randint(0, 9) for _ in outcomes]
        checks = results(*zip("ffgg", points, outcomes, strict=True))
        by_check, by_function = (earned(checks, credit) for credit in ("check", "function"))
        assert [one.score for one in by_check] == [
            worth if outcome == "passed" else 0 for worth, outcome in zip(points, outcomes, strict=True)
        ]
        assert all(one.score <= other.score for one, other in zip(by_function, by_check, strict=True))
        for one in ("f", "g"):
            own = [each for each in by_function if each.check.function == one]
            total = sum(each.check.points for each in own)
            assert sum(each.score for each in own) == (total if all(e.outcome == "passed" for e in own) else 0)
