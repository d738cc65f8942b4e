"""Is an answer the expected value? Unusual forms of the right numbers pass with a note, wrong ones fail by kind."""

from typing import Any

import numpy as np
import pytest
import torch
from students import named

from autograder.grading.comparing import (
    DOUBLE_TOLERANCE,
    SINGLE_TOLERANCE,
    Comparison,
    ExpectedValue,
    FormMismatch,
    match,
    moved,
    rebuild,
    summed,
    terms,
    values,
)
from autograder.grading.labels import Labels
from autograder.host.tensors import decode
from autograder.model import ForeignValue
from autograder.worker.values import to_wire

DOUBLE = torch.float64


def exact(*numbers: Any) -> ExpectedValue:
    """An expected tensor whose terms are its own values."""
    value = torch.tensor(numbers if len(numbers) != 1 else numbers[0], dtype=DOUBLE)
    return ExpectedValue(value, value.abs())


def crossed(answer: Any) -> Any:
    """An answer as the grader gets it."""
    return decode(to_wire(answer))


def matched(expected: Any, answer: Any, names: tuple[str, ...] = ()) -> tuple[list[Comparison], list[str]]:
    notes: list[str] = []
    leaves = match(expected, crossed(answer), Labels(names), lambda note: notes.append(str(note)))
    return leaves, notes


def right(expected: Any, answer: Any) -> bool:
    leaves, _ = matched(expected, answer)
    return all(leaf.error() <= (SINGLE_TOLERANCE if leaf.single else DOUBLE_TOLERANCE) for leaf in leaves)


def unfit(expected: Any, answer: Any, names: tuple[str, ...] = ()) -> tuple[str, str]:
    with pytest.raises(FormMismatch) as caught:
        matched(expected, answer, names)
    return caught.value.kind, str(caught.value)


SCALAR = exact(0.3)
VECTOR = exact(0.3, -1.7)
MATRIX = exact([[0.3, -1.7], [2.1, 0.9], [1.1, 1.2]])
DICT = {"a": exact(0.3), "b": exact(-1.7)}
PAIR = (exact(0.3, 0.4), exact(1.3, 1.4))


class TestUsualForms:
    @pytest.mark.parametrize(
        ("expected", "answer"),
        [
            (SCALAR, torch.tensor(0.3, dtype=DOUBLE)),
            (VECTOR, torch.tensor([0.3, -1.7], dtype=DOUBLE)),
            (MATRIX, MATRIX.value),
            (DICT, {"b": torch.tensor(-1.7, dtype=DOUBLE), "a": torch.tensor(0.3, dtype=DOUBLE)}),
            (PAIR, tuple(part.value for part in PAIR)),
            (list(PAIR), [part.value for part in PAIR]),
            ((DICT, SCALAR), ({name: part.value for name, part in DICT.items()}, SCALAR.value)),
            (VECTOR, VECTOR.value.clone().requires_grad_()),
        ],
        ids="scalar vector matrix dict tuple list nested grad".split(),  # noqa: SIM905
    )
    def test_they_are_right_and_draw_no_note(self, expected, answer):
        assert right(expected, answer)
        assert matched(expected, answer)[1] == []


