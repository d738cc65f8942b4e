"""Known mistakes of exercise 4 in all layers: the way back, and the update."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.checking import Variant, altered, composition, mapped, turned
from autograder.mistakes.in_worker.tables import TOO_FEW_LAYERS, partly, whole

Layers = list[Tensor]
STEPS = ("output_delta", "layer_gradients", "propagate_delta")


def walk(
    functions: Any,
    weights: Layers,
    activations: Layers,
    Y: Tensor,
    *,
    source: Callable[[Layers, int], Tensor] = lambda activations, index: activations[index],
    back: Callable[..., Tensor] = lambda functions, delta, weights, index, _: functions.propagate_delta(
        delta, weights[index]
    ),
    last: int = 1,
) -> tuple[Layers, Layers]:
    """The way back, layer by layer: `source` is a layer's input, `back` the step before it, `last` the last one."""
    delta = functions.output_delta(activations[-1], Y)
    grad_weights: Layers = []
    grad_biases: Layers = []
    for index in reversed(range(len(weights))):
        grad_W, grad_b = functions.layer_gradients(delta, source(activations, index))
        grad_weights.insert(0, grad_W)
        grad_biases.insert(0, grad_b)
        if index >= last:
            delta = back(functions, delta, weights, index, grad_W)
    return grad_weights, grad_biases


@composition("backward", *STEPS)
def backward_step_by_step(functions: Any, weights: Layers, activations: Layers, Y: Tensor) -> Any:
    """Made of the steps for one layer."""
    return walk(functions, weights, activations, Y)


@composition("backward", *STEPS)
def backward_with_a_step_too_many(functions: Any, weights: Layers, activations: Layers, Y: Tensor) -> Any:
    """The same with one step more, to the slope along X, which may raise."""
    return walk(functions, weights, activations, Y, last=0)


def walked(**changes: Any) -> tuple[Variant, Variant]:
    """The variants of backward with another step, one that goes on to the slope along X, and one that does not."""

    def variant(last: int) -> Variant:
        return lambda functions, *arguments: walk(functions, *arguments, last=last, **changes)

    return variant(1), variant(0)


def early(functions: Any, weights: Layers, activations: Layers, Y: Tensor) -> tuple[Layers, Layers]:
    """The step back comes before the gradients of the layer that it goes through."""
    delta = functions.output_delta(activations[-1], Y)
    found: list[tuple[Tensor, Tensor]] = []
    for index in reversed(range(len(weights))):
        delta = functions.propagate_delta(delta, weights[index])
        found.insert(0, functions.layer_gradients(delta, activations[index]))
    return [grad_W for grad_W, _ in found], [grad_b for _, grad_b in found]


def two_layers_only(refusal: Exception) -> Variant:
    """The variant of backward that is written for two layers; `refusal` is what it raises at fewer."""

    def variant(functions: Any, weights: Layers, activations: Layers, Y: Tensor) -> Any:
        if len(weights) < 2:
            raise refusal
        return functions.backward(weights[-2:], activations[-3:], Y)

    return variant


def last_layer_only(right: tuple[Layers, Layers], *_arguments: Any) -> Any:
    """The gradients of the last layer, and nothing before it."""
    return mapped(([right[0][-1]], [right[1][-1]]), lambda value: value)


BACKWARD = whole("backward", {
    "layers-reversed": (
        "right gradients, the last layer's first",
        "Which layer's gradients do you find first, and where in the list do they belong?",
        (
            altered("backward", lambda right, *_: (right[0][::-1], right[1][::-1])),
            altered("backward", lambda right, *_: (right[0][::-1], right[1])),
            altered("backward", lambda right, *_: (right[0], right[1][::-1])),
        ),
    ),
    "swapped": (
        "the lists of the weights' and of the biases' gradients have changed places",
        "Which of the two does the description name first?",
        (altered("backward", lambda right, *_: turned(right)),),
    ),
    "paired-by-layer": (
        "one pair for each layer came back, where two lists are due",
        "What does `update` take: pairs, or the weights' gradients and then the biases'?",
        (altered("backward", lambda right, *_: [list(pair) for pair in zip(*right, strict=True)]),),
    ),
    "upstream-factor-missing": (
        "the last layer is right; for those before it, delta has not gone back through a layer",
        "What is new in delta, one layer further back?",
        (
            *walked(back=lambda functions, delta, *_: delta),
            *walked(back=lambda functions, delta, weights, index, _: functions.propagate_delta(
                torch.ones_like(delta), weights[index]
            )),
        ),
    ),
    "upstream-factor-twice": (
        "the last layer is right; on the way back, a layer is gone through twice",
        "Between two neighbours in the list of layers, how often is there a W to cross?",
        walked(back=lambda functions, delta, weights, index, _: functions.propagate_delta(
            functions.propagate_delta(delta, weights[index]), weights[index]
        )),
    ),
    "upstream-factor-early": (
        "delta has gone back through a layer before that layer's gradients were taken",
        "Which side of a layer is delta on, when that layer's gradients are taken: its output or its input?",
        (early,),
    ),
    "wrong-layer-factor": (
        "the last layer is right; on the way back, delta goes through another layer's weights",
        "Which W stands between the input of a layer and its output?",
        (
            *walked(back=lambda functions, delta, weights, index, _: functions.propagate_delta(
                delta, weights[index - 1]
            )),
            *walked(back=lambda functions, delta, weights, index, _: functions.propagate_delta(
                delta, weights[min(index + 1, len(weights) - 1)]
            )),
            *walked(back=lambda functions, delta, weights, index, _: functions.propagate_delta(
                delta, weights[len(weights) - 1 - index]
            )),
        ),
    ),
    "gradient-for-weight": (
        "the last layer is right; delta goes back through the gradient of W",
        "Does the error flow back through the weights, or through their derivatives?",
        walked(back=lambda functions, delta, weights, index, grad_W: functions.propagate_delta(delta, grad_W)),
    ),
    "x-for-g": (
        "the biases are right; the weights have been given X, or what went into an earlier layer",
        "What was this layer's input on the way forward?",
        (
            *walked(source=lambda activations, _: activations[0]),
            *walked(source=lambda activations, index: activations[max(index - 1, 0)]),
        ),
    ),
    "g-for-x": (
        "the biases are right; the weights have been given another layer's output in place of the layer's input",
        "`activations` has one member more than there are layers. Which of them went into layer 1?",
        (
            *walked(source=lambda activations, index: activations[index + 1]),
            *walked(source=lambda activations, index: activations[-2]),
            *walked(source=lambda activations, _: activations[-1]),
            *walked(source=lambda activations, index: activations[len(activations) - 2 - index]),
        ),
    ),
    "last-layer-only": (
        "only the last layer's gradients came back",
        "How many layers are there, and how many gradients?",
        (altered("backward", last_layer_only),),
    ),
    "two-layers-only": (
        "right for two layers, but not for another number of them",
        "How many layers does your code expect, and where does it learn how many there are?",
        tuple(map(two_layers_only, TOO_FEW_LAYERS)),
    ),
})  # fmt: skip


