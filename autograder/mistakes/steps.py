"""Known mistakes of exercise 2's train_step: which gradients are taken where, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.checking import Mistake, altered, turned

Parameters = dict[str, Any]
Step = tuple[Parameters, Any]
NAMES = ("a1", "b1", "a2", "b2")
ONE, TWO = NAMES[:2], NAMES[2:]


def stepping(identity: str, text: str, question: str, *, is_whole: bool = True) -> Callable[[Any], Mistake]:
    """Make a function a mistake of train_step."""

    def mark(variant: Callable[..., Step]) -> Mistake:
        return Mistake("train_step", identity, text, question, variant, is_whole)

    return mark


def slopes(functions: Any, parameters: Parameters, x: Tensor, y: Tensor) -> Parameters:
    """All four gradients at some parameters."""
    g, y_pred = functions.forward(parameters, x)
    first: Parameters = functions.chain_rule_gradients(parameters, x, y_pred, y)
    second: Parameters = functions.manual_gradients(g, y_pred, y)
    return first | second


def moved(functions: Any, parameters: Parameters, gradients: Parameters, rates: Any, *names: str) -> Parameters:
    """Some parameters take their step, the others stay."""
    every = dict.fromkeys(NAMES, torch.zeros((), dtype=torch.float64)) | gradients
    after = functions.update(parameters, every, rates)
    return {**parameters, **{name: after[name] for name in names}}


def loss_at(functions: Any, parameters: Parameters, x: Tensor, y: Tensor) -> Any:
    """The loss at some parameters."""
    return functions.loss(functions.forward(parameters, x)[1], y)


ORDER = Mistake(
    "train_step",
    "swapped",
    "the loss and the parameters have changed places",
    "In which order does the description name the two?",
    altered("train_step", lambda right, *_: turned(right)),
    is_whole=True,
)
AFTER = "{parts}: taken where the parameters had moved already"
WHERE = "At which values of the parameters is the loss taken?"


@stepping("updated-before-use", AFTER, WHERE)
def loss_after(functions: Any, parameters: Parameters, x: Tensor, y: Tensor, rates: Any) -> Step:
    """The loss after the step."""
    after, _ = functions.train_step(parameters, x, y, rates)
    return after, loss_at(functions, after, x, y)


def in_parts(text: str, question: str, *groups: tuple[str, ...], is_late: bool, renews: bool) -> Mistake:
    """Return the mistake of moving some parameters before the gradients of others are taken.

    `renews`: the prediction is made anew each time. `is_late`: the loss is taken at the end.
    """

    def variant(functions: Any, parameters: Parameters, x: Tensor, y: Tensor, rates: Any) -> Step:
        here, old = parameters, functions.forward(parameters, x)
        for names in groups:
            g, y_pred = functions.forward(here, x) if renews else old
            gradients = functions.chain_rule_gradients(here, x, y_pred, y) | functions.manual_gradients(g, y_pred, y)
            here = moved(functions, here, gradients, rates, *names)
        return here, loss_at(functions, here if is_late else parameters, x, y)

    return Mistake("train_step", "updated-before-use", text, question, variant, is_whole=True)


TWO_FIRST = "layer two had moved already when layer one's gradients were taken"
WHICH_A2 = "Which a2 made the prediction whose residual you use?"
ONE_FIRST = "layer one had moved already when layer two's gradients were taken"
WHICH_G = "Which g made the prediction whose residual you use?"
SINGLY = "each parameter had moved before the gradient of the next was taken"
WHICH = "With which parameters was the prediction made whose residual you use?"
ORDERS = (
    (TWO_FIRST, WHICH_A2, (TWO, ONE)),
    (ONE_FIRST, WHICH_G, (ONE, TWO)),
    (SINGLY, WHICH, tuple((name,) for name in NAMES)),
    (SINGLY, WHICH, tuple((name,) for name in reversed(NAMES))),
    (SINGLY, WHICH, (("a2",), ("b2",), ("a1",), ("b1",))),
    (SINGLY, WHICH, (("b1",), ("a1",), ("b2",), ("a2",))),
)
IN_PARTS = tuple(
    in_parts(text, question, *groups, is_late=is_late, renews=renews)
    for is_late in (False, True)
    for renews in (False, True)
    for text, question, groups in (ORDERS if renews else ORDERS[:1])
)


@stepping("updated-before-use", ONE_FIRST, WHICH_G)
def g_after(functions: Any, parameters: Parameters, x: Tensor, y: Tensor, rates: Any) -> Step:
    """The old residuals meet a new g."""
    _, y_pred = functions.forward(parameters, x)
    half = moved(functions, parameters, functions.chain_rule_gradients(parameters, x, y_pred, y), rates, *ONE)
    second = functions.manual_gradients(functions.forward(half, x)[0], y_pred, y)
    return moved(functions, half, second, rates, *TWO), functions.loss(y_pred, y)


def staying(names: tuple[str, ...], text: str, question: str, *, is_late: bool = False) -> Mistake:
    """Return the mistake of not moving some parameters."""

    def variant(functions: Any, parameters: Parameters, x: Tensor, y: Tensor, rates: Any) -> Step:
        after, loss = functions.train_step(parameters, x, y, rates)
        return {**after, **{name: parameters[name] for name in names}}, loss

    return Mistake("train_step", "not-updated", text, question, variant, is_whole=True)


LOST = "What becomes of what `update` returns?"
STAYING = (
    staying(NAMES, "no parameter has moved", LOST),
    staying(ONE, "{parts}: as before the step", "Who works out the derivatives by a1 and b1?"),
    staying(TWO, "{parts}: as before the step", "Who works out the derivatives by a2 and b2?"),
    *(staying((name,), "{parts}: as before the step", f"What becomes of the new {name}?") for name in NAMES),
)


def given(identity: str, text: str, question: str, gradients: Callable[..., Parameters]) -> Mistake:
    """Return the mistake of asking for gradients with something else: of functions, parameters, x, g, y_pred, y."""

    def variant(functions: Any, parameters: Parameters, x: Tensor, y: Tensor, rates: Any) -> Step:
        g, y_pred = functions.forward(parameters, x)
        made = slopes(functions, parameters, x, y) | gradients(functions, parameters, x, g, y_pred, y)
        return functions.update(parameters, made, rates), functions.loss(y_pred, y)

    return Mistake("train_step", identity, text, question, variant, is_whole=True)


INTO_TWO = "What goes into layer two?"
INTO_ONE = "What goes into layer one?"
PREDICTED = "Which of the two that `forward` returns is compared with y?"
GIVEN = (
    given(
        "x-for-g",
        "layer two's gradients have x where g is due",
        INTO_TWO,
        lambda f, _p, x, _g, y_pred, y: f.manual_gradients(x, y_pred, y),
    ),
    given(
        "prediction-for-x",
        "layer two's gradients have ŷ where g is due",
        INTO_TWO,
        lambda f, _p, _x, _g, y_pred, y: f.manual_gradients(y_pred, y_pred, y),
    ),
    given(
        "g-for-x",
        "layer one's gradients have g where x is due",
        INTO_ONE,
        lambda f, p, _x, g, y_pred, y: f.chain_rule_gradients(p, g, y_pred, y),
    ),
    given(
        "g-for-prediction",
        "layer two's gradients have g where the prediction is due",
        PREDICTED,
        lambda f, _p, _x, g, _y_pred, y: f.manual_gradients(g, g, y),
    ),
    given(
        "g-for-prediction",
        "layer one's gradients have g where the prediction is due",
        PREDICTED,
        lambda f, p, x, g, _y_pred, y: f.chain_rule_gradients(p, x, g, y),
    ),
    given(
        "g-for-prediction",
        "all gradients have g where the prediction is due",
        PREDICTED,
        lambda f, p, x, g, _y_pred, y: f.chain_rule_gradients(p, x, g, y) | f.manual_gradients(g, g, y),
    ),
)


@stepping("g-for-prediction", "{parts}: g is compared with y", PREDICTED)
def loss_of_g(functions: Any, parameters: Parameters, x: Tensor, y: Tensor, rates: Any) -> Step:
    """The loss of layer one's output."""
    after, _ = functions.train_step(parameters, x, y, rates)
    return after, functions.loss(functions.forward(parameters, x)[0], y)