UNUSUAL = {
    "a Python float": (SCALAR, 0.3),
    "an int": (exact(3.0), 3),
    "a bool": (exact(1.0), True),
    "a NumPy scalar": (SCALAR, np.float64(0.3)),
    "a NumPy float32 scalar": (SCALAR, np.float32(0.3)),
    "a 0-d array": (SCALAR, np.array(0.3)),
    "a one-element tensor": (SCALAR, torch.tensor([0.3], dtype=DOUBLE)),
    "a 1×1 tensor": (SCALAR, torch.tensor([[0.3]], dtype=DOUBLE)),
    "a one-element array": (SCALAR, np.array([0.3])),
    "a one-element list": (SCALAR, [0.3]),
    "a complex number without an imaginary part": (SCALAR, 0.3 + 0j),
    "an array": (VECTOR, np.array([0.3, -1.7])),
    "a list of floats": (VECTOR, [0.3, -1.7]),
    "a tuple of floats": (VECTOR, (0.3, -1.7)),
    "a list of tensors": (VECTOR, [torch.tensor(0.3, dtype=DOUBLE), torch.tensor(-1.7, dtype=DOUBLE)]),
    "a list of one-element tensors": (VECTOR, [torch.tensor([0.3], dtype=DOUBLE), torch.tensor([-1.7], dtype=DOUBLE)]),
    "a list of mixed numbers": (exact(0.3, 2.0), [np.float64(0.3), 2]),
    "a generator": (VECTOR, (number for number in (0.3, -1.7))),
    "an object array": (VECTOR, np.array([0.3, -1.7], dtype=object)),
    "a list of rows": (MATRIX, MATRIX.value.tolist()),
    "a list of row tensors": (MATRIX, list(MATRIX.value)),
    "a list for a tuple": (PAIR, [part.value for part in PAIR]),
    "a tuple for a list": (list(PAIR), tuple(part.value for part in PAIR)),
    "one stacked tensor for a tuple": (PAIR, torch.stack([part.value for part in PAIR])),
    "one stacked array for a tuple": (PAIR, np.stack([part.value.numpy() for part in PAIR])),
    "a tensor for a tuple of scalars": ((exact(0.3), exact(0.4)), torch.tensor([0.3, 0.4], dtype=DOUBLE)),
    "extra keys": (DICT, {"a": DICT["a"].value, "b": DICT["b"].value, "loss": 3, 5: None}),
    "numbers in a dict": (DICT, {"a": 0.3, "b": -1.7}),
    "int64 where the value is whole": (exact(3.0, 4.0), np.array([3, 4])),
}


class TestUnusualForms:
    @pytest.mark.parametrize(("expected", "answer"), UNUSUAL.values(), ids=UNUSUAL)
    def test_they_are_right_and_draw_a_note(self, expected, answer):
        leaves, notes = matched(expected, answer() if callable(answer) else answer)
        assert all(leaf.error() <= SINGLE_TOLERANCE for leaf in leaves)
        assert notes
        assert [leaf.got.shape for leaf in leaves] == [leaf.expected.value.shape for leaf in leaves]

    def test_a_python_number_is_not_rounded_to_float32(self):
        (leaf,), _ = matched(VECTOR, [0.3, -1.7])
        assert leaf.error() == 0.0

    def test_notes_name_the_part_and_what_it_is(self):
        assert matched(DICT, {"a": 0.3, "b": DICT["b"].value})[1] == ["`a` is a float; a tensor is usual"]
        assert "`g` has shape (1,); a scalar's is ()" in matched((SCALAR,), (torch.ones(1),), ("g",))[1]
        assert "nobody asked for: loss" in matched(DICT, {**{n: p.value for n, p in DICT.items()}, "loss": 1})[1][0]

    @pytest.mark.parametrize("wrong", [0.31, -0.3, 0.0, 1e30])
    @pytest.mark.parametrize(
        "form", [float, np.float64, lambda number: [number], lambda number: torch.tensor([number])]
    )
    def test_wrong_numbers_are_wrong_in_any_form(self, form, wrong):
        assert not right(SCALAR, form(wrong))


