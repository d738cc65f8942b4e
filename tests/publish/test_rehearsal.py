"""Checks tried on variants of a function; the others are the reference's, which call it as it is."""

import inspect
import re
from dataclasses import replace
from typing import Any

import pytest
from places import KIT

from autograder.authoring.catalog import find_exercise
from autograder.errors import UserError
from autograder.grading.mistakes import altered, scaled
from autograder.grading.verdict import CheckRunner
from autograder.publish.rehearsal import Rehearsal


@pytest.fixture(scope="module")
def lines() -> Rehearsal:
    return Rehearsal(find_exercise(KIT, "exercise2"))


@pytest.fixture(scope="module")
def models() -> Rehearsal:
    return Rehearsal(find_exercise(KIT, "exercise3"))


def lost(rehearsal: Rehearsal, function: str, variant: Any, **more: Any) -> set[str]:
    """The functions that a variant costs."""
    results = rehearsal.results(function, variant, rehearsal.checks, **more)
    assert len(results) == len(rehearsal.checks)
    return {result.check.function for result in results if result.outcome != "passed"}


def test_a_variant_costs_its_function_alone(lines):
    assert lost(lines, "loss", scaled("loss", 2)) == {"loss"}
    assert lost(lines, "forward", scaled("forward", -1)) == {"forward"}
    assert lost(lines, "loss", scaled("loss", 1)) == set()  # and nothing of the last one is left


def test_a_variant_that_raises_costs_its_function_alone(lines):
    def raising(*_arguments: Any) -> Any:
        raise RuntimeError("sizes do not fit")

    assert lost(lines, "forward", raising) == {"forward"}


def test_hidden_cases_may_get_another_variant(lines):
    right, wrong = scaled("loss", 1), scaled("loss", 2)
    results = lines.results("loss", right, lines.checks, in_hidden=wrong)
    assert {result.check.name for result in results if result.outcome != "passed"} == {"loss_any_size"}


def test_what_is_read_from_objects_is_given_as_values(models):
    for name, _ in models.exercise.functions:
        assert lost(models, name, scaled(name, 1)) == set()
        assert lost(models, name, scaled(name, 1.5)) == {name}
    dropped = altered("make_loader", lambda right, *_: [batch for batch in right if len(batch[0]) > 1])
    assert lost(models, "make_loader", dropped) == {"make_loader"}


def test_the_session_has_all_that_a_runner_asks_of_one(lines):
    asked = set(re.findall(r"\b_?session\.(\w+)", inspect.getsource(CheckRunner)))
    sessions = []
    lines.results("loss", lambda *_: sessions.append(inspect.currentframe().f_back.f_locals["self"]), lines.checks)
    assert asked
    assert {name for name in asked if not hasattr(sessions[0], name)} == set()


def test_a_kit_without_a_reference_has_nothing_to_put_variants_into():
    with pytest.raises(UserError, match=r"no solutions/exercise2\.py"):
        Rehearsal(replace(find_exercise(KIT, "exercise2"), solution=None))
