"""Known mistakes of exercise 3: the PyTorch way."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.checking import Variant, altered, mapped, seen
from autograder.mistakes.exercise3_training import EPOCH as EPOCH
from autograder.mistakes.in_worker.exercise3 import FIT as FIT
from autograder.mistakes.in_worker.exercise3 import MODEL as MODEL
from autograder.mistakes.in_worker.tables import partly, whole

Parameters = dict[str, Tensor]
Batches = list[Any]
NAMES = ("a1", "b1", "a2", "b2")
Predict = Callable[[Parameters, Tensor], Tensor]


def both_layers(p: Parameters, x: Tensor) -> Tensor:
    """The prediction."""
    return p["a2"] * (p["a1"] * x + p["b1"]) + p["b2"]


def of_loss(loss: Callable[[Tensor, Tensor], Tensor], predict: Predict = both_layers) -> Variant:
    """The variant of autograd_gradients that differentiates another loss, or another prediction."""

    def autograd_gradients(_functions: Any, parameters: Parameters, x: Tensor, y: Tensor) -> Parameters:
        leaves = {name: value.clone().requires_grad_() for name, value in parameters.items()}
        found = torch.autograd.grad(loss(predict(leaves, x), y), [*leaves.values()], allow_unused=True)
        return {
            name: leaf.detach() * 0 if gradient is None else gradient
            for (name, leaf), gradient in zip(leaves.items(), found, strict=True)
        }

    return autograd_gradients


def half_of_squares(y_pred: Tensor, y: Tensor) -> Tensor:
    """The exercise's loss."""
    return ((y_pred - y) ** 2).sum() / 2


def of_prediction(predict: Predict) -> Variant:
    """The variant that differentiates the right loss of another prediction."""
    return of_loss(half_of_squares, predict)


def renamed(change: Callable[[Parameters], dict[str, Tensor | None]]) -> Variant:
    """The variant that makes something else of the right gradients."""
    return altered("autograd_gradients", lambda right, *_: change(right))


def emptied(*names: str) -> Variant:
    """The variant in which some gradients are None, and the others right."""
    return renamed(lambda right: {name: None if name in names else value for name, value in right.items()})


def reordered(*names: str) -> Variant:
    """The variant in which the gradients have each other's names."""
    return renamed(lambda right: {name: right[other] for name, other in zip(NAMES, names, strict=True)})


def per_sample(functions: Any, parameters: Parameters, x: Tensor, y: Tensor) -> Parameters:
    """Every sample's share of the gradients."""
    each = [functions.autograd_gradients(parameters, x[at : at + 1], y[at : at + 1]) for at in range(len(x))]
    return {name: torch.stack([one[name] for one in each]) for name in NAMES}