WRONG_SHAPES: list[tuple[Any, list[Any]]] = [
    (VECTOR, [torch.zeros(shape) for shape in ((2, 1), (1, 2), (), (3,), (0,))]),
    (VECTOR, [0.3, [0.3], np.zeros((2, 1)), []]),
    (exact([0.3]), [torch.tensor(0.3), 0.3, torch.zeros(1, 1)]),
    (SCALAR, [torch.zeros(2), [0.3, 0.3], [], torch.zeros(0)]),
    (MATRIX, [MATRIX.value.T, MATRIX.value.flatten(), MATRIX.value[None]]),
    (PAIR, [torch.tensor([0.3, 0.4])]),
]
TEXTS, COMPLEX = ["0.3", "-1.7"], torch.complex(VECTOR.value, VECTOR.value)
WRONG_KINDS: list[tuple[Any, list[Any]]] = [
    (SCALAR, [None, "0.3", {"a": 0.3}, {0.3}, object(), b"0.3", len, 0.3 + 1e-30j, 10**400]),
    (VECTOR, [None, [0.3, None], TEXTS, [[0.3, -1.7], [0.3]], np.array(TEXTS), COMPLEX]),
    (DICT, [None, (0.3, -1.7), torch.tensor([0.3, -1.7]), {}, {"a": 0.3}, {"A": 0.3, "B": -1.7}]),
    (DICT, [{"a": 0.3, "b": None}, [{"a": 0.3, "b": -1.7}]]),
    (PAIR, [None, (PAIR[0].value,), (PAIR[0].value, *[PAIR[1].value] * 2), 0.3, "ab", ()]),
    (PAIR, [{"g": PAIR[0].value, "y_pred": PAIR[1].value}]),
    ((exact(0.3), exact(0.4)), [torch.tensor(0.3)]),
]


def each(table: list[tuple[Any, list[Any]]]) -> list[tuple[Any, Any]]:
    return [(expected, answer) for expected, answers in table for answer in answers]


class TestWrongForms:
    @pytest.mark.parametrize(("expected", "answer"), each(WRONG_SHAPES), ids=lambda part: str(part)[:40])
    def test_a_wrong_shape_is_wrong(self, expected, answer):
        assert unfit(expected, answer)[0] == "shape"

    @pytest.mark.parametrize(("expected", "answer"), each(WRONG_KINDS), ids=lambda part: named(part)[:40])
    def test_a_wrong_kind_is_wrong(self, expected, answer):
        assert unfit(expected, answer)[0] == "type"

    @pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
    @pytest.mark.parametrize(
        "make", [float, lambda bad: torch.tensor(bad), lambda bad: np.float32(bad), lambda bad: [bad]]
    )
    def test_what_is_not_finite_is_wrong(self, make, bad):
        kind, text = unfit(SCALAR, make(bad))
        assert kind == "finite"
        assert text == f"the answer contains {'nan' if bad != bad else 'inf'}"

    def test_one_bad_number_among_many_is_found(self):
        assert unfit(DICT, {"a": 0.3, "b": float("nan")}) == ("finite", "`b` contains nan")

    def test_the_form_is_judged_before_the_numbers(self):
        assert unfit(DICT, {"a": float("nan"), "b": None})[0] == "type"

    def test_messages_name_what_is_there_and_what_is_due(self):
        assert unfit(VECTOR, torch.zeros(2, 1))[1] == "the answer has shape (2, 1); (2,) is due"
        assert unfit(SCALAR, None)[1] == "nothing comes back (None)"
        assert unfit(VECTOR, torch.tensor(0.3))[1] == "the answer is one number; 2 are due, shape (2,)"
        assert unfit(SCALAR, torch.zeros(4))[1] == "the answer has 4 numbers, shape (4,); one number is due"
        assert unfit(SCALAR, len)[1].startswith("the answer is a function that")
        turned = "its values have changed places; due are, in this order, p, loss"
        assert unfit((DICT, SCALAR), (0.3, {"a": 1, "b": 2}), ("p", "loss"))[1] == turned
        assert unfit(DICT, {"a": 0.3, "c": 1})[1] == 'the key "b" is missing from the answer, which has a, c'
        assert unfit(DICT, {})[1] == 'the key "a" is missing from the answer, which has none'
        assert unfit(PAIR, 0.3, ("g", "y_pred"))[1] == "the answer is a float; a tuple is due: g, y_pred"
        assert unfit(PAIR, (1,), ("g", "y_pred"))[1] == "the answer has 1 members; due are g, y_pred"
        assert unfit(PAIR, (PAIR[0].value, None), ("g", "y_pred"))[1].startswith("`y_pred` is None")
        assert unfit((DICT,), ({"a": 1, "b": "x"},), ("p",))[1] == "b of p is a str; a number is due"

    def test_a_name_of_a_type_counts_for_nothing(self):
        assert match(SCALAR, ForeignValue("torch.Tensor", torch.tensor(0.3)), Labels(), lambda _: None)[
            0
        ].got == torch.tensor(0.3)
        with pytest.raises(FormMismatch):
            match(SCALAR, ForeignValue("torch.Tensor"), Labels(), lambda _: None)


