"""Which of the cases that a hidden check names a function fails, told in the words of the check's summary."""

from collections.abc import Callable
from typing import Any

import pytest
from places import KIT

from autograder.authoring.catalog import find_exercise
from autograder.grading.comparing import mapped
from autograder.grading.kinds import ASKS, KINDS
from autograder.publish.rehearsal import Rehearsal


@pytest.fixture(scope="module")
def lines() -> Rehearsal:
    return Rehearsal(find_exercise(KIT, "exercise1"))


def said(rehearsal: Rehearsal, function: str, is_wrong: Callable[..., bool]) -> str:
    """What the hidden check says of a function that is right but where it is called like this."""

    def variant(functions: Any, *arguments: Any) -> Any:
        right = getattr(functions, function)(*arguments)
        wrong = is_wrong(*arguments)
        return mapped(right, lambda value: value * 1.7345 + 0.1 * value**2) if wrong else right

    def right(functions: Any, *arguments: Any) -> Any:
        return getattr(functions, function)(*arguments)

    checks = [each for each in rehearsal.checks if each.check.function == function]
    results = rehearsal.results(function, right, checks, in_hidden=variant)
    return str(next(one.message for one in results if one.check.visibility == "hidden"))


@pytest.mark.parametrize(
    ("is_wrong", "kinds"),
    [
        (lambda _p, x, *_: len(x) == 1, ""),  # which is said in a sentence of its own
        (lambda _p, _x, _y, _r, size: size == 1, "batches of one"),
        (lambda _p, x, _y, _r, size: size > len(x), "a batch larger than the data"),
        (lambda _p, x, _y, _r, size: size == 1 or len(x) == 1, "batches of one, one sample"),
        (lambda *_: True, ""),
        (lambda _p, x, *_: len(x) == 12, ""),  # of which the summary does not tell
    ],
)
def test_kinds_are_named_where_nothing_else_is_wrong(lines, is_wrong, kinds):
    text = said(lines, "train_epoch", is_wrong)
    assert text.partition("; it failed for: ")[2] == kinds


def test_a_kind_that_is_wrong_alone_has_a_question_of_its_own():
    for kind, question in ASKS.items():
        assert kind in KINDS
        assert question.endswith("?")
