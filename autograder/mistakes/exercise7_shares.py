"""Known mistakes of exercise 7: softmax and its logarithm."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.checking import Variant
from autograder.mistakes.in_worker.tables import Many, whole

SUMS = "What should the numbers in one row of the result add up to?"
INFINITE = "What is e to the 1000 to your machine, and what becomes of it when it is divided by itself?"
VANISHED = "What is e to the −1000 to your machine, and what is the logarithm of that?"
PICKED = "Which one number of its row does a sample's loss need?"
MEAN = "Does the same data twice give the same loss, or twice as much?"
MINUS = "Is the logarithm of a share positive or negative, and what should a loss be?"
UP = "Should the logit of the right class go up or down, and what does the sign of its derivative say?"
TURNED = ("rows and columns have changed places", "What do the rows stand for, and what the columns?")
LAST = ("right in the last row, 0 in all others", "What becomes of the earlier rows in the next round of your loop?")


def of_logits(change: Callable[[Tensor], Any]) -> Variant:
    """The variant of a function of logits alone."""
    return lambda _functions, Z: change(Z)


def of_both(change: Callable[[Tensor, Tensor], Any]) -> Variant:
    """The variant of a function of logits and targets."""
    return lambda _functions, Z, targets: change(Z, targets.long())


def shares(Z: Tensor, dim: Any = 1) -> Tensor:
    """The right softmax, along an axis or along both."""
    return torch.exp(logarithms(Z, dim))


def logarithms(Z: Tensor, dim: Any = 1) -> Tensor:
    """The right log_softmax, along an axis or along both."""
    return Z - torch.logsumexp(Z, dim=dim, keepdim=True)


def last_row(right: Tensor) -> Tensor:
    """What a loop leaves that begins a new table in each round."""
    return torch.cat([torch.zeros_like(right[:-1]), right[-1:]])


def as_drawn(Z: Tensor) -> Tensor:
    """The logits in the precision that they were drawn in, where it decides what overflows: exp(100) in float32."""
    single = Z.float()
    return single if Z.abs().max() > 80 and bool((single.double() == Z).all()) else Z


def weighted(weights: Tensor) -> Tensor:
    """Each weight's share of its row."""
    return weights / weights.sum(1, keepdim=True)


# What is taken from the logits so that nothing should overflow: one number for all rows, or one of each row that is not
# its largest, after which exponents may still be large, or all weights may vanish. Nothing at all comes first.
SHIFTS: tuple[Callable[[Tensor], Tensor], ...] = (
    torch.zeros_like,
    torch.amax,
    lambda Z: Z.mean(1, keepdim=True),
    lambda Z: Z.abs().amax(1, keepdim=True),
    lambda Z: Z.amin(1, keepdim=True),
    lambda Z: Z[:, :1],
    lambda Z: Z[:, -1:],
    lambda Z: Z.amax(1, keepdim=True).clamp(min=0),
    lambda Z: Z.amax(0, keepdim=True),
)


