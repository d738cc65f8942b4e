"""Known mistakes of exercise 4 in once through the data; the steps that it is made of are right."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.checking import Variant
from autograder.mistakes.in_worker.tables import whole

Layers = list[Tensor]
Batches = list[tuple[Tensor, Tensor]]


def cut(X: Tensor, Y: Tensor, size: int) -> Batches:
    """The batches in order."""
    return [(X[start : start + size], Y[start : start + size]) for start in range(0, len(X), size)]


def gradients(functions: Any, weights: Layers, biases: Layers, X: Tensor, Y: Tensor) -> tuple[Tensor, Any]:
    """Loss and gradients of a batch."""
    activations = functions.forward(weights, biases, X)
    return functions.loss(activations[-1], Y), functions.backward(weights, activations, Y)


def loss_of(functions: Any, parameters: tuple[Layers, Layers], X: Tensor, Y: Tensor) -> Any:
    """The loss of some samples."""
    return functions.loss(functions.forward(*parameters, X)[-1], Y)


def trained(functions: Any, weights: Layers, biases: Layers, batches: Batches, rate: Any) -> tuple[Any, list[Tensor]]:
    """Parameters after a step for each batch, and the batch losses."""
    losses = []
    for X, Y in batches:
        loss, found = gradients(functions, weights, biases, X, Y)
        losses.append(loss)
        weights, biases = functions.update(weights, biases, *found, rate)
    return (weights, biases), losses


def with_batches(change: Callable[[Batches], Batches]) -> Variant:
    """The variant of train_epoch that goes through other batches."""

    def variant(
        functions: Any, weights: Layers, biases: Layers, X: Tensor, Y: Tensor, rate: Any, size: int
    ) -> tuple[Any, ...]:
        batches = change(cut(X, Y, size))
        after, losses = trained(functions, weights, biases, batches, rate)
        return *after, sum(losses, X.new_zeros(()))

    return variant


def all_in_one(batches: Batches) -> Batches:
    """All data in one batch."""
    X, Y = map(torch.cat, zip(*batches, strict=True))
    return [(X, Y)]


def short_batch_dropped(
    functions: Any, weights: Layers, biases: Layers, X: Tensor, Y: Tensor, rate: Any, size: int
) -> tuple[Any, ...]:
    """Only whole batches."""
    full = [batch for batch in cut(X, Y, size) if len(batch[0]) == size]
    after, losses = trained(functions, weights, biases, full, rate)
    return *after, sum(losses, X.new_zeros(()))


def with_loss(change: Callable[[list[Tensor], Tensor], Any]) -> Variant:
    """The variant of train_epoch that makes something else of the batch losses."""

    def variant(
        functions: Any, weights: Layers, biases: Layers, X: Tensor, Y: Tensor, rate: Any, size: int
    ) -> tuple[Any, ...]:
        after, losses = trained(functions, weights, biases, cut(X, Y, size), rate)
        return *after, change(losses, X)

    return variant


def loss_after_step(
    functions: Any, weights: Layers, biases: Layers, X: Tensor, Y: Tensor, rate: Any, size: int
) -> tuple[Any, ...]:
    """Each batch loss is taken after its step."""
    total, after = X.new_zeros(()), (weights, biases)
    for Xs, Ys in cut(X, Y, size):
        after, _ = trained(functions, *after, [(Xs, Ys)], rate)
        total = total + loss_of(functions, after, Xs, Ys)
    return *after, total


def loss_at_the_end(
    functions: Any, weights: Layers, biases: Layers, X: Tensor, Y: Tensor, rate: Any, size: int
) -> tuple[Any, ...]:
    """The loss of all data after the last step."""
    after, _ = trained(functions, weights, biases, cut(X, Y, size), rate)
    return *after, loss_of(functions, after, X, Y)


def loss_at_the_start(
    functions: Any, weights: Layers, biases: Layers, X: Tensor, Y: Tensor, rate: Any, size: int
) -> tuple[Any, ...]:
    """The loss of all data before the first step."""
    after, _ = trained(functions, weights, biases, cut(X, Y, size), rate)
    return *after, loss_of(functions, (weights, biases), X, Y)


def layers_one_by_one(
    functions: Any, weights: Layers, biases: Layers, X: Tensor, Y: Tensor, rate: Any, size: int
) -> tuple[Any, ...]:
    """Each layer moves before the slope goes back through it."""
    total = X.new_zeros(())
    for Xs, Ys in cut(X, Y, size):
        outputs = functions.forward(weights, biases, Xs)
        total = total + functions.loss(outputs[-1], Ys)
        delta = functions.output_delta(outputs[-1], Ys)
        weights, biases = [*weights], [*biases]
        for index in reversed(range(len(weights))):
            found = functions.layer_gradients(delta, outputs[index])
            old = [weights[index]], [biases[index]]
            (weights[index],), (biases[index],) = functions.update(*old, [found[0]], [found[1]], rate)
            delta = functions.propagate_delta(delta, weights[index])
    return weights, biases, total


def not_updated(*, is_trained: bool) -> Variant:
    """The variants that return the parameters as they were: those that move, and those that do not."""

    def variant(
        functions: Any, weights: Layers, biases: Layers, X: Tensor, Y: Tensor, rate: Any, size: int
    ) -> tuple[Any, ...]:
        _, losses = trained(functions, weights, biases, cut(X, Y, size), rate if is_trained else rate * 0)
        return weights, biases, sum(losses)

    return variant


def not_carried_on(
    functions: Any, weights: Layers, biases: Layers, X: Tensor, Y: Tensor, rate: Any, size: int
) -> tuple[Any, ...]:
    """Each batch starts from the first parameters."""
    after, total = (weights, biases), X.new_zeros(())
    for batch in cut(X, Y, size):
        after, losses = trained(functions, weights, biases, [batch], rate)
        total = total + losses[0]
    return *after, total


def accumulated(
    functions: Any, weights: Layers, biases: Layers, X: Tensor, Y: Tensor, rate: Any, size: int
) -> tuple[Any, ...]:
    """Each step goes along the gradients of all batches so far."""
    total, sums = X.new_zeros(()), [[0 * W for W in weights], [0 * b for b in biases]]
    for Xs, Ys in cut(X, Y, size):
        loss, found = gradients(functions, weights, biases, Xs, Ys)
        sums = [[one + other for one, other in zip(*pair, strict=True)] for pair in zip(sums, found, strict=True)]
        weights, biases = functions.update(weights, biases, *sums, rate)
        total = total + loss
    return weights, biases, total


def in_order(*order: int) -> Variant:
    """The variant that returns the right values in another order."""

    def variant(functions: Any, *arguments: Any) -> tuple[Any, ...]:
        right = functions.train_epoch(*arguments)
        return tuple(right[index] for index in order)

    return variant


EPOCH = whole("train_epoch", {
    "short-batch-dropped": (
        "the last batch is left out where it is shorter",
        "Seven samples in batches of three: which samples are in the last batch?",
        (short_batch_dropped,),
    ),
    "first-batch-only": (
        "only the first batch has been used",
        "How many times does your loop run, before it returns?",
        (with_batches(lambda batches: batches[:1]),),
    ),
    "last-batch-only": (
        "only the last batch has been used",
        "After the loop over the batches, where is what the first one had to say?",
        (with_batches(lambda batches: batches[-1:]),),
    ),
    "last-batch-missing": (
        "the last batch has not been used",
        "Seven samples in batches of three: at which sample does each batch begin?",
        (with_batches(lambda batches: batches[:-1]),),
    ),
    "whole-batch": (
        "one step has been taken on all the data",
        "How many steps does an epoch have, with seven samples in batches of three?",
        (with_batches(all_in_one),),
    ),
    "shuffled": (
        "the batches are right, but the last comes first",
        "Which samples does the first step see?",
        (with_batches(lambda batches: batches[::-1]),),
    ),
    "last-batch-loss": (
        "weights and biases are right; `epoch_loss` is the loss of the last batch",
        "After the loop, where is the loss of the first batch?",
        (with_loss(lambda losses, _: losses[-1]),),
    ),
    "first-batch-loss": (
        "weights and biases are right; `epoch_loss` is the loss of the first batch",
        "Where do the losses of the other batches go?",
        (with_loss(lambda losses, _: losses[0]),),
    ),
    "mean-of-batches": (
        "weights and biases are right; `epoch_loss` is the mean of the batch losses",
        "Is the loss of an epoch a sum or a mean here?",
        (with_loss(lambda each, _: sum(each) / len(each)),),
    ),
    "mean-not-sum": (
        "weights and biases are right; `epoch_loss` is divided by the number of samples",
        "Is the loss of an epoch a sum or a mean here?",
        (with_loss(lambda losses, X: sum(losses) / len(X)),),
    ),
    "not-summed": (
        "weights and biases are right; `epoch_loss` is one number for each batch",
        "How many numbers is the loss of an epoch?",
        (with_loss(lambda losses, _: losses),),
    ),
    "updated-before-use": (
        "a loss or a derivative was taken after the parameters that it belongs to had moved",
        "Which parameters made the prediction that is measured?",
        (loss_after_step, loss_at_the_end, layers_one_by_one),
    ),
    "loss-at-start": (
        "weights and biases are right; `epoch_loss` is the loss of all data before the first step",
        "Which parameters predict the second batch?",
        (loss_at_the_start,),
    ),
    "not-updated": (
        "weights and biases came back as they were",
        "What becomes of what `update` returns?",
        (not_updated(is_trained=True), not_updated(is_trained=False)),
    ),
    "parameters-not-carried": (
        "each batch starts from the first parameters again",
        "Where do the parameters go that the first batch leads to?",
        (not_carried_on,),
    ),
    "gradients-accumulated": (
        "each step also goes along the gradients of the batches before",
        "Whose gradients does a step follow: this batch's, or those of all batches so far?",
        (accumulated,),
    ),
    "swapped": (
        "right values in the wrong order",
        "In which order does the description name what comes back?",
        (in_order(1, 0, 2), in_order(2, 0, 1), in_order(2, 1, 0), in_order(0, 2, 1), in_order(1, 2, 0)),
    ),
    "loss-left-out": (
        "weights and biases are right, but the loss of the epoch did not come back",
        "How many things does the description name?",
        (in_order(0, 1),),
    ),
})  # fmt: skip
