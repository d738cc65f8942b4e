"""Known mistakes of exercise 6's adam_step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from autograder.checking import Variant, altered
from autograder.mistakes.in_worker.tables import whole

Tensors = dict[str, Tensor]
Number = Callable[..., Any]

GIVEN_OUT = "After one step from 0, how much of the gradient is in the average?"
LATER = "How large are the weights together after one step, and after many?"
INSIDE = "At what moment does ε come in: before the root, or after it?"
ZERO = "What does your step do where each gradient so far was 0?"
RENEWED = "Which averages does the step use: those that came in, or the new ones?"
SHARES = "What is the sum of both shares in an average?"
WHICH = "Which of the two averages goes with which β?"
LARGE = "Gradients near 1000 and near 0.001: what is left of each after the division?"
BY_PLACE = "a value is paired with that of another key, which has the same place in its dict"
KEYS = "The keys of two dicts may stand in another order. How do you find what belongs to a parameter?"
NEXT = "If the next step gets your result as its averages, how often will they have been divided?"


@dataclass(frozen=True)
class Adam:
    """A way to take Adam's step; each part may be done otherwise. `first` and `second` are of the old one, g and β.

    `corrections` are what m and v are divided by, of the step and β; `divisor` is of v̂ and ε.
    """

    first: Number = lambda m, g, beta: beta * m + (1 - beta) * g
    second: Number = lambda v, g, beta: beta * v + (1 - beta) * g**2
    corrections: tuple[Number, Number] = (lambda step, beta: 1 - beta**step, lambda step, beta: 1 - beta**step)
    divisor: Number = lambda v, epsilon: torch.sqrt(v) + epsilon
    uses_old: tuple[bool, bool] = (False, False)
    keeps_corrected: tuple[bool, bool] = (False, False)
    has_betas_swapped: bool = False
    corrects_swapped: bool = True  # where they are
    direction: Number = lambda m, g: m

    def __call__(
        self, _functions: Any, parameters: Tensors, gradients: Tensors, firsts: Tensors, seconds: Tensors, *numbers: Any
    ) -> tuple[Tensors, Tensors, Tensors]:
        """Return what this way gives."""
        made = {
            name: self._one(value, gradients[name], firsts[name], seconds[name], *numbers)
            for name, value in parameters.items()
        }
        moved, first, second = ({name: each[index] for name, each in made.items()} for index in range(3))
        return moved, first, second

    def _one(
        self, p: Tensor, g: Tensor, m: Tensor, v: Tensor, step: int, rate: Any, beta1: Any, beta2: Any, epsilon: Any
    ) -> tuple[Tensor, Tensor, Tensor]:
        betas = (beta2, beta1) if self.has_betas_swapped else (beta1, beta2)
        new = self.first(m, g, betas[0]), self.second(v, g, betas[1])
        used = (old if is_old else now for old, now, is_old in zip((m, v), new, self.uses_old, strict=True))
        corrected = betas if self.corrects_swapped else (beta1, beta2)
        parts = zip(used, self.corrections, corrected, strict=True)
        first, second = (value / correct(step, beta) for value, correct, beta in parts)
        after = p - rate * self.direction(first, g) / self.divisor(second, epsilon)
        kept = zip(new, (first, second), self.keeps_corrected, strict=True)
        m, v = (fair if is_fair else plain for plain, fair, is_fair in kept)
        return after, m, v


RIGHT = Adam()
EITHER_OR_BOTH = ((True, True), (True, False), (False, True))


def corrected(way: Number) -> tuple[Variant, ...]:
    """The variants with another divisor of both averages, or of one."""
    right = RIGHT.corrections[0]
    return tuple(
        replace(RIGHT, corrections=(way if first else right, way if second else right))
        for first, second in EITHER_OR_BOTH
    )


def moved(change: Callable[..., Tensor]) -> Variant:
    """The variant whose parameters are made of the old ones, the right ones, and the rate."""

    def change_all(right: Any, parameters: Tensors, *given: Any) -> Any:
        return {name: change(p, right[0][name], given[4]) for name, p in parameters.items()}, *right[1:]

    return altered("adam_step", change_all)


def reordered(*order: int) -> Variant:
    """The variant whose answer has its members in another order."""
    return altered("adam_step", lambda right, *_: tuple(right[index] for index in order))


def by_place(function: str, memories: int) -> tuple[Variant, ...]:
    """The variants that take gradients, memories or both as their dicts come, beside the parameters or gradients."""

    def paired(beside: int, *dicts: int) -> Variant:
        def variant(functions: Any, *given: Any) -> Any:
            in_turn = {at: dict(zip(given[beside], given[at].values(), strict=True)) for at in dicts}
            return getattr(functions, function)(*(in_turn.get(at, value) for at, value in enumerate(given)))

        return variant

    kept = range(2, 2 + memories)
    return paired(0, 1), paired(0, *kept), paired(0, 1, *kept), paired(1, *kept)


ADAM = whole("adam_step", {
    "bias-correction-missing": (
        "an average is used as it is, too small at the start",
        GIVEN_OUT,
        corrected(lambda _step, _beta: 1.0),
    ),
    "bias-correction-fixed": (
        "an average is divided by 1 − β at every step",
        LATER,
        corrected(lambda _step, beta: 1 - beta),
    ),
    "step-off-by-one": (
        "the correction counts one step too many, or too few",
        "What is `step` in the first call, and how often was the 0 kept by then?",
        (*corrected(lambda step, beta: 1 - beta ** (step + 1)), *corrected(
            lambda step, beta: torch.tensor(1 - beta ** (step - 1), dtype=torch.float64)
        )),
    ),
    "corrected-by-product": (
        "the share of the 0 is taken as β times the step, not as a power",
        "Of a share that is kept three times over, how much is left?",
        corrected(lambda step, beta: torch.tensor(1 - beta * step, dtype=torch.float64)),
    ),
    "epsilon-inside-root": (
        "ε is added before the root is taken",
        INSIDE,
        (replace(RIGHT, divisor=lambda v, epsilon: torch.sqrt(v + epsilon)),),
    ),
    "epsilon-missing": ("ε is not in it", ZERO, (replace(RIGHT, divisor=lambda v, _: torch.sqrt(v)),)),
    "epsilon-as-floor": (
        "ε stands in the divisor's place where that is smaller, and is not added where it is larger",
        "What is done with ε as the last thing before the division?",
        (replace(RIGHT, divisor=lambda v, epsilon: torch.sqrt(v).clamp(min=float(epsilon))),),
    ),
    "betas-swapped": (
        "β₁ and β₂ have changed places, or β and 1 − β",
        WHICH,
        (
            replace(RIGHT, has_betas_swapped=True),
            replace(RIGHT, has_betas_swapped=True, corrects_swapped=False),
            replace(
                RIGHT,
                first=lambda m, g, beta: (1 - beta) * m + beta * g,
                second=lambda v, g, beta: (1 - beta) * v + beta * g**2,
            ),
        ),
    ),
    "corrected-state-kept": (
        "what comes back as an average has been divided already",
        NEXT,
        tuple(replace(RIGHT, keeps_corrected=both) for both in EITHER_OR_BOTH),
    ),
    "old-state-used": (
        "the step is taken with an average as it was",
        RENEWED,
        tuple(replace(RIGHT, uses_old=both) for both in EITHER_OR_BOTH),
    ),
    "root-missing": (
        "divided by the average of the squares, without its root",
        LARGE,
        (replace(RIGHT, divisor=lambda v, epsilon: v + epsilon),),
    ),
    "square-missing": (
        "the second average is one of the gradients, not of their squares",
        "Which of the two averages does not mind signs?",
        (
            replace(RIGHT, second=lambda v, g, beta: beta * v + (1 - beta) * g),
            replace(
                RIGHT,
                second=lambda v, g, beta: beta * v + (1 - beta) * g,
                divisor=lambda v, epsilon: torch.sqrt(v.abs()) + epsilon,
            ),
            replace(RIGHT, second=lambda v, g, beta: beta * v + (1 - beta) * g.abs()),
        ),
    ),
    "sum-for-average": (
        "the newcomer is added whole, where it should get a share",
        SHARES,
        (
            replace(RIGHT, second=lambda v, g, _: v + g**2),
            replace(RIGHT, second=lambda v, g, beta: beta * v + g**2),
            replace(
                RIGHT, first=lambda m, g, beta: beta * m + g, second=lambda v, g, beta: beta * v + g**2
            ),
        ),
    ),
    "momentum-for-average": (
        "the first average is a velocity: the whole gradient is added",
        SHARES,
        (replace(RIGHT, first=lambda m, g, beta: beta * m + g),),
    ),
    "momentum-missing": (
        "the gradient itself is stepped with, not its average",
        "Which of the two averages tells the direction?",
        (replace(RIGHT, direction=lambda _m, g: g),),
    ),
    "swapped": (
        "what comes back is not in the order that is due",
        "In which order does the description name the three?",
        (reordered(0, 2, 1), reordered(2, 1, 0), reordered(1, 2, 0), reordered(1, 0, 2), reordered(2, 0, 1)),
    ),
    "ascent": (
        "a step uphill",
        "A gradient is positive: should the parameter grow or shrink?",
        (moved(lambda p, new, _: 2 * p - new),),
    ),
    "learning-rate-forgotten": (
        "the learning rate is not in the step",
        "How far should a step go whose learning rate is tiny?",
        (moved(lambda p, new, rate: p + (new - p) / rate),),
    ),
    "not-updated": (
        "the parameters are as before the step",
        "What becomes of the new parameters that your step works out?",
        (moved(lambda p, _new, _rate: p),),
    ),
    "memory-not-renewed": (
        "both averages come back as they were",
        "What will the next step be given as its averages?",
        (altered("adam_step", lambda right, _p, _g, m, v, *_: (right[0], m, v)),),
    ),
    "step-only": (
        "that is how far the step goes, not where it ends",
        "Where does one arrive who starts at the old parameter?",
        (moved(lambda p, new, _: p - new), moved(lambda p, new, _: new - p)),
    ),
    "paired-by-place": (BY_PLACE, KEYS, by_place("adam_step", memories=2)),
})  # fmt: skip
