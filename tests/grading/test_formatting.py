"""Numbers as a reader wants them: few digits, but enough to tell two numbers apart."""

import pytest
import torch

from autograder.grading.formatting import FEW_NUMBERS, MAX_ITEMS, arguments_shown, arguments_sized, numbers_shown
from autograder.host.answers import RemoteConstructor


def double(*numbers: float) -> torch.Tensor:
    return torch.tensor(numbers if len(numbers) > 1 else numbers[0], dtype=torch.float64)


class TestArguments:
    @pytest.mark.parametrize(
        ("argument", "text"),
        [
            (double(0.8), "0.8"),
            (double(0.1 + 0.2), "0.3"),
            (double(3.0), "3"),
            (double(-1.0, 2.5), "[-1, 2.5]"),
            (torch.tensor([[1.5, 2.0], [-3.0, 4.0]]), "[[1.5, 2], [-3, 4]]"),
            (torch.tensor([[1.25, 2.0, 0.125], [-3.0, 4.0, 2.125]]), "[[1.25, 2, 0.125],\n [  -3, 4, 2.125]]"),
            (torch.tensor(0.3), "0.3"),
            (torch.zeros(0), "[]"),
            ({"a": double(0.8), "b": double(-0.3)}, "a = 0.8, b = -0.3"),
            ({"a": 0.05, "b": 1e-6}, "a = 0.05, b = 1e-06"),
            ((1, 2.5), "(1, 2.5)"),
            (5, "5"),
            (double(123456.0), "123456"),
            (double(1234567.0), "1.23457e+06"),
            (RemoteConstructor("optimizer", (RemoteConstructor("model", ()), "SGD", 0.5)), "torch.optim.SGD, lr = 0.5"),
            (RemoteConstructor("criterion", ("MSELoss", "mean")), "nn.MSELoss()"),
        ],
        ids=lambda part: str(part)[:30],
    )
    def test_they_can_be_read_and_typed_in(self, argument, text):
        assert arguments_shown(("x",), (argument,)) == (("x", text),)

    def test_each_has_its_name(self):
        assert arguments_shown(("x", "y"), (1, 2)) == (("x", "1"), ("y", "2"))

    def test_long_ones_end_in_dots(self):
        ((_, text),) = arguments_shown(("x",), (torch.arange(20.0),))
        assert text == "[0, 1, 2, 3, 4, 5, 6, 7, …]"
        ((_, text),) = arguments_shown(("x",), (torch.zeros(20, 1),))
        assert text.count("[0]") == MAX_ITEMS
        assert text.endswith(", …]")


class TestPairs:
    def test_different_numbers_look_different(self):
        for gap in (1e-3, 1e-7, 1e-10, 1e-14):
            yours, expected = numbers_shown(double(1 + gap), double(1.0))
            assert yours != expected

    def test_digits_are_as_few_as_it_takes(self):
        assert numbers_shown(double(0.1 + 0.2), double(0.4)) == ("0.3", "0.4")
        assert numbers_shown(double(1.0000001), double(1.0)) == ("1.0000001", "1")

    def test_the_same_numbers_look_the_same(self):
        assert numbers_shown(double(0.5), double(0.5)) == ("0.5", "0.5")

    def test_long_ones_start_where_they_differ(self):
        expected = torch.arange(30.0)
        got = expected.clone()
        got[25] = -1.0
        assert numbers_shown(got, expected) == ("[…, -1, 26, 27, 28, 29]", "[…, 25, 26, 27, 28, 29]")

    def test_matrices_do_too(self):
        expected = torch.arange(40.0).reshape(5, 8)
        got = expected.clone()
        got[3, 7] = 0.5
        yours, right = numbers_shown(got, expected)
        assert yours.split("\n")[3].endswith(" 0.5],")
        assert right.split("\n")[3].endswith(" 31],")
        got = torch.zeros(30, 2)
        got[25, 1] = 7
        yours, right = numbers_shown(got, torch.zeros(30, 2))
        assert yours == "[…,\n [0, 7],\n [0, 0],\n [0, 0],\n [0, 0],\n [0, 0]]"

    def test_what_is_not_finite_can_be_shown(self):
        assert numbers_shown(double(float("nan")), double(float("inf"))) == ("nan", "inf")

    def test_precisions_can_be_mixed(self):
        yours, expected = numbers_shown(torch.tensor(0.1), double(0.1))
        assert yours != expected

    def test_integers_and_truths_are_numbers(self):
        assert numbers_shown(torch.tensor([1, 2]), double(1.0, 2.5)) == ("[1, 2]", "[1, 2.5]")
        assert numbers_shown(torch.tensor(True), double(0.5))[0] == "1"


def test_where_sizes_are_wrong_a_few_numbers_are_shown_as_they_are():
    small, large = torch.ones(2, 2), torch.ones(FEW_NUMBERS, 2)
    assert arguments_sized(("W", "b"), ([small], double(3.0))) == (("W[0]", "[[1, 1], [1, 1]]"), ("b", "3"))
    assert arguments_sized(("W",), (large,)) == (("W", f"tensor {tuple(large.shape)}"),)
    assert arguments_sized(("x",), (double(1.0, 2.0),)) == ()