GRADIENTS = whole("autograd_gradients", {
    "not-summed": (
        "one gradient for each sample came back, where each parameter has one",
        "How many numbers is the derivative of the loss by a1, however many samples there are?",
        (per_sample,),
    ),
    "mean-not-sum": (
        "all four are divided by the number of samples",
        "Does the same data twice give the same loss, or twice as much?",
        (of_loss(lambda y_pred, y: half_of_squares(y_pred, y) / len(y)),),
    ),
    "two-over-n": (
        "all four are those of the mean squared error",
        "Which loss has a ½ and a sum, and no mean?",
        (of_loss(lambda y_pred, y: ((y_pred - y) ** 2).mean()),),
    ),
    "broadcast-loss": (
        "every prediction has been measured against every truth",
        "Which shape has your residual, and how many numbers should be in it?",
        (
            of_loss(lambda y_pred, y: half_of_squares(y_pred[:, None], y)),
            of_loss(lambda y_pred, y: ((y_pred[:, None] - y) ** 2).sum()),
            of_loss(lambda y_pred, y: ((y_pred[:, None] - y) ** 2).mean()),
            of_loss(lambda y_pred, y: ((y_pred[:, None] - y) ** 2).mean() / 2),
        ),
    ),
    "absolute-residual": (
        "all four are those of the sum of |r|, not of r²",
        "If a residual doubles, how many times as large does its share of the loss become?",
        (
            of_loss(lambda y_pred, y: (y_pred - y).abs().sum()),
            of_loss(lambda y_pred, y: (y_pred - y).abs().sum() / 2),
            of_loss(lambda y_pred, y: (y_pred - y).abs().mean()),
        ),
    ),
    "residual-missing": (
        "the truth y is not in it",
        "Which gradient has the loss, if every prediction is perfect?",
        (of_loss(lambda y_pred, _: y_pred.sum()), of_loss(lambda y_pred, _: (y_pred**2).sum() / 2)),
    ),
    "sum-squared": (
        "the sum has been squared, where the squares are to be summed",
        "Do the residuals 1 and −1 together give a loss of 0?",
        (
            of_loss(lambda y_pred, y: (y_pred - y).sum() ** 2 / 2),
            of_loss(lambda y_pred, y: (y_pred - y).sum() ** 2),
        ),
    ),
    "last-sample-only": (
        "only the last sample is in the loss",
        "After the loop, where is what the first sample had to add?",
        (of_loss(lambda y_pred, y: half_of_squares(y_pred[-1], y[-1])),),
    ),
    "bias-ignored": (
        "an intercept is left out of the prediction",
        "Which number does each layer answer at 0?",
        (
            of_prediction(lambda p, x: p["a2"] * p["a1"] * x + p["b2"]),
            of_prediction(lambda p, x: p["a2"] * (p["a1"] * x + p["b1"])),
            of_prediction(lambda p, x: p["a2"] * p["a1"] * x),
        ),
    ),
    "wrong-layer-factor": (
        "the parameters of the layers have been exchanged in the prediction",
        "Whose parameters meet x first?",
        (
            of_prediction(lambda p, x: p["a1"] * (p["a2"] * x + p["b2"]) + p["b1"]),
            of_prediction(lambda p, x: p["a2"] * (p["a1"] * x + p["b2"]) + p["b1"]),
            of_prediction(lambda p, x: p["a1"] * (p["a2"] * x + p["b1"]) + p["b2"]),
        ),
    ),
    "x-for-g": (
        "layer two has been given x",
        "What goes into the second layer?",
        (of_prediction(lambda p, x: p["a2"] * x + p["b2"]),),
    ),
    "graph-cut": (
        "`a2` and `b2` are right; nothing has come back to `a1` and `b1`",
        "Up to which of your tensors has PyTorch kept a record of what was computed?",
        (
            of_prediction(lambda p, x: p["a2"] * (p["a1"] * x + p["b1"]).detach() + p["b2"]),
            emptied("a1", "b1"),
        ),
    ),
    "gradient-of-a-copy": (
        "no gradient is there: `.grad` of the tensors that you read is empty",
        "Which tensors did autograd fill: those you read, or those that they were copied from?",
        (emptied("a1", "b1", "a2", "b2"),),
    ),
    "swapped": (
        "right values under each other's names",
        "In which order do you hand the parameters to autograd, and in which do you name what comes back?",
        (
            reordered("b1", "a1", "b2", "a2"),
            reordered("a2", "b2", "a1", "b1"),
            reordered("b2", "a2", "b1", "a1"),
            reordered("a1", "a2", "b1", "b2"),
            reordered("b1", "b2", "a1", "a2"),
            reordered("a1", "a1", "a2", "a2"),
        ),
    ),
})  # fmt: skip


def multiple(factor: float) -> Variant:
    """The variant that gives a multiple of all gradients."""
    return altered("autograd_gradients", lambda right, *_: mapped(right, lambda value: value * factor))