class TestNumbers:
    def leaf(self, factor: float, dtype: torch.dtype = DOUBLE, value: float = 0.3) -> Comparison:
        expected = torch.tensor(value, dtype=DOUBLE)
        return Comparison("", ExpectedValue(expected, expected.abs()), (expected * factor).to(dtype))

    def test_the_error_is_relative_to_the_scale(self):
        assert self.leaf(1 + 1e-6).error() == pytest.approx(1e-6, rel=1e-6)
        cancelled = terms(torch.tensor(1e6, dtype=DOUBLE), torch.tensor(-1e6 + 1e-6, dtype=DOUBLE))
        assert Comparison("", cancelled, cancelled.value + 1e-6).error() < DOUBLE_TOLERANCE

    @pytest.mark.parametrize(("factor", "fits"), [(1 + 0.9e-9, True), (1 + 1.1e-9, False), (1 - 1.1e-9, False)])
    def test_the_bound_of_float64_is_one_in_a_milliard(self, factor, fits):
        assert (self.leaf(factor).error() <= DOUBLE_TOLERANCE) is fits

    @pytest.mark.parametrize(("factor", "fits"), [(1 + 0.9e-4, True), (1 + 1.1e-4, False)])
    def test_the_bound_of_float32_is_one_in_ten_thousand(self, factor, fits):
        assert (self.leaf(factor, torch.float32).error() <= SINGLE_TOLERANCE) is fits

    def test_float32_precision_shows_whatever_the_numbers_travel_in(self):
        assert self.leaf(1, torch.float32).single
        assert self.leaf(1, torch.float16).single
        assert Comparison("", SCALAR, torch.tensor(0.3, dtype=torch.float32).double()).single
        assert not self.leaf(1).single
        assert not Comparison("", VECTOR, torch.tensor([0.5, 0.3], dtype=DOUBLE)).single

    def test_the_worst_element_counts(self):
        assert Comparison("", VECTOR, torch.tensor([0.3, -1.8], dtype=DOUBLE)).error() == pytest.approx(0.1 / 1.7)

    def test_zero_is_met_by_zero_and_missed_by_anything_else(self):
        assert Comparison("", exact(0.0), torch.tensor(0.0)).error() == 0
        assert Comparison("", exact(0.0), torch.tensor(1e-30)).error() > 1

    def test_numbers_beyond_float32_are_compared(self):
        huge = exact(1e300)
        assert Comparison("", huge, torch.tensor(1e300, dtype=DOUBLE)).error() == 0


class TestExpectedValues:
    def test_terms_add_up_and_their_sizes_too(self):
        made = terms(torch.tensor([1.0, -2.0]), torch.tensor(-3.0))
        assert (made.value.tolist(), made.scale.tolist()) == ([-2.0, -5.0], [4.0, 5.0])

    def test_contributions_are_summed_over_samples(self):
        made = summed(torch.tensor([[1.0, 2.0], [-3.0, 4.0]]))
        assert (made.value.tolist(), made.scale.tolist()) == ([-2.0, 6.0], [4.0, 6.0])

    def test_a_path_counts_every_step(self):
        made = moved(torch.tensor(1.0), torch.tensor(4.0), torch.tensor(-1.0))
        assert (float(made.value), float(made.scale)) == (-1.0, 1 + 3 + 5)
        assert float(moved(torch.tensor(-2.0)).scale) == 2.0

    def test_plain_values_keep_their_containers(self):
        plain = values(({"a": SCALAR}, [VECTOR]))
        assert isinstance(plain, tuple)
        assert isinstance(plain[1], list)
        assert float(plain[0]["a"]) == pytest.approx(0.3)

    def test_rebuilding_keeps_containers_and_order(self):
        numbers = iter(range(4))
        assert rebuild(({"a": 0, "b": [0]}, 0), lambda: next(numbers)) == ({"a": 0, "b": [1]}, 2)
