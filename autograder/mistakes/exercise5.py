"""Known mistakes of exercise 5: bent lines."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.checking import Variant, composition
from autograder.mistakes.common import all_zero, cut_to_whole_numbers
from autograder.mistakes.exercise5_back import BACKWARD as BACKWARD
from autograder.mistakes.exercise5_back import LISTS as LISTS
from autograder.mistakes.exercise5_back import STEPS_OF_FOUR as STEPS_OF_FOUR
from autograder.mistakes.exercise5_epoch import EPOCH as EPOCH
from autograder.mistakes.exercise5_epoch import ONE_BY_ONE as ONE_BY_ONE
from autograder.mistakes.exercise5_epoch import WRITTEN_OUT as WRITTEN_OUT
from autograder.mistakes.exercise5_layers import FORWARD as FORWARD
from autograder.mistakes.exercise5_layers import backward_step_by_step as backward_step_by_step
from autograder.mistakes.exercise5_layers import forward_layer_by_layer as forward_layer_by_layer
from autograder.mistakes.in_worker.exercise5 import START as START
from autograder.mistakes.in_worker.exercise5 import START_OF_LAYERS as START_OF_LAYERS
from autograder.mistakes.in_worker.exercise5 import START_OF_SEEDS as START_OF_SEEDS
from autograder.mistakes.in_worker.tables import step, whole

OVERFLOW = OverflowError("math range error")  # what math.exp says
BELOW = "Draw the curve: what does it do to the left of 0?"


def of_z(change: Any) -> Variant:
    """The variant of relu or tanh that does something else to z."""
    return lambda _functions, z: change(z)


RELU = whole("relu", {
    "not-bent": (
        "negative numbers come back as they are",
        BELOW,
        (of_z(lambda z: z),),
    ),
    "sign-flipped": (
        "the wrong side is kept",
        "Which numbers should come back as they are: those above 0 or those below?",
        (of_z(lambda z: z.clamp(max=0)), of_z(lambda z: (-z).clamp(min=0)), of_z(lambda z: -z.clamp(min=0))),
    ),
    "absolute-value": (
        "negative numbers have lost their sign, and count as positive ones",
        BELOW,
        (of_z(torch.abs),),
    ),
    "leaky": (
        "a part of each negative number has come through",
        BELOW,
        tuple(of_z(lambda z, part=part: torch.where(z > 0, z, part * z)) for part in (0.01, 0.1, 0.2)),
    ),
    "slope-for-value": (
        "the derivative came back: 1 where z is above 0",
        "What is relu of 3?",
        (of_z(lambda z: (z > 0).double()),),
    ),
    "other-bend": (
        "this is another bend than relu",
        "What is relu of 3, and what of −3?",
        (
            of_z(torch.tanh),
            of_z(torch.sigmoid),
            of_z(torch.nn.functional.softplus),
            of_z(torch.nn.functional.gelu),
            of_z(lambda z: z.clamp(0, 1)),
            of_z(lambda z: z.clamp(0, 6)),
        ),
    ),
    "numbers-missing": (
        "one number came back, or the negative ones are missing from the answer",
        "How many numbers go in, and how many come out?",
        (of_z(lambda z: z.clamp(min=0).sum()), of_z(lambda z: z[z > 0]), of_z(lambda z: z.max())),
    ),
})  # fmt: skip

RULER = "Nudge z from −3 to −2.999. How far does relu of it move?"


TWICE = "How often does the chain rule multiply by what comes from above?"


def leaking(part: float) -> Variant:
    """A derivative of `part` where relu is flat."""
    return step(lambda upstream, z: torch.where(z > 0, upstream, part * upstream))


RELU_GRADIENT = whole("relu_gradient", {
    "mask-missing": (
        "what comes from above has not been stopped anywhere",
        RULER,
        (step(lambda upstream, _: upstream),),
    ),
    "mask-on-upstream": (
        "what comes from above is stopped where it is itself negative",
        "Whose curve is flat, so whose sign decides: that of `upstream` or that of z?",
        (step(lambda upstream, _: upstream * (upstream > 0)),),
    ),
    "mask-on-both": (
        "what comes from above is stopped also where it is itself negative",
        "Should a loss that falls be kept from z, if z is above 0?",
        (step(lambda upstream, z: upstream * (upstream > 0) * (z > 0)),),
    ),
    "mask-inverted": (
        "what should pass is stopped, and what should be stopped has passed",
        RULER,
        (step(lambda upstream, z: upstream * (z < 0)),),
    ),
    "upstream-factor-missing": (
        "this is the derivative of relu alone; what comes from above is not in it",
        "If `upstream` is 0, so that the loss does not care about this number: what do you return?",
        (step(lambda _, z: (z > 0).double()), step(lambda upstream, _: (upstream > 0).double())),
    ),
    "value-for-slope": (
        "relu of z stands where its derivative is due",
        "If z is 3 and grows by a little, by how many times as much does relu of it grow?",
        (step(lambda upstream, z: upstream * z.clamp(min=0)), step(lambda _, z: z.clamp(min=0))),
    ),
    "z-for-slope": (
        "z stands where the derivative of relu is due",
        "If z is 3 and grows by a little, by how many times as much does relu of it grow?",
        (step(lambda upstream, z: upstream * z),),
    ),
    "leaky": (
        "a part has come through where the curve is flat",
        RULER,
        (leaking(0.01), leaking(0.1), leaking(0.2)),
    ),
    "sign-flipped": (
        "right sizes, opposite signs",
        "Does relu of z rise or fall, where z rises above 0?",
        (step(lambda upstream, z: -upstream * (z > 0)),),
    ),
    "sign-for-derivative": (
        "where the curve is flat, what comes from above has come through with the opposite sign",
        RULER,
        (step(lambda upstream, z: torch.where(z > 0, upstream, -upstream)),),
    ),
    "upstream-factor-twice": (
        "what comes from above is in it twice",
        TWICE,
        (step(lambda upstream, z: upstream**2 * (z > 0)),),
    ),
    "absolute-residual": (
        "the signs of what comes from above are lost",
        "`upstream` is −5 and z is 3. Does the loss rise or fall with z?",
        (step(lambda upstream, z: upstream.abs() * (z > 0)),),
    ),
    "added-not-multiplied": (
        "what comes from above and the derivative are added",
        "Two gears in a row: do their ratios add?",
        (step(lambda upstream, z: upstream + (z > 0)), step(lambda upstream, z: upstream + z.clamp(min=0))),
    ),
    "numbers-missing": (
        "one number came back, or those that were stopped are missing from the answer",
        "How many numbers go in, and how many come out?",
        (step(lambda upstream, z: (upstream * (z > 0)).sum()), step(lambda upstream, z: upstream[z > 0])),
    ),
    "other-bend": (
        "this is the derivative of another bend",
        "Which bend is z put through here?",
        (
            step(lambda upstream, z: upstream * (1 - z.tanh() ** 2)),
            step(lambda upstream, z: upstream * z.sigmoid() * (1 - z.sigmoid())),
            step(lambda upstream, z: upstream * z.sigmoid()),
        ),
    ),
})  # fmt: skip


def overflowing(formula: Any, *, limit: float, both_sides: bool = False) -> Variant:
    """The variant of a formula in Python's numbers, which raise where an exponential is too large."""

    def variant(_functions: Any, *arguments: Tensor) -> Any:
        z = arguments[-1]
        if bool(((z.abs() if both_sides else z) > limit).any()):
            raise OVERFLOW
        return formula(*arguments)

    return variant


