"""Known mistakes of exercise 6: steps with a memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.checking import Variant, altered, turned
from autograder.mistakes.common import all_zero, cut_to_whole_numbers
from autograder.mistakes.exercise6_adam import ADAM as ADAM
from autograder.mistakes.exercise6_adam import BY_PLACE, KEYS, by_place
from autograder.mistakes.in_worker.tables import Many, whole

Tensors = dict[str, Tensor]

DOWN = "A gradient is positive: should the parameter grow or shrink?"
SHORT = "How far should a step go whose learning rate is tiny?"
KEPT = "What becomes of the new parameters that your step works out?"
ORDER = "In which order does the description name what comes back?"
RENEWED = "Which comes first in the list of lines: the memory's renewal, or the step?"
START = "Where does one arrive who starts at the old parameter?"
SHARES = "What is the sum of both shares in an average?"
BOTH = "Which share does the old memory keep, and which does the newcomer get?"
LARGE = "Gradients near 1000 and near 0.001: what is left of each after the division?"
ZERO = "What does your step do where each gradient so far was 0?"
INSIDE = "At what moment does ε come in: before the root, or after it?"


def each(step: Callable[..., tuple[Any, Any]]) -> Variant:
    """The variant that makes a new parameter and memory of each old one, its gradient, and the numbers of the call."""

    def variant(_functions: Any, parameters: Tensors, gradients: Tensors, memory: Tensors, *numbers: Any) -> Any:
        made = {name: step(parameters[name], gradients[name], memory[name], *numbers) for name in parameters}
        return {name: pair[0] for name, pair in made.items()}, {name: pair[1] for name, pair in made.items()}

    return variant


def rolling(renew: Callable[..., Any], go: Callable[..., Tensor] | None = None) -> Variant:
    """The variant of momentum_step with another velocity (of v, g, μ, η) or step (of θ, v, g, η, μ, old v)."""

    def step(p: Tensor, g: Tensor, v: Tensor, rate: Any, share: Any) -> tuple[Tensor, Tensor]:
        new = renew(v, g, share, rate)
        return (p - rate * new if go is None else go(p, new, g, rate, share, v)), new

    return each(step)


def velocity(v: Tensor, g: Tensor, share: Any, _rate: Any) -> Any:
    """The right one."""
    return share * v + g


def common(function: str) -> Many:
    """What goes wrong in every step."""

    def changed(change: Callable[..., Tensor]) -> Variant:
        def change_all(right: Any, parameters: Tensors, gradients: Tensors, *_: Any) -> Any:
            moved = {name: change(parameters[name], value, gradients[name]) for name, value in right[0].items()}
            return (moved, *right[1:])

        return altered(function, change_all)

    def slower(right: Any, parameters: Tensors, _gradients: Tensors, _memory: Tensors, rate: Any, *_: Any) -> Any:
        return {name: p + (right[0][name] - p) / rate for name, p in parameters.items()}, *right[1:]

    return {
        "swapped": (
            "the parameters and the memory have changed places",
            ORDER,
            (altered(function, lambda right, *_: turned(right)),),
        ),
        "ascent": ("a step uphill", DOWN, (changed(lambda p, new, _: 2 * p - new),)),
        "learning-rate-forgotten": ("the learning rate is not in the step", SHORT, (altered(function, slower),)),
        "not-updated": ("the parameters are as before the step", KEPT, (changed(lambda p, _new, _g: p),)),
        "memory-not-renewed": (
            "the memory comes back as it was",
            "What will the next step be given as its memory?",
            (altered(function, lambda right, _p, _g, memory, *_: (right[0], memory)),),
        ),
        "step-only": (
            "that is how far the step goes, not where it ends",
            START,
            (changed(lambda p, new, _: p - new), changed(lambda p, new, _: new - p)),
        ),
        "paired-by-place": (BY_PLACE, KEYS, by_place(function, memories=1)),
    }


MOMENTUM = whole("momentum_step", common("momentum_step") | {
    "averaged-velocity": (
        "the gradient comes into the velocity with the share 1 − μ only",
        "How much of the new gradient does the velocity take: a share, or all of it?",
        (rolling(lambda v, g, share, _: share * v + (1 - share) * g),),
    ),
    "old-state-used": (
        "the step is taken with the velocity as it was",
        RENEWED,
        (rolling(velocity, lambda p, _new, _g, rate, _share, v: p - rate * v),),
    ),
    "momentum-missing": (
        "the old velocity is not in it",
        "What does the ball know of its earlier steps?",
        (
            rolling(lambda _v, g, _share, _: g),
            rolling(velocity, lambda p, _new, g, rate, *_: p - rate * g),
        ),
    ),
    "momentum-forgotten": (
        "the old velocity is kept whole, without the share μ",
        "How much of its velocity does the ball keep in each step?",
        (rolling(lambda v, g, _share, _: v + g),),
    ),
    "rate-in-velocity": (
        "the learning rate stands in the velocity, and not in the step",
        "Which of the two lines has the learning rate in it?",
        (
            rolling(lambda v, g, share, rate: share * v + rate * g, lambda p, new, *_: p - new),
            rolling(lambda v, g, share, rate: share * v - rate * g, lambda p, new, *_: p + new),
        ),
    ),
    "rate-twice": (
        "the learning rate is in it twice",
        "In which of the two lines does the learning rate stand?",
        (rolling(lambda v, g, share, rate: share * v + rate * g),),
    ),
    "sign-flipped": (
        "the velocity has the opposite sign, or its gradient has",
        "A gradient is added to the velocity: with which sign?",
        (
            rolling(lambda v, g, share, _: share * v - g),
            rolling(lambda v, g, share, _: share * v - g, lambda p, new, _g, rate, *_: p + rate * new),
            rolling(lambda v, g, share, _: g - share * v),
        ),
    ),
    "nesterov": (
        "the step looks one step ahead: that is Nesterov's form",
        "By which velocity does the step go: by the new one, or by one further on?",
        (rolling(velocity, lambda p, new, g, rate, share, _v: p - rate * (g + share * new)),),
    ),
})  # fmt: skip


def scaling(renew: Callable[..., Any], size: Callable[..., Tensor] | None = None) -> Variant:
    """The variant of rmsprop_step with another memory (of s, g, ρ) or another divisor (of s, ε, g, old s)."""

    def step(p: Tensor, g: Tensor, s: Tensor, rate: Any, decay: Any, epsilon: Any) -> tuple[Tensor, Tensor]:
        new = renew(s, g, decay)
        divisor = new.sqrt() + epsilon if size is None else size(new, epsilon, g, s)
        return p - rate * g / divisor, new

    return each(step)


def average(s: Tensor, g: Tensor, decay: Any) -> Any:
    """The right one."""
    return decay * s + (1 - decay) * g**2


RMSPROP = whole("rmsprop_step", common("rmsprop_step") | {
    "epsilon-inside-root": (
        "ε is added before the root is taken",
        INSIDE,
        (scaling(average, lambda s, epsilon, *_: (s + epsilon).sqrt()),),
    ),
    "epsilon-missing": (
        "ε is not in it",
        ZERO,
        (scaling(average, lambda s, *_: s.sqrt()),),
    ),
    "epsilon-as-floor": (
        "ε stands in the divisor's place where that is smaller, and is not added where it is larger",
        "What is done with ε as the last thing before the division?",
        (scaling(average, lambda s, epsilon, *_: s.sqrt().clamp(min=float(epsilon))),),
    ),
    "betas-swapped": (
        "ρ and 1 − ρ have changed places",
        BOTH,
        (scaling(lambda s, g, decay: (1 - decay) * s + decay * g**2),),
    ),
    "old-state-used": (
        "the step is taken with the squares as they were",
        RENEWED,
        (scaling(average, lambda _s, epsilon, _g, old: old.sqrt() + epsilon),),
    ),
    "root-missing": (
        "divided by the average of the squares, without its root",
        LARGE,
        (scaling(average, lambda s, epsilon, *_: s + epsilon),),
    ),
    "square-missing": (
        "an average of the gradients, not of their squares",
        "The gradients are 5 and −5 in turn. What is their usual size, and what is your average?",
        (
            scaling(lambda s, g, decay: decay * s + (1 - decay) * g),
            scaling(lambda s, g, decay: decay * s + (1 - decay) * g, lambda s, epsilon, *_: s.abs().sqrt() + epsilon),
            scaling(lambda s, g, decay: decay * s + (1 - decay) * g.abs()),
            scaling(lambda s, g, decay: decay * s + (1 - decay) * g, lambda s, epsilon, *_: s + epsilon),
            scaling(lambda s, g, decay: decay * s + (1 - decay) * g.abs(), lambda s, epsilon, *_: s + epsilon),
        ),
    ),
    "sum-for-average": (
        "the squares are added up, not averaged",
        SHARES,
        (
            scaling(lambda s, g, _: s + g**2),
            scaling(lambda s, g, decay: decay * s + g**2),
        ),
    ),
    "average-missing": (
        "the new square alone, without a memory of earlier ones",
        "Which share of the old average should be left?",
        (scaling(lambda _s, g, _: g**2), scaling(average, lambda _s, epsilon, g, _old: g.abs() + epsilon)),
    ),
    "share-squared": (
        "the share 1 − ρ is squared with the gradient",
        SHARES,
        (scaling(lambda s, g, decay: decay * s + ((1 - decay) * g) ** 2),),
    ),
})  # fmt: skip


def by_factor(factor: Callable[[Tensor, Any], Any]) -> Variant:
    """The variant of clip_by_norm with another factor, of all numbers and the limit."""

    def variant(_functions: Any, gradients: Tensors, limit: Any) -> Tensors:
        numbers = torch.cat([value.reshape(-1) for value in gradients.values()])
        return {name: value * factor(numbers, limit) for name, value in gradients.items()}

    return variant


def one_by_one(change: Callable[[Tensor, Any], Tensor]) -> Variant:
    """The variant of clip_by_norm that treats each tensor by itself."""

    def variant(_functions: Any, gradients: Tensors, limit: Any) -> Tensors:
        return {name: change(value, limit) for name, value in gradients.items()}

    return variant


def bounded(size: Any, limit: Any) -> Any:
    """The factor that makes a size at most as large as a limit."""
    return limit / size if size > limit else 1.0


def scale_up(size: Tensor, limit: Any) -> Any:
    return limit / size if size > 0 else 1.0


CLIP = whole("clip_by_norm", {
    "clipped-each": (
        "each tensor has a norm of its own",
        "If the tensors are one arrow together, how many lengths are there?",
        (
            one_by_one(lambda value, limit: value * bounded(value.norm(), limit)),
        ),
    ),
    "number-by-number": (
        "each number is cut at the limit by itself, and the arrow is turned",
        "Which numbers have to become smaller, so that the arrow keeps its direction?",
        (
            one_by_one(lambda value, limit: value.clamp(-limit, limit)),
            one_by_one(lambda value, limit: value.clamp(max=limit)),
        ),
    ),
    "always-scaled": (
        "gradients that are short enough are scaled up, too",
        "The norm is 5 and the limit is 20. What should happen?",
        (
            by_factor(lambda numbers, limit: limit / numbers.norm()),
            by_factor(lambda numbers, limit: scale_up(numbers.norm(), limit)),
            one_by_one(lambda value, limit: value * limit / value.norm()),
        ),
    ),
    "condition-reversed": (
        "short gradients are changed, and long ones are not",
        "Which gradients are to be shortened: those above the limit, or those below it?",
        (by_factor(lambda numbers, limit: limit / numbers.norm() if numbers.norm() < limit else 1.0),),
    ),
    "root-missing": (
        "the sum of the squares stands for the norm, without its root",
        "How long is the arrow with the parts 3 and 4?",
        (
            by_factor(lambda numbers, limit: bounded((numbers**2).sum(), limit)),
            by_factor(lambda numbers, limit: limit / (numbers**2).sum() if numbers.norm() > limit else 1.0),
        ),
    ),
    "square-missing": (
        "the numbers are added up as they are, without squares",
        "How long is the arrow with the parts 3 and 4?",
        (
            by_factor(lambda numbers, limit: bounded(numbers.abs().sum(), limit)),
        ),
    ),
    "largest-for-norm": (
        "the largest number stands for the norm",
        "How long is the arrow with the parts 3 and 4?",
        (by_factor(lambda numbers, limit: bounded(numbers.abs().max(), limit)),),
    ),
    "sign-flipped": (
        "right sizes where they are shortened, opposite signs",
        "Should the arrow that comes back point the same way?",
        (
            by_factor(lambda numbers, limit: -bounded(numbers.norm(), limit)),
            by_factor(lambda numbers, limit: -limit / numbers.norm() if numbers.norm() > limit else 1.0),
        ),
    ),
    "epsilon-added": (
        "a small number is added to the norm",
        "What is the norm of your result, to the last digit, if it had to be shortened?",
        (by_factor(lambda numbers, limit: limit / (numbers.norm() + 1e-6) if numbers.norm() > limit else 1.0),),
    ),
    "limit-forgotten": (
        "the norm becomes 1, not max_norm",
        "How long should the arrow be that comes back?",
        (by_factor(lambda numbers, limit: 1 / numbers.norm() if numbers.norm() > limit else 1.0),),
    ),
    "not-clipped": (
        "long gradients come back as they were",
        "Gradients 6 and −8, limit 5: how long is the arrow that comes back?",
        (lambda _functions, gradients, _limit: gradients,),
    ),
    "direction-lost": (
        "the factor is upside down",
        "Should a norm that is twice the limit make the gradients longer or shorter?",
        (by_factor(lambda numbers, limit: numbers.norm() / limit if numbers.norm() > limit else 1.0),),
    ),
})  # fmt: skip

CUT = tuple(
    each
    for name in ("momentum_step", "rmsprop_step", "adam_step", "clip_by_norm")
    for each in (*cut_to_whole_numbers(name), all_zero(name))
)
