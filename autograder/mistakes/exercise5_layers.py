"""Known mistakes of exercise 5 in all layers: forward and back.

What exercise 4 has a function for is written out here once more, and so may be the mistakes that are known of it.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor

from autograder.checking import Mistake, Variant, altered, composition, turned
from autograder.mistakes import exercise4
from autograder.mistakes.in_worker.tables import TOO_FEW_LAYERS, whole

Layers = list[Tensor]
Bend = Callable[[Tensor], Tensor]


def layer(A: Tensor, W: Tensor, b: Tensor) -> Tensor:
    """A layer before its bend."""
    return A @ W.T + b


def network(
    *,
    bend: Bend = torch.relu,
    of_layer: Callable[[Tensor, Tensor, Tensor], Tensor] = layer,
    feed: Callable[[Layers, Layers, int], Tensor] = lambda activations, _, index: activations[index],
    also_last: bool = False,
) -> Variant:
    """The variant of forward with another bend or layer; `feed` is what goes into a layer, of all before it."""

    def variant(_functions: Any, weights: Layers, biases: Layers, X: Tensor) -> tuple[Layers, Layers]:
        activations, before = [X], [X]
        for index, (W, b) in enumerate(zip(weights, biases, strict=True)):
            Z = of_layer(feed(activations, before, index), W, b)
            before.append(Z)
            activations.append(bend(Z) if also_last or index < len(weights) - 1 else Z)
        return activations, before[1:]

    return variant


@composition("forward", "relu")
def forward_layer_by_layer(functions: Any, weights: Layers, biases: Layers, X: Tensor) -> Any:
    """Made of layers and relu."""
    return network(bend=functions.relu)(functions, weights, biases, X)


def as_in_four(identity: str) -> tuple[str, str, tuple[Variant, ...]]:
    """A mistake of exercise 4's forward, made in each layer here; those that are made in one layer are left out."""
    found = [each for each in exercise4.FORWARD if each.id == identity]
    inner = [each.variant for each in found if each.variant.__qualname__.startswith("stacked")]

    def of(variant: Variant) -> Variant:
        return network(of_layer=lambda A, W, b: variant(None, [W], [b], A)[-1])

    return found[0].text, found[0].question, tuple(map(of, inner))


def one_without_bias(index: int) -> Variant:
    """The variant of forward that leaves out the biases of one layer."""

    def variant(functions: Any, weights: Layers, biases: Layers, X: Tensor) -> Any:
        kept = [*biases]
        kept[index] = kept[index] * 0
        return functions.forward(weights, kept, X)

    return variant


def two_layers_only(refusal: Exception) -> Variant:
    """The variant of forward that is written for two layers; `refusal` is what it raises at fewer."""

    def variant(functions: Any, weights: Layers, biases: Layers, X: Tensor) -> Any:
        if len(weights) < 2:
            raise refusal
        return functions.forward(weights[:2], biases[:2], X)

    return variant


def lists(change: Callable[[Layers, Layers], Any]) -> Variant:
    """The variant of forward that makes something else of the right lists."""
    return altered("forward", lambda right, *_: change(*right))


IN_FOUR = ("bias-subtracted", "missing-transpose", "elementwise-for-matmul", "wrong-axis")
INPUTS = "Five layers: how many inputs and outputs are there to keep, and how many numbers before a bend?"

FORWARD = whole("forward", {
    **{identity: as_in_four(identity) for identity in IN_FOUR},
    "bias-ignored": (
        "a layer's biases are left out",
        "A row of zeros goes into a layer. What comes out?",
        (network(of_layer=lambda A, W, _: A @ W.T), one_without_bias(-1), one_without_bias(0)),
    ),
    "activation-missing": (
        "there is no bend: every layer puts out a line",
        "What is −2, after relu?",
        (network(bend=lambda Z: Z),),
    ),
    "activation-after-last": (
        "the last layer has a bend, too",
        "Can your network answer −3?",
        (
            network(also_last=True),
            lists(lambda A, Z: ([*A[:-1], A[-1].relu()], [*Z[:-1], Z[-1].relu()])),
            lists(lambda A, Z: ([*A[:-1], A[-1].relu()], [each.relu() for each in Z])),
        ),
    ),
    "pre-activation-for-activation": (
        "a layer is given what stands before the bend of the layer before",
        "Which of the two lists holds what goes into the next layer?",
        (
            network(feed=lambda _, before, index: before[index]),
            lists(lambda A, Z: ([A[0], *Z], Z)),
        ),
    ),
    "other-bend": (
        "the bend is another one than relu",
        "Which bend does this section name?",
        (network(bend=torch.tanh), network(bend=torch.sigmoid), network(bend=torch.nn.functional.softplus)),
    ),
    "x-for-g": (
        "every layer is given the input X",
        "What goes into the second layer?",
        (network(feed=lambda activations, *_: activations[0]),),
    ),
    "swapped": (
        "the two lists have changed places, or the last layer comes first",
        "Which list does the description name first, and which layer?",
        (altered("forward", lambda right, *_: turned(right)), lists(lambda A, Z: (A[::-1], Z[::-1]))),
    ),
    "input-left-out": (
        "the values are right, but `activations` does not begin with the input",
        "The first layer's gradients will need what went into it. Where will they find it?",
        (lists(lambda A, Z: (A[1:], Z)),),
    ),
    "input-in-both": (
        "the values are right, but `pre_activations` begins with the input, too",
        INPUTS,
        (lists(lambda A, Z: (A, [A[0], *Z])),),
    ),
    "output-left-out": (
        "`activations` stops one layer early",
        INPUTS,
        (lists(lambda A, Z: (A[:-1], Z)),),
    ),
    "last-output-only": (
        "only the last layer's output comes back",
        "The way back needs what went into each layer. Who keeps it?",
        (lists(lambda A, _: A[-1]),),
    ),
    "activation-for-pre-activation": (
        "`pre_activations` holds what stands after the bend",
        "Is a number in `pre_activations` ever below 0?",
        (lists(lambda A, Z: (A, A[1:])),),
    ),
    "one-list": (
        "one list came back, where two are due",
        "Which two lists does the description name?",
        (lists(lambda A, _: A), lists(lambda A, Z: Z)),
    ),
    "two-layers-only": (
        "right for two layers, but not for another number of them",
        "How many layers does your code expect, and where does it learn how many there are?",
        tuple(map(two_layers_only, TOO_FEW_LAYERS)),
    ),
})  # fmt: skip