def by_sums(z: Tensor) -> Tensor:
    """The formula as it stands in the text."""
    return (z.exp() - (-z).exp()) / (z.exp() + (-z).exp())


def to_the_right(z: Tensor) -> Tensor:
    """With e^(2z), which overflows on the right."""
    return ((2 * z).exp() - 1) / ((2 * z).exp() + 1)


def to_the_left(z: Tensor) -> Tensor:
    """With e^(-2z), which overflows on the left."""
    return (1 - (-2 * z).exp()) / (1 + (-2 * z).exp())


FORMULAS = (by_sums, to_the_right, to_the_left)
LARGEST = math.log(torch.finfo(torch.float64).max)  # of which there still is an exponential
HUGE_POWER = "What does the computer make of e^1000, and what of infinity divided by infinity?"

TANH = whole("tanh", {
    "unstable-exponential": (
        "right for small z; far from 0 an exponential overflows",
        HUGE_POWER,
        (
            *map(of_z, FORMULAS),
            overflowing(torch.tanh, limit=LARGEST, both_sides=True),
            overflowing(torch.tanh, limit=LARGEST),
            overflowing(torch.tanh, limit=LARGEST / 2),
        ),
    ),
    "sign-flipped": (
        "right sizes, opposite signs",
        "Is tanh of a positive number positive or negative?",
        (of_z(lambda z: -z.tanh()),),
    ),
    "other-bend": (
        "this is another curve than the hyperbolic tangent",
        "What is tanh at 0, and what far to the left and far to the right?",
        (
            of_z(torch.sigmoid),
            of_z(torch.tan),
            of_z(torch.sinh),
            of_z(torch.cosh),
            of_z(torch.atan),
            of_z(lambda z: z.clamp(-1, 1)),
            of_z(lambda z: z.clamp(min=0)),
            of_z(lambda z: z / (1 + z.abs())),
        ),
    ),
    "half-argument": (
        "this is tanh of another multiple of z",
        "In (e^z − e^(−z)) / (e^z + e^(−z)), multiply above and below by e^z. Which powers of e are left?",
        (of_z(lambda z: (z / 2).tanh()), of_z(lambda z: (2 * z).tanh())),
    ),
    "upside-down": (
        "above and below the line of the fraction have changed places",
        "Is tanh of 0 a number?",
        (of_z(lambda z: 1 / z.tanh()),),
    ),
    "slope-for-value": (
        "the derivative of tanh came back",
        "What is tanh at 0: its value, or its derivative?",
        (of_z(lambda z: 1 - z.tanh() ** 2),),
    ),
    "not-bent": (
        "z came back as it was",
        "Between which two numbers does tanh lie?",
        (of_z(lambda z: z),),
    ),
})  # fmt: skip


