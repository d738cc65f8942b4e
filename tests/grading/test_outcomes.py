"""Answers and outcomes as arrays by their place."""

import torch

from autograder.grading.comparing import terms
from autograder.grading.outcomes import EMPTY, Numbers, Outcome, read_as
from autograder.model import ForeignValue

PAIR = Outcome.of(({"a": torch.tensor(2.0)}, [torch.ones(2, dtype=torch.float64), 3.0]))


def test_an_outcome_knows_each_array_by_its_place() -> None:
    assert PAIR.form == [{"a": None}, [None, None]]
    assert [(place, array.shape, array.items) for place, array in PAIR.arrays.items()] == [
        ((0, "a"), (), [2.0]),
        ((1, 0), (2,), [1.0, 1.0]),
        ((1, 1), (), [3.0]),
    ]
    assert Outcome.of(None).form == EMPTY


def test_expected_values_have_the_sizes_of_their_terms() -> None:
    minus = terms(torch.tensor([1.0, -2.0]), torch.tensor(-3.0))
    assert Outcome.of(minus).scales == {(): [4.0, 5.0]}


def test_an_answer_is_read_in_an_outcomes_form_whatever_its_own() -> None:
    odd = [{"a": [2], "more": 1}, (ForeignValue("ndarray", torch.ones(2)), torch.tensor([3]))]
    read = read_as(PAIR, odd)
    assert read is not None
    assert [array.items for array in read.values()] == [[2.0], [1.0, 1.0], [3.0]]
    assert read_as(PAIR, [{"b": 2}, (1, 2)]) is None
    assert read_as(PAIR, {"a": 2}) is None
    assert read_as(PAIR, None) is None


def test_numbers_are_single_where_they_have_no_more_digits_but_have_some() -> None:
    read = read_as(Outcome.of(torch.zeros(2)), torch.tensor([0.1, 0.2], dtype=torch.float32).double())
    whole = read_as(Outcome.of(torch.zeros(2)), torch.tensor([1.0, 2.5], dtype=torch.float64))
    assert [each[()].is_single for each in (read, whole)] == [True, False]
    assert Numbers.of(torch.zeros(1, dtype=torch.float32)).is_single