@stepping("step-twice", "the parameters have taken two steps", "How often is `update` called?")
def two_steps(functions: Any, parameters: Parameters, x: Tensor, y: Tensor, rates: Any) -> Step:
    """Two steps, each with its gradients."""
    after, loss = functions.train_step(parameters, x, y, rates)
    return functions.train_step(after, x, y, rates)[0], loss


@stepping("single-samples", "one update for each sample, not for all together", "How many updates is one step?")
def sample_by_sample(functions: Any, parameters: Parameters, x: Tensor, y: Tensor, rates: Any) -> Step:
    """A step for each sample."""
    here, total = parameters, torch.zeros((), dtype=torch.float64)
    for one, due in zip(torch.split(x, 1), torch.split(y, 1), strict=True):
        here, loss = functions.train_step(here, one, due, rates)
        total = total + loss
    return here, total


def without(name: str) -> Mistake:
    """Return the mistake of handing `update` two gradients of four: it looks in vain for this one."""

    def variant(*_: Any) -> Step:
        raise KeyError(name)

    text = f"`update` was given no gradient of {name}"
    question = "How often may the parameters move in one step, and whose gradients does that take?"
    return Mistake("train_step", "gradients-left-out", text, question, variant)


LEFT_OUT = (without("a1"), without("a2"))
MISTAKES = (
    ORDER,
    loss_after,
    *IN_PARTS,
    g_after,
    *STAYING,
    *GIVEN,
    loss_of_g,
    two_steps,
    sample_by_sample,
    *LEFT_OUT,
)