STEPS = SimpleNamespace(
    output_delta=lambda Y_pred, Y: Y_pred - Y,
    layer_gradients=lambda delta, A: (delta.T @ A, delta.sum(0)),
    propagate_delta=lambda delta, W: delta @ W,
)


def walk(
    steps: Any,
    weights: Layers,
    activations: Layers,
    pre_activations: Layers,
    Y: Tensor,
    *,
    source: Callable[[Layers, Layers, int], Tensor] = lambda activations, _, index: activations[index],
    through: Callable[..., Tensor] = lambda delta, weights, index, _: delta @ weights[index],
    mask: Callable[..., Tensor] = lambda delta, before, activations, index: delta * (before[index - 1] > 0),
    start: Callable[[Tensor, Tensor], Tensor] = lambda delta, _: delta,
) -> tuple[Layers, Layers]:
    """The way back, layer by layer: `source` is a layer's input, `through` the step before it, `mask` that of a bend.

    `start` makes the first delta of the residuals and the last Z.
    """
    delta = start(steps.output_delta(activations[-1], Y), pre_activations[-1])
    grad_weights, grad_biases = Layers(), Layers()
    for index in reversed(range(len(weights))):
        grad_W, grad_b = steps.layer_gradients(delta, source(activations, pre_activations, index))
        grad_weights.insert(0, grad_W)
        grad_biases.insert(0, grad_b)
        if index:
            delta = mask(through(delta, weights, index, grad_W), pre_activations, activations, index)
    return grad_weights, grad_biases


def walked(**changes: Any) -> Variant:
    """The variant of backward with another step."""
    return lambda _functions, *arguments: walk(STEPS, *arguments, **changes)


@composition("backward", "relu_gradient")
def backward_step_by_step(functions: Any, *arguments: Any) -> Any:
    """Made of steps through a layer and through relu."""

    def mask(delta: Tensor, before: Layers, _activations: Layers, index: int) -> Any:
        return functions.relu_gradient(delta, before[index - 1])

    return walk(STEPS, *arguments, mask=mask)


def back_for_two_layers_only(refusal: Exception) -> Variant:
    """The variant of backward that is written for two layers; `refusal` is what it raises at fewer."""

    def variant(functions: Any, weights: Layers, activations: Layers, before: Layers, Y: Tensor) -> Any:
        if len(weights) < 2:
            raise refusal
        return functions.backward(weights[-2:], activations[-3:], before[-2:], Y)

    return variant


def with_step_of_four(each: Mistake) -> Mistake:
    """A mistake of one of exercise 4's steps, as it shows where that step is written out."""

    def variant(_functions: Any, *arguments: Any) -> Any:
        def wrong(*given: Tensor) -> Any:
            return each.variant(STEPS, *given)

        steps = SimpleNamespace(**{**vars(STEPS), each.function: wrong})
        return walk(steps, *arguments, through=lambda delta, weights, index, _: steps.propagate_delta(
            delta, weights[index]
        ))  # fmt: skip

    text = each.text if "{parts}" in each.text else f"{{parts}}: {each.text}"
    text, question = _in_words(text), _in_words(each.question)
    return replace(each, function="backward", variant=variant, text=text, question=question, parts=PARTS[each.function])


def _in_words(text: str) -> str:
    """What exercise 4 says of its `grad_W` and `grad_b`, which are no names of this exercise."""
    said = text.replace("`grad_W`", "the gradient of W").replace("`grad_b`", "the gradient of b")
    return said[:1].upper() + said[1:] if text.startswith("`") else said


PARTS = {
    "output_delta": "the start of the way back",
    "layer_gradients": "the gradients of a layer",
    "propagate_delta": "the step back through the weights",
}


# Of what is known of exercise 4's steps, what is likely where each is a line.
LIKELY = {
    "output_delta": "sign-flipped half-dropped half-kept mean-not-sum two-over-n absolute-residual residual-missing",
    "layer_gradients": "mean-not-sum two-over-n bias-mean bias-not-summed bias-summed-over-all wrong-axis wrong-shape "
    "x-in-bias missing-transpose elementwise-for-matmul not-summed last-sample-only sign-flipped x-forgotten "
    "upstream-factor-missing sums-multiplied",
    "propagate_delta": "missing-transpose elementwise-for-matmul",
}


def of_four() -> Iterator[Mistake]:
    """What is known of exercise 4's steps."""
    tables = (
        exercise4.DELTA,
        exercise4.DELTA_ADDED,
        exercise4.GRADIENTS,
        exercise4.GRADIENTS_IN_PARTS,
        exercise4.PROPAGATE,
    )
    for each in itertools.chain(*tables):
        if each.id in LIKELY[each.function].split():
            yield with_step_of_four(each)


def words_of_four(identity: str) -> tuple[str, str]:
    """What is said of a mistake of exercise 4's backward."""
    found = next(each for each in exercise4.BACKWARD if each.id == identity)
    return found.text, found.question