@composition("tanh_gradient", "tanh")
def slope_by_tanh(functions: Any, upstream: Tensor, z: Tensor) -> Any:
    """Made of tanh."""
    return upstream * (1 - functions.tanh(z) ** 2)


def by_squares(upstream: Tensor, z: Tensor) -> Tensor:
    """With the squares of exponentials in it."""
    return upstream * 4 * (2 * z).exp() / ((2 * z).exp() + 1) ** 2


def sloped(formula: Callable[[Tensor], Tensor]) -> Variant:
    """The derivative made of a formula for tanh."""
    return step(lambda upstream, z: upstream * (1 - formula(z) ** 2))


AT_ZERO = "What does your formula give at z = 0, where the derivative is 1, and what far out, where it is 0?"

TANH_GRADIENT = whole("tanh_gradient", {
    "unstable-exponential": (
        "right for small z; far from 0 an exponential overflows",
        HUGE_POWER,
        (
            *map(sloped, FORMULAS),
            step(by_squares),
            *(
                overflowing(lambda upstream, z: upstream * (1 - z.tanh() ** 2), limit=limit, both_sides=sides)
                for limit, sides in ((LARGEST, True), (LARGEST, False), (LARGEST / 2, True), (LARGEST / 2, False))
            ),
        ),
    ),
    "activation-slope-missing": (
        "what comes from above came back as it was; the derivative of tanh is not in it",
        "How much of what comes from above gets through, where the curve is flat?",
        (step(lambda upstream, _: upstream),),
    ),
    "activation-slope-of-output": (
        "the derivative is taken at tanh(z), where it is due at z",
        "How many times does z go through tanh, on its way to the derivative?",
        (step(lambda upstream, z: upstream * (1 - z.tanh().tanh() ** 2)),),
    ),
    "pre-activation-for-activation": (
        "z itself stands where tanh of z is due",
        "Whose square is in the formula: that of z, or that of t?",
        (step(lambda upstream, z: upstream * (1 - z**2)),),
    ),
    "upstream-factor-missing": (
        "this is the derivative of tanh alone; what comes from above is not in it",
        "If `upstream` is 0, so that the loss does not care about this number: what do you return?",
        (step(lambda _, z: 1 - z.tanh() ** 2),),
    ),
    "upstream-factor-twice": (
        "what comes from above is in it twice",
        TWICE,
        (step(lambda upstream, z: upstream**2 * (1 - z.tanh() ** 2)),),
    ),
    "upstream-for-z": (
        "the derivative is taken at `upstream`, where it is due at z",
        "Which of the two arguments has gone through tanh?",
        (
            step(lambda upstream, _: upstream * (1 - upstream.tanh() ** 2)),
            step(lambda upstream, z: z * (1 - upstream.tanh() ** 2)),
            step(lambda upstream, _: 1 - upstream.tanh() ** 2),
        ),
    ),
    "value-for-slope": (
        "tanh of z stands where its derivative is due",
        AT_ZERO,
        (step(lambda upstream, z: upstream * z.tanh()), step(lambda upstream, z: upstream * z.tanh() ** 2)),
    ),
    "square-missing": (
        "a square is missing",
        AT_ZERO,
        (
            step(lambda upstream, z: upstream * (1 - z.tanh())),
            step(lambda upstream, z: upstream / z.cosh()),
        ),
    ),
    "sign-flipped": (
        "right sizes, opposite signs, or a sum for a difference",
        AT_ZERO,
        (
            step(lambda upstream, z: -upstream * (1 - z.tanh() ** 2)),
            step(lambda upstream, z: upstream * (1 + z.tanh() ** 2)),
        ),
    ),
    "absolute-residual": (
        "the signs of what comes from above are lost",
        "`upstream` is −5. Does the loss rise or fall with z?",
        (step(lambda upstream, z: upstream.abs() * (1 - z.tanh() ** 2)),),
    ),
    "added-not-multiplied": (
        "what comes from above and the derivative are added",
        "Two gears in a row: do their ratios add?",
        (step(lambda upstream, z: upstream + 1 - z.tanh() ** 2),),
    ),
    "other-bend": (
        "this is the derivative of another bend",
        "Which bend is z put through here?",
        (
            step(lambda upstream, z: upstream * z.sigmoid() * (1 - z.sigmoid())),
            step(lambda upstream, z: upstream * (z > 0)),
            step(lambda upstream, z: upstream * z.tanh() * (1 - z.tanh())),
        ),
    ),
    "numbers-missing": (
        "one number came back, where one for each z is due",
        "How many numbers go in, and how many come out?",
        (step(lambda upstream, z: (upstream * (1 - z.tanh() ** 2)).sum()),),
    ),
})  # fmt: skip

CUT = tuple(
    each
    for name in ("relu", "relu_gradient", "tanh", "tanh_gradient", "forward", "backward")
    for each in (*cut_to_whole_numbers(name), all_zero(name))
)
