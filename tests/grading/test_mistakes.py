"""Mistakes are read from a module; helpers make wrong variants of right functions."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from autograder.errors import GraderError
from autograder.exercise import Exercise
from autograder.grading.comparing import FormMismatch
from autograder.grading.mistakes import altered, mistake, read_bank, scaled, seen, turned

BANK = """
from autograder.checking import Mistake, composition, mistake, scaled

TUPLE = (Mistake("half", "doubled", "doubled", "Why?", scaled("half", 2)),)


@mistake("double", "sign-flipped", "{parts}: minus", "Up?", is_whole=True)
def minus(_functions, x):
    return -2 * x


@composition("double")
def twice(functions, x):
    return functions.half(4 * x)
"""


@pytest.fixture
def with_bank(exercise: Exercise) -> Exercise:
    for folder, text in (("mistakes", BANK), ("mistakes/in_worker", "")):
        (exercise.package / folder).mkdir()
        (exercise.package / folder / "small.py").write_text(text, encoding="utf-8")
    return exercise


def test_a_bank_holds_what_stands_in_its_module(with_bank: Exercise) -> None:
    bank = read_bank(with_bank)
    [minus], [doubled] = bank.of("double"), bank.of("half")
    assert (minus.id, minus.is_whole, minus.variant(None, 3)) == ("sign-flipped", True, -6)
    assert (doubled.id, doubled.is_whole) == ("doubled", False)
    assert [*bank.compositions] == ["double"]
    assert bank.of("nothing") == ()
    assert read_bank(with_bank, "in_worker").mistakes == {}


def test_an_exercise_without_one_has_an_empty_bank(exercise: Exercise) -> None:
    assert read_bank(exercise).mistakes == {}


def test_one_that_does_not_load_is_our_fault(with_bank: Exercise) -> None:
    (with_bank.package / "mistakes" / "small.py").write_text("1 / 0", encoding="utf-8")
    with pytest.raises(GraderError, match="the mistakes of small do not load: ZeroDivisionError"):
        read_bank(replace(with_bank))


RIGHT = SimpleNamespace(slopes=lambda x: {"a": x * 2, "b": x * 3})


def test_variants_are_made_of_what_is_right() -> None:
    x = torch.tensor(5.0)
    assert scaled("slopes", -1)(RIGHT, x) == {"a": -10, "b": -15}
    assert scaled("slopes", lambda given: 1 / given)(RIGHT, x) == {"a": 2, "b": 3}
    assert altered("slopes", lambda right, given: (right["b"], given))(RIGHT, x) == (15, 5)
    assert mistake("slopes", "id", "text", "question")(lambda *_: 7).variant(RIGHT, x) == 7


def test_an_answer_is_turned_round() -> None:
    assert turned({"a": 1, "b": 2}) == {"a": 2, "b": 1}
    assert turned((1, 2, 3)) == (3, 2, 1)
    assert turned([1, 2]) == [2, 1]


def test_what_a_reader_sees_is_raised_with_its_sign() -> None:
    with pytest.raises(FormMismatch) as raised:
        seen("no step")(None, 1, start=2)
    assert raised.value.sign == "no step"
