"""Known mistakes of exercise 4: many layers, many factors."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.checking import Variant, altered
from autograder.mistakes.common import cut_to_whole_numbers
from autograder.mistakes.exercise4_epoch import EPOCH as EPOCH
from autograder.mistakes.exercise4_layers import GRADIENTS as GRADIENTS
from autograder.mistakes.exercise4_layers import GRADIENTS_IN_PARTS as GRADIENTS_IN_PARTS
from autograder.mistakes.exercise4_layers import GRADIENTS_TURNED as GRADIENTS_TURNED
from autograder.mistakes.exercise4_layers import PROPAGATE as PROPAGATE
from autograder.mistakes.exercise4_layers import PROPAGATE_TURNED as PROPAGATE_TURNED
from autograder.mistakes.exercise4_layers import turned_if_square
from autograder.mistakes.exercise4_training import BACKWARD as BACKWARD
from autograder.mistakes.exercise4_training import UPDATE as UPDATE
from autograder.mistakes.exercise4_training import UPDATE_IN_PARTS as UPDATE_IN_PARTS
from autograder.mistakes.exercise4_training import UPDATE_TURNED as UPDATE_TURNED
from autograder.mistakes.exercise4_training import backward_step_by_step as backward_step_by_step
from autograder.mistakes.exercise4_training import backward_with_a_step_too_many as backward_with_a_step_too_many
from autograder.mistakes.in_worker.tables import TOO_FEW_LAYERS, of_residual, step, whole

Layers = list[Tensor]
Layer = Callable[[Tensor, Tensor, Tensor], Tensor]


def stacked(layer: Layer) -> Variant:
    """The variant of forward in which each layer does something else with its input, weights and biases."""

    def variant(_functions: Any, weights: Layers, biases: Layers, X: Tensor) -> Layers:
        outputs = [X]
        for W, b in zip(weights, biases, strict=True):
            outputs.append(layer(outputs[-1], W, b))
        return outputs

    return variant


def one_without_bias(index: int) -> Variant:
    """The variant of forward that leaves out the biases of one layer."""

    def variant(functions: Any, weights: Layers, biases: Layers, X: Tensor) -> Any:
        kept = [*biases]
        kept[index] = kept[index] * 0
        return functions.forward(weights, kept, X)

    return variant


def between(activation: Callable[[Tensor], Tensor], *, also_last: bool) -> Variant:
    """The variant of forward with an activation after each layer, or after all but the last."""

    def variant(_functions: Any, weights: Layers, biases: Layers, X: Tensor) -> Layers:
        outputs = [X]
        for index, (W, b) in enumerate(zip(weights, biases, strict=True), 1):
            after = outputs[-1] @ W.T + b
            outputs.append(activation(after) if also_last or index < len(weights) else after)
        return outputs

    return variant


def from_input(_functions: Any, weights: Layers, biases: Layers, X: Tensor) -> Layers:
    """Every layer gets the input X."""
    return [X, *(X @ W.T + b for W, b in zip(weights, biases, strict=True))]


def two_layers_only(refusal: Exception) -> Variant:
    """The variant of forward that is written for two layers; `refusal` is what it raises at fewer."""

    def variant(functions: Any, weights: Layers, biases: Layers, X: Tensor) -> Any:
        if len(weights) < 2:
            raise refusal
        return functions.forward(weights[:2], biases[:2], X)

    return variant


MATRIX = (
    "Each output of a layer is a sum over all its inputs. Which axis of A and which axis of W does that sum run along?"
)

FORWARD = whole("forward", {
    "bias-ignored": (
        "a layer's biases are left out",
        "A row of zeros goes into a layer. What comes out?",
        (stacked(lambda A, W, _: A @ W.T), one_without_bias(-1), one_without_bias(0)),
    ),
    "bias-subtracted": (
        "the biases are subtracted",
        "A row of zeros goes into a layer. What comes out?",
        (stacked(lambda A, W, b: A @ W.T - b),),
    ),
    "missing-transpose": (
        "a matrix is not transposed where it should be, or the one that should not is",
        MATRIX,
        (
            stacked(lambda A, W, b: A @ W + b),
            stacked(lambda A, W, b: torch.einsum("ni,io->no", A, W) + b),  # which stretches an axis of length 1
            stacked(lambda A, W, b: A @ turned_if_square(W.T) + b),
            stacked(lambda A, W, b: W @ A + b),
            stacked(lambda A, W, b: W @ A + b[:, None]),
            stacked(lambda A, W, b: W @ A.T + b),
            stacked(lambda A, W, b: W @ A.T + b[:, None]),
            stacked(lambda A, W, b: W.T @ A + b),
            stacked(lambda A, W, b: (A @ W.T + b).T),
            stacked(lambda A, W, b: A.T @ W.T + b),
        ),
    ),
    "elementwise-for-matmul": (
        "entry is multiplied by entry, where a product of matrices is due",
        "How many products does a single output of a layer add up?",
        (
            stacked(lambda A, W, b: A * W + b),
            stacked(lambda A, W, b: A * W.T + b),
            stacked(lambda A, W, b: (A * W).sum(1, keepdim=True) + b),
        ),
    ),
    "wrong-axis": (
        "the biases go to the rows, one a sample",
        "A layer has one bias for each of its … what?",
        (stacked(lambda A, W, b: A @ W.T + b[:, None]),),
    ),
    "activation-added": (
        "something that is not in the formula is done to a layer's output",
        "Can your layer answer any number, −3 and 300 as well?",
        tuple(
            between(activation, also_last=last)
            for activation in (torch.relu, torch.tanh, torch.sigmoid)
            for last in (True, False)
        ),
    ),
    "integer-dtype": (
        "what a layer puts out is cut to whole numbers",
        "Which type has the tensor that you put the numbers into?",
        (stacked(lambda A, W, b: (A @ W.T + b).trunc()), stacked(lambda A, W, b: (A @ W.T + b).round())),
    ),
    "x-for-g": (
        "every layer is given the input X",
        "What goes into the second layer?",
        (from_input,),
    ),
    "input-left-out": (
        "the outputs are right, but the list does not begin with the input",
        "The first layer's gradients will need what went into it. Where will they find it?",
        (altered("forward", lambda right, *_: right[1:]),),
    ),
    "output-left-out": (
        "the list stops one layer early",
        "How many members has the list, if there is one layer?",
        (altered("forward", lambda right, *_: right[:-1]),),
    ),
    "last-output-only": (
        "only the last layer's output comes back",
        "The way back needs what went into each layer. Who keeps it?",
        (altered("forward", lambda right, *_: right[-1]),),
    ),
    "swapped": (
        "the list is turned round: the last layer's output comes first",
        "Which output do you have first?",
        (altered("forward", lambda right, *_: right[::-1]),),
    ),
    "two-layers-only": (
        "right for two layers, but not for another number of them",
        "How many layers does your code expect, and where does it learn how many there are?",
        tuple(map(two_layers_only, TOO_FEW_LAYERS)),
    ),
})  # fmt: skip

LOSS = whole("loss", {
    "half-dropped": (
        "twice what is expected",
        "Which part of the formula would halve it?",
        (of_residual(lambda r: (r**2).sum()),),
    ),
    "half-twice": (
        "half of what is expected",
        "How many times does ½ stand in the formula?",
        (of_residual(lambda r: (r**2).sum() / 4),),
    ),
    "mean-not-sum": (
        "divided by the number of samples, or of residuals",
        "Does the same data twice give the same loss, or twice as much?",
        (of_residual(lambda r: (r**2).sum() / 2 / len(r)), of_residual(lambda r: (r**2).mean() / 2)),
    ),
    "two-over-n": (
        "the mean of the squares, without ½ and without the sum",
        "Which loss does this exercise have: with a mean, or with a sum and a ½?",
        (of_residual(lambda r: (r**2).sum() / len(r)), of_residual(lambda r: (r**2).mean())),
    ),
    "not-summed": (
        "several numbers came back, where one is due",
        "Along which axes does the formula add up?",
        (
            of_residual(lambda r: r**2 / 2),
            of_residual(lambda r: (r**2).sum(0) / 2),
            of_residual(lambda r: (r**2).sum(1) / 2),
            of_residual(lambda r: r**2),
            of_residual(lambda r: (r**2).sum(0)),
            of_residual(lambda r: (r**2).sum(1)),
        ),
    ),
    "last-sample-only": (
        "only the last row, or the last number of all, is in it",
        "After the loop, where is what the first sample had to add?",
        (of_residual(lambda r: (r[-1] ** 2).sum() / 2), of_residual(lambda r: r[-1, -1] ** 2 / 2)),
    ),
    "last-output-only": (
        "only the last column, the last output of each sample, is in it",
        "After the loop, where is what the first output had to add?",
        (of_residual(lambda r: (r[:, -1] ** 2).sum() / 2),),
    ),
    "first-sample-only": (
        "only the first row, or the first number of all, is in it",
        "How many times does your loop run, before it returns?",
        (of_residual(lambda r: (r[0] ** 2).sum() / 2), of_residual(lambda r: r[0, 0] ** 2 / 2)),
    ),
    "last-sample-missing": (
        "the last sample is not in it",
        "For which i does your loop run?",
        (of_residual(lambda r: (r[:-1] ** 2).sum() / 2),),
    ),
    "broadcast-loss": (
        "every prediction has been measured against every sample's truth",
        "How many residuals do n samples have, each with one number an output?",
        (
            step(lambda Y_pred, Y: ((Y_pred[:, None] - Y) ** 2).sum() / 2),
            step(lambda Y_pred, Y: ((Y_pred[:, None] - Y) ** 2).sum()),
        ),
    ),
    "absolute-residual": (
        "|r| stands where r² is due",
        "If a residual doubles, how many times as large does its share of the loss become?",
        (of_residual(lambda r: r.abs().sum() / 2), of_residual(lambda r: r.abs().sum())),
    ),
    "square-missing": (
        "the residuals are added without their squares",
        "Do the residuals 1 and −1 together give a loss of 0?",
        (of_residual(lambda r: r.sum() / 2), of_residual(lambda r: r.sum())),
    ),
    "sum-squared": (
        "the sum is squared, where the squares are to be summed",
        "Do the residuals 1 and −1 together give a loss of 0?",
        (
            of_residual(lambda r: r.sum() ** 2 / 2),
            of_residual(lambda r: (r.sum(0) ** 2).sum() / 2),
            of_residual(lambda r: (r.sum(1) ** 2).sum() / 2),
        ),
    ),
    "residual-missing": (
        "one of prediction and truth does not count",
        "Which loss does a perfect prediction have, with yours?",
        (step(lambda Y_pred, _: (Y_pred**2).sum() / 2), step(lambda _, Y: (Y**2).sum() / 2)),
    ),
    "sign-flipped": (
        "prediction and truth are added",
        "Which loss does a perfect prediction have, with yours?",
        (step(lambda Y_pred, Y: ((Y_pred + Y) ** 2).sum() / 2),),
    ),
})  # fmt: skip

LOSS_TURNED = whole("loss", {
    "sign-flipped": (
        "right size, opposite sign",
        "Can a sum of squares be below 0?",
        (of_residual(lambda r: -(r**2).sum() / 2),),
    ),
})  # fmt: skip

ONE = "If one single prediction grows by a little, by how much does the loss grow, and do others matter for that?"

DELTA = whole("output_delta", {
    "sign-flipped": (
        "right sizes, opposite signs",
        "If a prediction is too high and grows a little more, does the loss rise or fall?",
        (of_residual(lambda r: -r),),
    ),
    "half-dropped": (
        "twice what is expected",
        "What is the ½ in the loss there for?",
        (of_residual(lambda r: 2 * r),),
    ),
    "half-kept": (
        "half of what is expected",
        "What becomes of ½u² when it is differentiated with respect to u?",
        (of_residual(lambda r: r / 2),),
    ),
    "mean-not-sum": (
        "divided by the number of samples, or of residuals",
        "Is this exercise's loss a sum or a mean?",
        (of_residual(lambda r: r / len(r)), of_residual(lambda r: r / r.numel())),
    ),
    "two-over-n": (
        "the derivative of the mean squared error",
        "Which loss does this exercise have: with a mean, or with a sum and a ½?",
        (of_residual(lambda r: 2 * r / len(r)), of_residual(lambda r: 2 * r / r.numel())),
    ),
    "absolute-residual": (
        "right sizes, but no sign is left",
        "Do a prediction that is too high and one that is too low push the same way?",
        (of_residual(torch.abs),),
    ),
    "residual-missing": (
        "one of prediction and truth does not count",
        "Which derivative has the loss at a perfect prediction?",
        (step(lambda Y_pred, _: Y_pred), step(lambda _, Y: Y), of_residual(torch.ones_like)),
    ),
    "loss-for-slope": (
        "it returns the loss, not its derivative",
        "What is left of ½u² when it is differentiated with respect to u?",
        (
            of_residual(lambda r: r**2 / 2),
            of_residual(lambda r: r**2),
            of_residual(lambda r: (r**2).sum() / 2),
            of_residual(lambda r: (r**2).sum()),
        ),
    ),
    "missing-transpose": (
        "the result is transposed: there is a row for each output",
        "What is a row of Y, and what is a row of your answer?",
        (of_residual(lambda r: r.T),),
    ),
    "summed-too-early": (
        "residuals of several predictions are added up",
        ONE,
        (of_residual(lambda r: r.sum(0)), of_residual(lambda r: r.sum(1)), of_residual(torch.sum)),
    ),
    "last-sample-only": (
        "only the last sample's derivatives came back",
        "How many predictions are there, and how many derivatives?",
        (of_residual(lambda r: r[-1]), of_residual(lambda r: r[-1:])),
    ),
})  # fmt: skip

DELTA_ADDED = whole("output_delta", {
    "sign-flipped": (
        "prediction and truth are added",
        "Which derivative has the loss at a perfect prediction?",
        (step(lambda Y_pred, Y: Y_pred + Y),),
    ),
})  # fmt: skip

CUT = tuple(
    each
    for name in ("loss", "output_delta", "layer_gradients", "propagate_delta", "backward", "update")
    for each in cut_to_whole_numbers(name)
)
