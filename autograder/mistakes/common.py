"""Mistakes that several functions share, with their words; `count` gives the number of samples of a call."""

from collections.abc import Callable

import torch
from torch import Tensor

from autograder.checking import Mistake, altered, mapped, scaled, turned

Count = Callable[..., int]


def sign_flipped(function: str) -> Mistake:
    """The residual the wrong way round."""
    text = "{parts}: right size, opposite sign"
    question = "If ŷ is too high and grows a little more, does the loss rise or fall?"
    return Mistake(function, "sign-flipped", text, question, scaled(function, -1))


def doubled(function: str, question: str = "What is the ½ in the loss there for?") -> Mistake:
    """½ left out."""
    text = "{parts}: exactly twice what is expected"
    return Mistake(function, "half-dropped", text, question, scaled(function, 2))


def averaged(function: str, count: Count) -> Mistake:
    """Divided by the number of samples."""
    text = "{parts}: divided by the number of samples"
    question = "Does the same data twice give the same loss, or twice as much?"
    return Mistake(function, "mean-not-sum", text, question, scaled(function, lambda *given: 1 / count(*given)))


def mean_squared(function: str, count: Count) -> Mistake:
    """The rule of the mean squared error."""
    text = "{parts}: 2/n times what is expected, the rule of the mean squared error"
    question = "Which loss does this exercise have: with a mean, or with a sum and a ½?"
    return Mistake(function, "two-over-n", text, question, scaled(function, lambda *given: 2 / count(*given)))


def swapped(function: str, text: str, question: str) -> Mistake:
    """Right values under each other's names, or in the wrong order."""
    return Mistake(
        function, "swapped", text, question, altered(function, lambda right, *_: turned(right)), is_whole=True
    )


def all_zero(function: str) -> Mistake:
    """Zeros, in the right form."""
    text, question = "the answer is 0, whatever the numbers are", "Which of its arguments does your function use?"
    return Mistake(
        function,
        "constant-output",
        text,
        question,
        altered(function, lambda right, *_: mapped(right, torch.zeros_like)),
        is_whole=True,
    )


def cut_to_whole_numbers(function: str) -> tuple[Mistake, ...]:
    """Numbers put into a tensor of integers, cut or rounded."""
    text, question = "{parts}: cut to whole numbers", "Which type has the tensor that you put the numbers into?"
    variants = (
        altered(function, lambda right, *_, cut=cut: mapped(right, cut)) for cut in (Tensor.trunc, Tensor.round)
    )
    return tuple(Mistake(function, "integer-dtype", text, question, variant) for variant in variants)