def shifted(shift: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """Softmax of logits from which something has been taken."""
    return lambda Z: weighted(torch.exp(as_drawn(Z) - shift(as_drawn(Z))))


def shifted_logarithms(shift: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """Their logarithms by the formula."""

    def way(Z: Tensor) -> Tensor:
        below = as_drawn(Z) - shift(as_drawn(Z))
        return below - torch.log(torch.exp(below).sum(1, keepdim=True))

    return way


def by_numbers(Z: Tensor) -> Tensor:
    """Softmax by its formula in Python's own numbers, which raise where the machine's say inf or nan."""
    rows = [[math.exp(z) for z in row] for row in Z.tolist()]
    return torch.tensor([[weight / sum(row) for weight in row] for row in rows], dtype=torch.float64)


def logarithms_by_numbers(way: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """The logarithms of a softmax, in Python's own numbers."""
    return lambda Z: torch.tensor([[math.log(share) for share in row] for row in way(Z).tolist()], dtype=torch.float64)


UNSTABLE = (*map(shifted, SHIFTS), by_numbers)
UNSTABLE_LOGARITHMS = (
    *(lambda Z, way=way: torch.log(way(Z)) for way in (*UNSTABLE, shares)),
    *(logarithms_by_numbers(way) for way in (by_numbers, shares)),
    *map(shifted_logarithms, SHIFTS),
)


def unstable(question: str, variants: tuple[Variant, ...]) -> Many:
    """What the exponential of a large number, or the logarithm of one that vanished, makes of an answer."""
    text = "for large logits the exponential overflows, or vanishes before its logarithm is taken"
    return {"unstable-exponential": (text, question, variants)}


SOFTMAX = whole("softmax", unstable(INFINITE, tuple(map(of_logits, UNSTABLE))) | {
    "wrong-axis": (
        "the shares are those of a column, or of everything, not of a row",
        SUMS,
        (
            of_logits(lambda Z: shares(Z, 0)),
            of_logits(lambda Z: shares(Z, (0, 1))),
            of_logits(lambda Z: torch.exp(Z - Z.amax(1, keepdim=True)) / torch.exp(Z - Z.amax(1, keepdim=True)).sum()),
        ),
    ),
    "not-normalised": (
        "the weights are not divided by their sum",
        SUMS,
        (
            of_logits(torch.exp),
            of_logits(lambda Z: torch.exp(Z - Z.max(1, keepdim=True).values)),
            of_logits(torch.sigmoid),
        ),
    ),
    "sign-flipped": (
        "the exponents have the opposite sign",
        "Which logit of a row should have the largest share?",
        (of_logits(lambda Z: shares(-Z)),),
    ),
    "exponential-missing": (
        "the logits themselves are divided by their sum",
        "Can a share be negative?",
        (of_logits(lambda Z: Z / Z.sum(1, keepdim=True)),),
    ),
    "logarithm-taken": ("the logarithms of the shares", SUMS, (of_logits(logarithms),)),
    "missing-transpose": (*TURNED, (of_logits(lambda Z: shares(Z).T),)),
    "last-sample-only": (*LAST, (of_logits(lambda Z: last_row(shares(Z))),)),
    "constant-output": (
        "every class has the same share, whatever the logits",
        "Which class of a row should have the largest share?",
        (of_logits(lambda Z: torch.full_like(Z, 1 / Z.shape[1])),),
    ),
    "mean-for-sum": (
        "the weights are divided by their mean",
        SUMS,
        (of_logits(lambda Z: shares(Z) * Z.shape[1]), of_logits(lambda Z: shares(Z) / Z.shape[1])),
    ),
})  # fmt: skip

LOG_SOFTMAX = whole("log_softmax", unstable(VANISHED, tuple(map(of_logits, UNSTABLE_LOGARITHMS))) | {
    "wrong-axis": (
        "the sum runs along a column, or over everything, not along a row",
        "Whose shares add up to 1: those of a row, or those of a column?",
        (of_logits(lambda Z: logarithms(Z, 0)), of_logits(lambda Z: logarithms(Z, (0, 1)))),
    ),
    "sign-flipped": ("right size, opposite sign", MINUS, (of_logits(lambda Z: -logarithms(Z)),)),
    "logarithm-missing": (
        "the shares themselves, without their logarithm",
        "What is the logarithm of a share of 1?",
        (of_logits(shares),),
    ),
    "logarithm-of-sum-missing": (
        "the sum is taken away without its logarithm, or not at all",
        "What is the logarithm of a fraction: which two logarithms does it consist of?",
        (
            of_logits(lambda Z: Z - Z.max(1, keepdim=True).values),
            of_logits(
                lambda Z: Z - Z.max(1, keepdim=True).values
                - torch.exp(Z - Z.max(1, keepdim=True).values).sum(1, keepdim=True)
            ),
        ),
    ),
    "shift-forgotten": (
        "the row's largest logit is taken away in one place only",
        "What you took from the exponents below: where does it come back?",
        (of_logits(lambda Z: Z - torch.exp(Z - Z.max(1, keepdim=True).values).sum(1, keepdim=True).log()),),
    ),
    "missing-transpose": (*TURNED, (of_logits(lambda Z: logarithms(Z).T),)),
    "last-sample-only": (*LAST, (of_logits(lambda Z: last_row(logarithms(Z))),)),
    "wrong-base": (
        "logarithms to another base",
        "Which logarithm undoes e to the z?",
        (of_logits(lambda Z: logarithms(Z) / torch.tensor(2.0).double().log()),
         of_logits(lambda Z: logarithms(Z) / torch.tensor(10.0).double().log())),
    ),
})  # fmt: skip
