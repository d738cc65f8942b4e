"""The reference solutions: right to the contract's figures and to oracles that know nothing of them."""

import importlib
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from autograder.grading.comparing import values
from autograder.grading.oracles import Oracles
from solutions import FUNCTIONS, facts, solution

ONE, TWO, THREE, FOUR, FIVE = (solution(f"exercise{number}") for number in range(1, 6))
# One layer to four; square, narrowing, widening; one output and many.
STACKS = [[1, 1], [2, 3], [3, 3, 3], [4, 2, 3, 1], [2, 5, 1, 3, 2]]
SIZES = [1, 2, 7, 53]
WORKED = {"a1": 1623400, "b1": 261000, "a2": 2014900, "b2": 13050}
MANY_RIGHT = {"initialize", "topological_order"}  # answers: there is no single value to compare with
BY_HAND = [(name, each) for name in FUNCTIONS if name != "exercise3" for each in FUNCTIONS[name]]
BY_HAND = [(name, each) for name, each in BY_HAND if each not in MANY_RIGHT]


def assert_same(actual: Any, expected: Any, tolerance: float = 1e-9) -> None:
    if isinstance(actual, dict | list | tuple):
        assert len(actual) == len(expected)
        for key in actual if isinstance(actual, dict) else range(len(actual)):
            assert_same(actual[key], expected[key], tolerance)
    elif isinstance(actual, str):
        assert actual == expected
    else:
        torch.testing.assert_close(actual, expected, rtol=tolerance, atol=tolerance)


def numbers(dtype: torch.dtype = torch.float64, **values: float) -> dict[str, Tensor]:
    return {name: torch.tensor(value, dtype=dtype) for name, value in values.items()}


def draw(names: str, seed: int) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return {name: torch.randn((), generator=generator, dtype=torch.float64) for name in names.split()}


def points(n: int, dtype: torch.dtype = torch.float64) -> tuple[Tensor, Tensor]:
    x, y = torch.randn((2, n), generator=torch.Generator().manual_seed(n), dtype=torch.float64)
    return (3 * x + 1).to(dtype), (5 * y - 2).to(dtype)


# Every function by hand: right, without a change to its arguments, and a second time


def arguments1(n: int) -> Iterator[dict[str, tuple[Any, ...]]]:
    (x, y), parameters, gradients = points(n), draw("a b", n), draw("a b", n + 1)
    rates = {"a": 0.003, "b": torch.tensor(0.02).double()}
    yield {
        "predict": (parameters, x),
        "loss": (x, y),
        "manual_gradients": (parameters, x, y),
        "update": (parameters, gradients, rates),
        "train_epoch": (parameters, x, y, rates, {1: 5, 2: 1, 7: 7, 53: 10}[n]),
    }


def arguments2(n: int) -> Iterator[dict[str, tuple[Any, ...]]]:
    (x, y), parameters, gradients = points(n), draw("a1 b1 a2 b2", n), draw("a1 b1 a2 b2", n + 1)
    rates = {"a1": 0.1, "b1": torch.tensor(0.2).double(), "a2": 0.3, "b2": 0.4}
    yield {
        "forward": (parameters, x),
        "loss": (x, y),
        "manual_gradients": (x, y + 1, y),
        "chain_rule_gradients": (parameters, x, y + 1, y),
        "update": (parameters, gradients, rates),
        "train_step": (parameters, x, y, rates),
        "collapse": (parameters,),
    }


def arguments4(n: int) -> Iterator[dict[str, tuple[Any, ...]]]:
    for widths in STACKS:
        weights, biases, activations, Y = draw_stack(widths, n)
        grad_weights, grad_biases, _, _ = draw_stack(widths, n + 1)
        yield {
            "forward": (weights, biases, activations[0]),
            "loss": (activations[-1], Y),
            "output_delta": (activations[-1], Y),
            "layer_gradients": (Y, activations[-2]),
            "propagate_delta": (Y, weights[-1]),
            "backward": (weights, activations, Y),
            "update": (weights, biases, grad_weights, grad_biases, torch.tensor(0.1).double() if n == 2 else 0.1),
            "train_epoch": (weights, biases, activations[0], Y, 1e-3, {1: 5, 2: 1, 7: 3, 53: 53}[n]),
        }


