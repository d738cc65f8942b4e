"""What the audit sees in checks that were made weak; `course check` says that those of the kit are not."""

from dataclasses import replace
from typing import Any

import pytest
from places import KIT

from autograder.authoring.catalog import find_exercise
from autograder.checking import CaseGenerator, CaseRecorder
from autograder.grading import evaluation
from autograder.grading.mistakes import Mistake, scaled
from autograder.publish.rehearsal import Rehearsal
from autograder.publish.sharpness import blunt_checks, mistake_faults

EXERCISE = find_exercise(KIT, "exercise2")


@pytest.fixture
def rehearsal() -> Rehearsal:
    return Rehearsal(EXERCISE)


def faults(rehearsal: Rehearsal) -> list[str]:
    """What is wrong with the checks, each once."""
    return list(dict.fromkeys(fault for found in blunt_checks(rehearsal).values() for fault in found))


def of_one_sample(judge: CaseRecorder, draw: CaseGenerator) -> None:
    for _ in draw.sizes(1, 1):
        judge(draw.vector(1), draw.vector(1))


def test_a_tolerance_of_a_hundredth_is_seen_in_each_check(monkeypatch, rehearsal):
    monkeypatch.setattr(evaluation, "DOUBLE_TOLERANCE", 1e-2)
    text = "all its checks let through what is slightly off; mend DOUBLE_TOLERANCE in autograder/grading/comparing.py"
    assert faults(rehearsal) == [text]


def test_a_wide_scale_of_one_function_is_seen(monkeypatch, rehearsal):
    expect = rehearsal.oracles.expect

    def widely(function: str, *arguments: Any) -> Any:
        right = expect(function, *arguments)
        return replace(right, scale=1e6 * right.scale) if function == "loss" else right

    monkeypatch.setattr(rehearsal.oracles, "expect", widely)
    assert "all checks of loss let through what is slightly off; its oracle's scale in " in faults(rehearsal)[0]


@pytest.mark.parametrize("name", ["loss_half_sum_of_squares", "loss_any_size"])
def test_a_check_cut_down_to_one_sample_is_seen(rehearsal, name):
    rehearsal.checks = tuple(
        replace(each, body=of_one_sample) if each.check.name == name else each for each in rehearsal.checks
    )
    assert faults(rehearsal) == [f"{name} has cases of one sample only; add one of several"]


@pytest.mark.parametrize("name", [name for name, _ in EXERCISE.functions])
def test_a_hidden_check_that_is_gone_is_missed(rehearsal, name):
    rehearsal.checks = tuple(
        each for each in rehearsal.checks if each.check.visibility == "visible" or each.check.function != name
    )
    assert faults(rehearsal) == [f"{name} may be right in the visible cases alone; add a hidden check"]


def mistaken(**factors: float) -> Rehearsal:
    """The exercise with no other known mistakes than these of its loss."""
    rehearsal = Rehearsal(EXERCISE)
    known = [
        Mistake("loss", name.replace("_", "-"), "{parts}", "?", scaled("loss", by)) for name, by in factors.items()
    ]
    rehearsal.bank.mistakes.clear()
    rehearsal.bank.mistakes["loss"] = tuple(known)
    return rehearsal


def test_a_known_mistake_is_caught_and_named():
    assert mistake_faults(mistaken(half_dropped=2, sign_flipped=-1)) == []


def test_a_mistake_that_costs_nothing_is_a_fault():
    [fault] = mistake_faults(mistaken(half_dropped=1))
    assert fault == "the mistake half-dropped of loss costs nothing; add a case in which it shows"


def test_mistakes_that_no_case_tells_apart_are_faults():
    one, other = mistake_faults(mistaken(half_dropped=2, something_else=2))
    assert one.startswith("the mistake half-dropped of loss is called nothing; draw a case that tells it from others")
    assert other.startswith("the mistake something-else of loss is called nothing; ")


def test_a_mistake_may_go_by_the_name_that_says_more():
    found = mistake_faults(mistaken(mean_not_sum=3, two_over_n=3))
    assert found == []


def test_a_mistake_of_nobody_is_a_fault():
    rehearsal = mistaken()
    rehearsal.bank.mistakes["lose"] = (Mistake("lose", "half-dropped", "", "", scaled("loss", 2)),)
    assert mistake_faults(rehearsal) == ["the mistake half-dropped is of no graded function; correct its name"]
