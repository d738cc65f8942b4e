"""Known mistakes of exercise 5 on the way back through all layers."""

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from autograder.checking import Variant, altered
from autograder.mistakes import exercise4
from autograder.mistakes.exercise5_layers import Layers, back_for_two_layers_only, of_four, walked, words_of_four
from autograder.mistakes.in_worker.tables import TOO_FEW_LAYERS, whole


def other_layer(choose: Callable[[Layers, int], Tensor]) -> Variant:
    """The variant that goes back through other weights."""
    return walked(through=lambda delta, weights, index, _: delta @ choose(weights, index))


def source(choose: Callable[[Layers, Layers, int], Tensor]) -> Variant:
    """The variant that gives the weights another input."""
    return walked(source=choose)


SAME_LISTS = ("layers-reversed", "swapped", "paired-by-layer", "last-layer-only")
# Of what the right lists are made, whatever is in them: the same as in exercise 4.
ASKED = {"paired-by-layer": "Which two lists does the description name?"}  # there it is about `update`
LISTS = tuple(
    replace(each, question=ASKED.get(each.id, each.question)) for each in exercise4.BACKWARD if each.id in SAME_LISTS
)

BACKWARD = whole("backward", {
    "activation-slope-missing": (
        "the last layer is right; before it, what relu had stopped has come through",
        "A unit had z = −2, so relu made 0 of it. If z grows a little, what does the loss do?",
        (walked(mask=lambda delta, *_: delta),),
    ),
    "activation-after-last": (
        "the last layer has no bend, and yet something is stopped there",
        "What is A_m, if Z_m is −3?",
        (walked(start=lambda delta, Z: delta * (Z > 0)),),
    ),
    "pre-activation-for-activation": (
        "the biases are right; the weights have been given what stands before the bend of their input",
        "What went into this layer: Z or A of the layer before?",
        (source(lambda activations, before, index: before[index - 1] if index else activations[0]),),
    ),
    "wrong-layer-mask": (
        "the last layer is right; the bend of another layer decides what is stopped",
        "Between which two layers is δ, when it has gone back through W_l?",
        (
            walked(mask=lambda delta, before, _, index: delta * (before[index] > 0)),
            walked(mask=lambda delta, before, _, index: delta * (before[max(index - 2, 0)] > 0)),
            walked(mask=lambda delta, _, activations, index: delta * (activations[index - 1] > 0)),
        ),
    ),
    "upstream-factor-missing": (
        *words_of_four("upstream-factor-missing"),
        (
            walked(through=lambda delta, *_: delta),
            walked(through=lambda delta, weights, index, _: torch.ones_like(delta) @ weights[index]),
        ),
    ),
    "upstream-factor-twice": (
        *words_of_four("upstream-factor-twice"),
        (walked(through=lambda delta, weights, index, _: delta @ weights[index] @ weights[index]),),
    ),
    "wrong-layer-factor": (
        *words_of_four("wrong-layer-factor"),
        (
            other_layer(lambda weights, index: weights[index - 1]),
            other_layer(lambda weights, index: weights[min(index + 1, len(weights) - 1)]),
            other_layer(lambda weights, index: weights[len(weights) - 1 - index]),
        ),
    ),
    "gradient-for-weight": (
        *words_of_four("gradient-for-weight"),
        (walked(through=lambda delta, _weights, _index, grad_W: delta @ grad_W),),
    ),
    "x-for-g": (
        *words_of_four("x-for-g"),
        (
            source(lambda activations, *_: activations[0]),
            source(lambda activations, _, index: activations[max(index - 1, 0)]),
        ),
    ),
    "g-for-x": (
        *words_of_four("g-for-x"),
        (
            source(lambda activations, _, index: activations[index + 1]),
            source(lambda activations, *_: activations[-2]),
            source(lambda activations, *_: activations[-1]),
            source(lambda activations, _, index: activations[len(activations) - 2 - index]),
        ),
    ),
    "missing-transpose": (
        "rows and columns of the weights' gradients have changed places",
        "Which shape has W, and which has its gradient?",
        (altered("backward", lambda right, *_: ([each.T for each in right[0]], right[1])),),
    ),
    "two-layers-only": (
        *words_of_four("two-layers-only"),
        tuple(map(back_for_two_layers_only, TOO_FEW_LAYERS)),
    ),
})  # fmt: skip

STEPS_OF_FOUR = tuple(of_four())