def draw_stack(widths: list[int], n: int) -> tuple[list[Tensor], list[Tensor], list[Tensor], Tensor]:
    """Weights, biases, what each layer might have put out, the input first, and targets."""
    generator = torch.Generator().manual_seed(100 * n + len(widths))

    def draw(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    weights = [draw(d_out, d_in) for d_in, d_out in pairwise(widths)]
    return weights, [draw(width) for width in widths[1:]], [draw(n, width) for width in widths], draw(n, widths[-1])


def arguments5(n: int) -> Iterator[dict[str, tuple[Any, ...]]]:
    for widths in STACKS:
        weights, biases, (X, *_), Y = draw_stack(widths, n)
        upstream, z = points(n)
        yield {
            "relu": (z,),
            "relu_gradient": (upstream, z),
            "tanh": (z,),
            "tanh_gradient": (upstream, z),
            "forward": (weights, biases, X),
            "backward": (weights, *FIVE.forward(weights, biases, X), Y),
            "train_epoch": (weights, biases, X, Y, 1e-3, {1: 5, 2: 1, 7: 3, 53: 53}[n]),
        }


ARGUMENTS = {"exercise1": arguments1, "exercise2": arguments2, "exercise4": arguments4, "exercise5": arguments5}


@cache
def oracles(name: str) -> Oracles:
    return Oracles(importlib.import_module(f"autograder.checks.{name}"))


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize(("name", "function"), BY_HAND)
def test_a_function_agrees_with_its_oracle_and_with_itself_and_leaves_its_inputs(
    name: str, function: str, n: int
) -> None:
    own = facts(name)
    for arguments in (case[function] for case in (own.cases if own else ARGUMENTS[name])(n)):
        before = deepcopy(arguments)
        first, second = (getattr(solution(name), function)(*arguments) for _ in range(2))
        assert_same(arguments, before, 0)
        assert_same(first, second, 0)
        assert_same(first, values(oracles(name).expect(function, arguments)))


# Exercises 1 and 2: worked values


@pytest.mark.parametrize(
    ("dtype", "first", "last", "tolerance"),
    [
        (torch.float64, (1100554.15252, 2.849827, 23.361077), (116.22606, 2.000134, 14.061739), 1e-5),
        # A float32 has seven digits; 20 batches in a row, each from the last one's result, may cost two of them.
        (torch.float32, (1100554.125, 2.849825, 23.361076), (116.227, 2.000128, 14.06174), 1e-4),
    ],
)
def test_exercise1_trains_to_the_worked_values(
    dtype: torch.dtype, first: tuple[float, ...], last: tuple[float, ...], tolerance: float
) -> None:
    x, y = (column.to(dtype) for column in ONE.load("line.csv"))
    parameters = numbers(dtype, a=20, b=30)
    course = []
    for _ in range(100):
        parameters, loss = ONE.train_epoch(parameters, x, y, {"a": 1e-4, "b": 1e-3}, 5)
        course.append((float(loss), float(parameters["a"]), float(parameters["b"])))
    assert parameters["a"].dtype == loss.dtype == dtype
    assert course[0] == pytest.approx(first, rel=tolerance)
    assert course[-1] == pytest.approx(last, rel=tolerance)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_the_first_step_of_two_layers_has_the_worked_values(dtype: torch.dtype) -> None:
    x = torch.tensor([1, 3, 5, 7, 9], dtype=dtype)
    y = 2 * x + 10
    parameters = numbers(dtype, a1=20, b1=30, a2=20, b2=30)
    g, y_pred = TWO.forward(parameters, x)
    by_hand = TWO.manual_gradients(g, y_pred, y) | TWO.chain_rule_gradients(parameters, x, y_pred, y)
    assert float(TWO.loss(y_pred, y)) == pytest.approx(20198330, rel=1e-6)
    for gradients in (by_hand, THREE.autograd_gradients(parameters, x, y)):
        assert {value.dtype for value in gradients.values()} == {dtype}
        assert {name: float(value) for name, value in gradients.items()} == pytest.approx(WORKED, rel=1e-6)


def test_collapse_is_the_line_that_forward_computes() -> None:
    (x, _), parameters = points(7), draw("a1 b1 a2 b2", seed=4)
    a, b = TWO.collapse(parameters)
    assert_same(a * x + b, TWO.forward(parameters, x)[1])


# Exercise 3


def weights_of(model: nn.Module) -> list[float]:
    return [float(parameter.detach()) for parameter in model.parameters()]


def by_hand(weights: list[float], x: Tensor, y: Tensor) -> tuple[float, list[float]]:
    """Mean squared error of two layers and its gradients (a1, b1, a2, b2), by exercise 2's formulas times 2/n."""
    a1, b1, a2, b2 = weights
    g = a1 * x + b1
    r = a2 * g + b2 - y
    gradients = [float(2 * torch.mean(part)) for part in (r * a2 * x, r * a2, r * g, r)]
    return float(torch.mean(r**2)), gradients


@pytest.mark.parametrize("n", SIZES)
def test_autograd_gradients_are_those_by_hand(n: int) -> None:
    x, y = points(n)
    values = {"a1": 0.7, "b1": -0.3, "a2": 1.6, "b2": 0.25}
    parameters = numbers(**values)
    # Any order of the keys will do.
    gradients = THREE.autograd_gradients(dict(reversed(parameters.items())), x, y)
    _, of_mean = by_hand(list(values.values()), x, y)
    expected = torch.tensor(of_mean, dtype=torch.float64) * n / 2
    assert_same(torch.stack([gradients[name] for name in values]), expected)


def test_autograd_gradients_leaves_its_inputs_alone() -> None:
    x, y = points(7)
    parameters = numbers(a1=1.5, b1=1.5, a2=1.5, b2=1.5)
    before = deepcopy(parameters)
    answers = [THREE.autograd_gradients(parameters, x, y) for _ in range(2)]
    assert_same(answers[0], answers[1], 0)
    assert_same(parameters, before, 0)
    for value in (*parameters.values(), x, y):
        assert not value.requires_grad
        assert value.grad is None
    assert not any(value.requires_grad for value in answers[0].values())


def test_build_model_is_two_layers() -> None:
    model = THREE.build_model()
    assert [(type(layer), layer.in_features, layer.out_features) for layer in model] == [(nn.Linear, 1, 1)] * 2
    assert isinstance(model, nn.Sequential)


@pytest.mark.parametrize("dtype", [torch.int64, torch.float32, torch.float64])
@pytest.mark.parametrize("batch_size", [1, 5, 13, 20])
def test_make_loader_cuts_in_order(batch_size: int, dtype: torch.dtype) -> None:
    x, y = (column.mul(10).to(dtype) for column in points(13))
    before = deepcopy([x, y])
    for _ in range(2):
        batches = list(THREE.make_loader(x, y, batch_size))
        assert len(batches) == -(-13 // batch_size)
        for begin, (x_batch, y_batch) in zip(range(0, 13, batch_size), batches, strict=True):
            assert_same(x_batch, x[begin : begin + batch_size].float().reshape(-1, 1), 0)
            assert_same(y_batch, y[begin : begin + batch_size].float().reshape(-1, 1), 0)
    assert_same([x, y], before, 0)


@pytest.mark.parametrize("batch_size", [1, 4, 13])
def test_train_epoch_descends_as_by_hand(batch_size: int) -> None:
    x, y = points(13, torch.float32)
    torch.manual_seed(1)
    model = THREE.build_model()
    weights = weights_of(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    for _ in range(2):  # what is left in .grad after an epoch must not count in the next
        losses = []
        for x_batch, y_batch in zip(x.split(batch_size), y.split(batch_size), strict=True):
            loss, gradients = by_hand(weights, x_batch, y_batch)
            losses.append(loss)
            weights = [weight - 0.01 * gradient for weight, gradient in zip(weights, gradients, strict=True)]
        epoch_loss = THREE.train_epoch(model, THREE.make_loader(x, y, batch_size), nn.MSELoss(), optimizer)
        assert type(epoch_loss) is float
        assert epoch_loss == pytest.approx(np.mean(losses), rel=1e-4)
        assert weights_of(model) == pytest.approx(weights, rel=1e-4)


def test_train_epoch_gives_the_criterion_prediction_and_truth_in_this_order() -> None:
    class Pinball(nn.Module):
        def forward(self, y_pred: Tensor, y: Tensor) -> Tensor:
            return torch.mean(torch.maximum(0.9 * (y - y_pred), 0.1 * (y_pred - y)))

    x, y = points(5, torch.float32)
    model = THREE.build_model()
    with torch.no_grad():
        expected = float(Pinball()(model(x.unsqueeze(1)), y.unsqueeze(1)))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    assert THREE.train_epoch(model, THREE.make_loader(x, y, 5), Pinball(), optimizer) == pytest.approx(expected)


@pytest.mark.parametrize("dtype", [torch.int64, torch.float32, torch.float64])
def test_fit_takes_adams_steps(dtype: torch.dtype) -> None:
    x, y = (column.mul(3).to(dtype) for column in points(7))
    torch.manual_seed(3)
    model, losses = THREE.fit(x, y, epochs=4, batch_size=3, learning_rate=0.05)
    torch.manual_seed(3)
    weights = np.array(weights_of(THREE.build_model()))
    first, second, expected = np.zeros(4), np.zeros(4), []
    for epoch in range(4):
        batch_losses = []
        for batch, (x_batch, y_batch) in enumerate(zip(x.double().split(3), y.double().split(3), strict=True)):
            loss, gradients = by_hand(list(weights), x_batch, y_batch)
            batch_losses.append(loss)
            step = 3 * epoch + batch + 1
            first = 0.9 * first + 0.1 * np.array(gradients)
            second = 0.999 * second + 0.001 * np.array(gradients) ** 2
            weights = weights - 0.05 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
        expected.append(np.mean(batch_losses))
    assert losses == pytest.approx(expected, rel=1e-4)
    assert all(type(loss) is float for loss in losses)
    assert weights_of(model) == pytest.approx(list(weights), rel=1e-4)


def test_a_truth_of_the_wrong_shape_trains_to_a_flat_line_without_an_error() -> None:
    # As the prose of exercise 3 says, and why it says it.
    x, y = (column.float() for column in THREE.load("line_noisy.csv"))
    torch.manual_seed(0)
    model = THREE.build_model()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    for _ in range(1500):
        optimizer.zero_grad()
        residuals = model(x.unsqueeze(1)) - y
        torch.mean(residuals**2).backward()
        optimizer.step()
    assert residuals.shape == (50, 50)
    with torch.no_grad():
        assert_same(model(x.unsqueeze(1)), y.mean().expand(50, 1), 1e-2)


# Exercise 4


def test_exercise4_by_hand_on_one_sample() -> None:
    def tensor(*values: Any) -> Tensor:
        return torch.tensor(values, dtype=torch.float64)

    delta, A_prev, W = tensor([2, -1]), tensor([3, 5, 7]), tensor([1, 2, 3], [4, 5, 6])
    assert_same(FOUR.forward([W], [tensor(10, 20)], A_prev), [A_prev, tensor([44, 99])])
    assert_same(FOUR.layer_gradients(delta, A_prev), (tensor([6, 10, 14], [-3, -5, -7]), tensor(2, -1)))
    assert_same(FOUR.propagate_delta(delta, W), tensor([-2, -1, 0]))
    assert_same(FOUR.loss(tensor([1, 2], [3, 4]), tensor([0, 2], [5, 1])), torch.tensor(7.0).double())
