"""A helper's mistake in its callers: written out once more there, through those between, in several helpers at once."""

import sys
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import Tensor

from autograder.checking import ExpectedValue, Mistake, composition, oracle, scaled, terms
from autograder.grading.mistakes import Bank
from autograder.grading.oracles import Oracles
from autograder.grading.repeating import repeated_mistakes


@oracle()
def double(_functions: Any, x: Tensor) -> ExpectedValue:
    """2x."""
    return terms(2 * x)


@oracle()
def fourfold(functions: Any, x: Tensor) -> ExpectedValue:
    """2x, doubled."""
    return terms(functions.double(functions.double(x)))


@oracle()
def total(functions: Any, x: Tensor) -> ExpectedValue:
    """What both give."""
    return terms(functions.double(x), functions.fourfold(x))


@oracle()
def alone(_functions: Any, x: Tensor) -> ExpectedValue:
    """What nobody is needed for."""
    return terms(x)


def wrong(function: str, identity: str = "sign-flipped", text: str = "{parts}: turned") -> Mistake:
    return Mistake(function, identity, text, "why?", scaled(function, -1))


@pytest.fixture
def oracles() -> Oracles:
    return Oracles(sys.modules[__name__])


def given(oracles: Oracles, function: str, *mistakes: Mistake, **compositions: Any) -> dict[str, list[float]]:
    """What the repeated mistakes of a function give at 1, by what their parts are called."""
    bank = Bank({each.function: (each,) for each in mistakes}, compositions)
    found: dict[str, list[float]] = {}
    for each in repeated_mistakes(oracles, bank, function):
        value = each.variant(oracles.values, torch.tensor(1.0, dtype=torch.float64))
        found.setdefault(each.parts, []).append(float(value))
    return found


def test_a_helper_is_written_out_alone_or_with_those_that_call_it(oracles):
    assert given(oracles, "fourfold", wrong("double")) == {"the part of `double`": [4.0]}
    assert given(oracles, "total", wrong("double")) == {"the part of `double`": [-2 + 4, -2 + 4]}
    assert given(oracles, "total", wrong("fourfold")) == {"the part of `fourfold`": [2 - 4]}


def test_one_mistake_of_several_helpers(oracles):
    found = given(oracles, "total", wrong("double"), wrong("fourfold"))
    assert found["the parts of `double` and `fourfold`"] == [-2 - 4]
    assert len(found) == 3
    assert len(given(oracles, "total", wrong("double"), wrong("fourfold", "other"))) == 2
    assert len(given(oracles, "total", wrong("double", "swapped"), wrong("fourfold", "swapped"))) == 2


def test_who_calls_nobody_repeats_nothing(oracles):
    assert given(oracles, "alone", wrong("double")) == {}
    assert given(oracles, "double", wrong("double")) == {}


def test_a_composition_says_how_a_function_is_made(oracles):
    @composition("alone", "double")
    def composed(functions: Any, x: Tensor) -> Any:
        return functions.double(x) / 2

    @composition("alone", "double")
    def otherwise(functions: Any, x: Tensor) -> Any:
        return functions.double(x) * 2

    assert given(oracles, "alone", wrong("double"), alone=(composed,)) == {"the part of `double`": [-1.0]}
    assert given(oracles, "alone", wrong("double"), alone=(composed, otherwise)) == {
        "the part of `double`": [-1.0, -4.0]
    }


def test_what_is_said_names_the_helper(oracles):
    for text in ("{parts}: turned", "turned"):
        bank = Bank({"double": (wrong("double", text=text),)}, {})
        assert {each.text for each in repeated_mistakes(oracles, bank, "fourfold")} == {"{parts}: turned"}


def test_the_oracle_of_a_function_says_whom_it_calls(oracles):
    assert isinstance(sys.modules[__name__], ModuleType)
    assert oracles.called("total") == {"double", "fourfold"}
    assert oracles.called("alone") == set()