GRADIENTS_IN_PARTS = partly("autograd_gradients", {
    "half-dropped": (
        "{parts}: exactly twice what is expected",
        "What is the ½ in the loss there for, and how often have you gone back?",
        (multiple(2),),
    ),
    "half-kept": (
        "{parts}: half of what is expected",
        "How many times does ½ stand in the loss?",
        (multiple(0.5),),
    ),
    "sign-flipped": (
        "{parts}: right size, opposite sign",
        "If a prediction is too high and grows a little more, does the loss rise or fall?",
        (multiple(-1),),
    ),
})  # fmt: skip


def batches(change: Callable[[Tensor, Tensor, int], Batches]) -> Variant:
    """The variant of make_loader that cuts other batches, the same each time it is gone through."""
    return lambda _functions, x, y, size: change(x, y, size) * 2


def cut(x: Tensor, y: Tensor, size: int) -> Batches:
    """Consecutive samples, not yet as columns."""
    return [(x[start : start + size], y[start : start + size]) for start in range(0, len(x), size)]


def columns(x: Tensor, y: Tensor, size: int) -> Batches:
    """The right batches."""
    return cut(x[:, None], y[:, None], size)


def with_loss_of_shape(x: bool, y: bool) -> Variant:
    """The variant whose x, or y, are columns, and the other not."""
    return batches(lambda xs, ys, size: cut(xs[:, None] if x else xs, ys[:, None] if y else ys, size))


LOADER = whole("make_loader", {
    "shuffled": (
        "the samples do not come in order",
        "In which order did the batches of exercise 1 come?",
        (seen("out of order"),),
    ),
    "integer-dtype": (
        "the numbers keep the type they come in, whole numbers too",
        "Which type have the parameters of nn.Linear, and which have x and y?",
        (seen("as they came"), seen("int64"), seen("int32"), seen("float32, int64")),
    ),
    "wrong-shape": (
        "a batch has the right numbers, but not one row a sample",
        "How many rows and how many columns has a batch of three samples, with one factor?",
        (
            with_loss_of_shape(x=False, y=False),
            with_loss_of_shape(x=True, y=False),
            with_loss_of_shape(x=False, y=True),
            batches(lambda x, y, size: [(xs[None], ys[None]) for xs, ys in cut(x, y, size)]),
            batches(lambda x, y, size: [(xs[..., None], ys[..., None]) for xs, ys in columns(x, y, size)]),
        ),
    ),
    "short-batch-dropped": (
        "the last batch is left out where it is shorter",
        "Seven samples in batches of three: which samples are in the last batch?",
        (batches(lambda x, y, size: [each for each in columns(x, y, size) if len(each[0]) == size]),),
    ),
    "whole-batch": (
        "all samples are in one batch",
        "Who tells the loader how many samples a batch has?",
        (batches(lambda x, y, _: columns(x, y, len(x))),),
    ),
    "batch-size-forgotten": (
        "every sample is a batch of its own",
        "Who tells the loader how many samples a batch has?",
        (batches(lambda x, y, _: columns(x, y, 1)), batches(lambda x, y, _: cut(x, y, 1))),
    ),
    "swapped": (
        "x and y have changed places in each batch",
        "Which of the two does the description name first?",
        (batches(lambda x, y, size: columns(y, x, size)),),
    ),
    "x-for-y": (
        "both members of a batch are the same",
        "Which two things has a batch?",
        (batches(lambda x, _, size: columns(x, x, size)), batches(lambda _, y, size: columns(y, y, size))),
    ),
    "paired-by-sample": (
        "the batches hold x alone, or y alone",
        "Which two things has a batch?",
        (
            batches(lambda x, y, size: [(xs,) for xs, _ in columns(x, y, size)]),
            batches(lambda x, y, size: [xs for xs, _ in columns(x, y, size)]),
        ),
    ),
    "last-batch-missing": (
        "the last batch is not there",
        "Seven samples in batches of three: at which sample does each batch begin?",
        (batches(lambda x, y, size: columns(x, y, size)[:-1]),),
    ),
    "first-batch-only": (
        "only the first batch is there",
        "How many batches do seven samples make, three at a time?",
        (batches(lambda x, y, size: columns(x, y, size)[:1]),),
    ),
})  # fmt: skip
