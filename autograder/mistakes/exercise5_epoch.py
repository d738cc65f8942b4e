"""Known mistakes of exercise 5 in once through the data: those of exercise 4, with loss and update written out."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from torch import Tensor

from autograder.checking import Mistake, Variant
from autograder.mistakes import exercise4, exercise4_epoch
from autograder.mistakes.in_worker.tables import whole

Layers = list[Tensor]


def half_squares(Y_pred: Tensor, Y: Tensor) -> Tensor:
    """The loss."""
    return ((Y_pred - Y) ** 2).sum() / 2


def stepped(weights: Layers, biases: Layers, grad_weights: Layers, grad_biases: Layers, rate: Any) -> Any:
    """The update."""
    pairs = (weights, grad_weights), (biases, grad_biases)
    return tuple([value - rate * slope for value, slope in zip(*pair, strict=True)] for pair in pairs)


def with_functions_of_four(functions: Any, **others: Callable[..., Any]) -> Any:
    """What exercise 4's variants call, made of exercise 5's functions; `others` in place of right ones."""

    def backward(weights: Layers, activations: Layers, Y: Tensor) -> Any:
        return functions.backward(weights, activations, activations[1:], Y)  # A is above 0 where Z is

    right = {
        "forward": lambda *given: functions.forward(*given)[0],
        "loss": half_squares,
        "update": stepped,
        "backward": backward,
        "train_epoch": functions.train_epoch,
    }
    return SimpleNamespace(**{**right, **others})


def in_five(variant: Variant) -> Variant:
    """A variant of exercise 4's train_epoch with this exercise's functions."""
    return lambda functions, *arguments: variant(with_functions_of_four(functions), *arguments)


def written_out(each: Mistake) -> Mistake:
    """A mistake of exercise 4's loss or update, as it shows where that is written out."""

    def variant(functions: Any, *arguments: Any) -> Any:
        plain = with_functions_of_four(functions)

        def wrong(*given: Any) -> Any:
            return each.variant(plain, *given)

        return epoch(with_functions_of_four(functions, **{each.function: wrong}), *arguments)

    text = each.text if "{parts}" in each.text else f"{{parts}}: {each.text}"
    return replace(each, function="train_epoch", variant=variant, text=text, parts=f"the {each.function} in it")


def epoch(functions: Any, weights: Layers, biases: Layers, X: Tensor, Y: Tensor, rate: Any, size: int) -> Any:
    """An epoch of exercise 4."""
    batches = exercise4_epoch.cut(X, Y, size)
    after, losses = exercise4_epoch.trained(functions, weights, biases, batches, rate)
    return *after, sum(losses, X.new_zeros(()))


def layers_one_by_one(
    functions: Any, weights: Layers, biases: Layers, X: Tensor, Y: Tensor, rate: Any, size: int
) -> Any:
    """Each layer moves before what comes from above goes back through it."""
    total = X.new_zeros(())
    for Xs, Ys in exercise4_epoch.cut(X, Y, size):
        activations, before = functions.forward(weights, biases, Xs)
        total = total + half_squares(activations[-1], Ys)
        delta, weights, biases = activations[-1] - Ys, [*weights], [*biases]
        for index in reversed(range(len(weights))):
            weights[index] = weights[index] - rate * delta.T @ activations[index]
            biases[index] = biases[index] - rate * delta.sum(0)
            if index:
                delta = functions.relu_gradient(delta @ weights[index], before[index - 1])
    return weights, biases, total


def biases_later(functions: Any, weights: Layers, biases: Layers, X: Tensor, Y: Tensor, rate: Any, size: int) -> Any:
    """The biases' gradients are taken when the weights have moved already."""
    total = X.new_zeros(())
    for Xs, Ys in exercise4_epoch.cut(X, Y, size):
        outputs = functions.forward(weights, biases, Xs)
        total = total + half_squares(outputs[0][-1], Ys)
        slopes, early = functions.backward(weights, *outputs, Ys)
        weights, _ = stepped(weights, biases, slopes, early, rate)
        slopes, late = functions.backward(weights, *functions.forward(weights, biases, Xs), Ys)
        _, biases = stepped(weights, biases, slopes, late, rate)
    return weights, biases, total


ASKED = {"not-updated": "What becomes of the new weights and biases, when the batch is done?"}
EPOCH = tuple(
    replace(each, variant=in_five(each.variant), question=ASKED.get(each.id, each.question))
    for each in exercise4.EPOCH
    if each.variant is not exercise4_epoch.layers_one_by_one
)
LATE = next(each for each in EPOCH if each.id == "updated-before-use")
ONE_BY_ONE = whole("train_epoch", {LATE.id: (LATE.text, LATE.question, (layers_one_by_one, biases_later))})
# Of what is known of exercise 4's loss and update, what is likely where each is a line.
LIKELY = (
    *("half-dropped", "half-twice", "mean-not-sum", "two-over-n", "not-summed", "absolute-residual"),
    *("residual-missing", "square-missing", "sign-flipped"),
    *("step-only", "ascent", "learning-rate-forgotten", "not-updated"),
)
WRITTEN_OUT = tuple(
    written_out(each)
    for each in (*exercise4.LOSS, *exercise4.LOSS_TURNED, *exercise4.UPDATE_IN_PARTS, *exercise4.UPDATE)
    if each.id in LIKELY
)