def stepped(change: Callable[[Tensor, Tensor, Any], Tensor]) -> Variant:
    """The variant of update that does something else with each array, its gradient and the rate."""

    def variant(
        _functions: Any, weights: Layers, biases: Layers, grad_weights: Layers, grad_biases: Layers, rate: Any
    ) -> tuple[Layers, Layers]:
        pairs = (weights, grad_weights), (biases, grad_biases)
        first, second = ([change(*each, rate) for each in zip(*pair, strict=True)] for pair in pairs)
        return first, second

    return variant


def one_layer_moves(moving: int) -> Variant:
    """The variant of update that moves one layer only."""

    def change(right: Any, weights: Layers, biases: Layers, *_others: Any) -> Any:
        found = [*weights], [*biases]
        for old, new in zip(found, right, strict=True):
            old[moving] = new[moving]
        return found

    return altered("update", change)


def gradients_reversed(functions: Any, weights: Layers, biases: Layers, *others: Any) -> Any:
    """Each layer moves by another layer's gradient."""
    grad_weights, grad_biases, rate = others
    return functions.update(weights, biases, grad_weights[::-1], grad_biases[::-1], rate)


STILL = "Which value has a parameter after the step, and where in your answer does it stand?"

UPDATE = whole("update", {
    "swapped": (
        "the lists of weights and of biases have changed places",
        "Which of the two does the description name first?",
        (altered("update", lambda right, *_: turned(right)),),
    ),
    "step-only": (
        "only how far to go came back",
        "That is how far you go. Where do you arrive?",
        (stepped(lambda _, gradient, rate: rate * gradient), stepped(lambda _, gradient, rate: -rate * gradient)),
    ),
    "gradient-returned": (
        "the gradients came back as they were",
        STILL,
        (stepped(lambda _value, gradient, _rate: gradient),),
    ),
    "not-updated": (
        "only one of the layers has moved",
        "How many times does your loop run, before it returns?",
        (one_layer_moves(0), one_layer_moves(-1)),
    ),
    "layers-reversed": (
        "each layer has moved by another layer's gradient",
        "In which order do the gradients come, and in which the weights?",
        (gradients_reversed,),
    ),
    "paired-by-layer": (
        "one pair for each layer came back, where two lists are due",
        "What does `forward` take: pairs, or the weights and then the biases?",
        (altered("update", lambda right, *_: [list(pair) for pair in zip(*right, strict=True)]),),
    ),
})  # fmt: skip

UPDATE_TURNED = whole("update", {
    "layers-reversed": (
        "the last layer comes first in both lists",
        "In which order does `forward` take the layers?",
        (altered("update", lambda right, *_: tuple(part[::-1] for part in right)),),
    ),
})  # fmt: skip

UPDATE_IN_PARTS = partly("update", {
    "ascent": (
        "{parts}: the step goes uphill",
        "Which way does the gradient point: up or down the hill?",
        (stepped(lambda value, gradient, rate: value + rate * gradient),),
    ),
    "learning-rate-forgotten": (
        "{parts}: the learning rate is not in it",
        "How large is your step, if the learning rate is 0?",
        (stepped(lambda value, gradient, _: value - gradient),),
    ),
    "not-updated": (
        "{parts} came back as before the step",
        STILL,
        (stepped(lambda value, _gradient, _rate: value),),
    ),
})  # fmt: skip
