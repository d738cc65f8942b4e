"""Known mistakes of exercise 7: softmax and cross-entropy."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.checking import Variant, altered
from autograder.mistakes.in_worker.tables import Many, whole

SUMS = "What should the numbers in one row of the result add up to?"
INFINITE = "What is e to the 1000 to your machine, and what becomes of it when it is divided by itself?"
VANISHED = "What is e to the −1000 to your machine, and what is the logarithm of that?"
PICKED = "Which one number of its row does a sample's loss need?"
MEAN = "Does the same data twice give the same loss, or twice as much?"
MINUS = "Is the logarithm of a share positive or negative, and what should a loss be?"
UP = "Should the logit of the right class go up or down, and what does the sign of its slope say?"


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


def naive(Z: Tensor) -> Tensor:
    """Softmax by its formula, as it stands."""
    weights = torch.exp(Z)
    return weights / weights.sum(1, keepdim=True)


def shifted_by_one_number(Z: Tensor) -> Tensor:
    """Softmax with one number taken from all logits, where each row needs its own."""
    weights = torch.exp(Z - Z.max())
    return weights / weights.sum(1, keepdim=True)


def shifted_by_mean(Z: Tensor) -> Tensor:
    """Softmax with each row's mean taken away, which may leave large exponents."""
    weights = torch.exp(Z - Z.mean(1, keepdim=True))
    return weights / weights.sum(1, keepdim=True)


def naive_logarithm(Z: Tensor) -> Tensor:
    """The logarithms by their formula, as it stands."""
    return Z - torch.log(torch.exp(Z).sum(1, keepdim=True))


def by_numbers(Z: Tensor) -> Tensor:
    """Softmax by its formula in Python's own numbers, which raise where the machine's say inf or nan."""
    rows = [[math.exp(z) for z in row] for row in Z.tolist()]
    return torch.tensor([[weight / sum(row) for weight in row] for row in rows], dtype=torch.float64)


def logarithms_by_numbers(way: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """The logarithms of a softmax, in Python's own numbers."""
    return lambda Z: torch.tensor([[math.log(share) for share in row] for row in way(Z).tolist()], dtype=torch.float64)


UNSTABLE = (naive, shifted_by_one_number, shifted_by_mean, by_numbers)
UNSTABLE_LOGARITHMS = (
    *(lambda Z, way=way: torch.log(way(Z)) for way in (*UNSTABLE, shares)),
    logarithms_by_numbers(by_numbers),
    logarithms_by_numbers(shares),
    naive_logarithm,
    lambda Z: Z - Z.max() - torch.log(torch.exp(Z - Z.max()).sum(1, keepdim=True)),
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
    "wrong-base": (
        "logarithms to another base",
        "Which logarithm undoes e to the z?",
        (of_logits(lambda Z: logarithms(Z) / torch.tensor(2.0).double().log()),
         of_logits(lambda Z: logarithms(Z) / torch.tensor(10.0).double().log())),
    ),
})  # fmt: skip


def at_targets(values: Tensor, targets: Tensor) -> Tensor:
    """The number of each row that stands at its target."""
    return values.gather(1, targets[:, None])[:, 0]


def losses(Z: Tensor, targets: Tensor) -> Tensor:
    """The right loss of each sample."""
    return -at_targets(logarithms(Z), targets)


CROSS_ENTROPY = whole("cross_entropy", unstable(VANISHED, tuple(
    of_both(lambda Z, targets, way=way: -at_targets(way(Z), targets).mean()) for way in UNSTABLE_LOGARITHMS
)) | {
    "mean-missing": (
        "the samples' losses are added up, not averaged",
        MEAN,
        (of_both(lambda Z, targets: losses(Z, targets).sum()),),
    ),
    "sign-flipped": ("right size, opposite sign", MINUS, (of_both(lambda Z, targets: -losses(Z, targets).mean()),)),
    "not-summed": (
        "one loss for each sample, where one number is due",
        "How many numbers is the loss of all samples together?",
        (of_both(losses), of_both(lambda Z, targets: losses(Z, targets)[:, None])),
    ),
    "broadcast-loss": (
        "each sample's loss is taken at the targets of all samples",
        PICKED,
        (
            of_both(lambda Z, targets: -logarithms(Z)[:, targets].mean()),
            of_both(lambda Z, targets: -logarithms(Z)[:, targets].sum()),
            of_both(lambda Z, targets: -logarithms(Z)[:, targets].sum() / len(Z)),
            of_both(lambda Z, targets: -logarithms(Z)[:, targets]),
        ),
    ),
    "mean-of-all": (
        "divided by the number of all entries, not of the samples",
        "How many samples are there, and by what do you divide?",
        (of_both(lambda Z, targets: losses(Z, targets).mean() / Z.shape[1]),),
    ),
    "wrong-axis": (
        "the shares are those of a column, or of everything, not of a row",
        "Whose shares add up to 1: those of a row, or those of a column?",
        (
            of_both(lambda Z, targets: -at_targets(logarithms(Z, 0), targets).mean()),
            of_both(lambda Z, targets: -at_targets(logarithms(Z, (0, 1)), targets).mean()),
        ),
    ),
    "last-sample-only": (
        "the last sample's loss alone",
        "Which samples are still in your result after the loop?",
        (
            of_both(lambda Z, targets: losses(Z, targets)[-1]),
            of_both(lambda Z, targets: losses(Z, targets)[-1] / len(Z)),
        ),
    ),
    "target-missing": (
        "the targets are not in it: all classes count",
        PICKED,
        (
            of_both(lambda Z, _: -logarithms(Z).mean()),
            of_both(lambda Z, _: -logarithms(Z).sum() / len(Z)),
            of_both(lambda Z, _: -logarithms(Z).sum()),
        ),
    ),
    "logarithm-missing": (
        "the shares themselves, without their logarithm",
        "What does a share of 1 cost in your loss?",
        (
            of_both(lambda Z, targets: -at_targets(shares(Z), targets).mean()),
            of_both(lambda Z, targets: at_targets(shares(Z), targets).mean()),
            of_both(lambda Z, targets: 1 - at_targets(shares(Z), targets).mean()),
        ),
    ),
    "softmax-missing": (
        "the logit at the target is taken, not the logarithm of its share",
        "What do the other logits of the row have to do with the share?",
        (of_both(lambda Z, targets: -at_targets(Z, targets).mean()),),
    ),
    "mean-outside": (
        "the logarithm of a mean, where a mean of logarithms is due",
        "Which comes first: the logarithm or the mean?",
        (of_both(lambda Z, targets: -at_targets(shares(Z), targets).mean().log()),),
    ),
    "softmax-twice": (
        "the softmax is taken twice",
        "What does your loss get: logits, or shares?",
        (of_both(lambda Z, targets: losses(shares(Z), targets).mean()),),
    ),
    "half-dropped": (
        "exactly twice what is expected",
        "With which factor does each sample's loss come in?",
        (of_both(lambda Z, targets: 2 * losses(Z, targets).mean()),),
    ),
})  # fmt: skip


def hot(Z: Tensor, targets: Tensor) -> Tensor:
    """1 in the right class's column, 0 elsewhere."""
    return torch.zeros_like(Z).scatter(1, targets[:, None], 1)


def every_column(Z: Tensor, targets: Tensor) -> Tensor:
    """What `p[:, targets] -= 1` makes of the shares."""
    changed = shares(Z)
    changed[:, targets] -= 1
    return changed


def slopes(change: Callable[[Tensor, Tensor, Tensor], Any]) -> Variant:
    """The variant of cross_entropy_gradient that is made of the shares, the one-hot rows and the logits."""
    return of_both(lambda Z, targets: change(shares(Z), hot(Z, targets), Z))


NEEDLESS = "Which way does each logit move, and what does the number of samples do to it?"
GRADIENT = whole("cross_entropy_gradient", unstable(INFINITE, tuple(
    of_both(lambda Z, targets, way=way: (way(Z) - hot(Z, targets)) / len(Z)) for way in UNSTABLE
)) | {
    "one-hot-missing": (
        "the shares divided by n alone",
        "If every sample's right class has the share 1, what should the gradient be?",
        (slopes(lambda p, _h, _Z: p / len(p)),),
    ),
    "mean-missing": (
        "the gradient of a sum over samples, where the loss is their mean",
        MEAN,
        (slopes(lambda p, h, _Z: p - h),),
    ),
    "mean-of-all": (
        "divided by the number of all entries, or of classes, not of the samples",
        "How many samples is the loss a mean of?",
        (slopes(lambda p, h, _Z: (p - h) / p.numel()), slopes(lambda p, h, _Z: (p - h) / p.shape[1])),
    ),
    "sign-flipped": (
        "right size, opposite sign",
        UP,
        (
            slopes(lambda p, h, _Z: (h - p) / len(p)),
            slopes(lambda p, h, _Z: h - p),
            slopes(lambda p, h, _Z: (p + h) / len(p)),
        ),
    ),
    "broadcast-loss": (
        "the 1 is taken away in the columns of all targets, in every row",
        "In how many columns of a row should the 1 be taken away?",
        (
            of_both(lambda Z, targets: every_column(Z, targets) / len(Z)),
            of_both(every_column),
        ),
    ),
    "wrong-axis": (
        "the shares are those of a column, or of everything, not of a row",
        "What should each row of the gradient add up to?",
        (
            of_both(lambda Z, targets: (shares(Z, 0) - hot(Z, targets)) / len(Z)),
            of_both(lambda Z, targets: (shares(Z, (0, 1)) - hot(Z, targets)) / len(Z)),
        ),
    ),
    "softmax-missing": (
        "the logits stand where their shares are due",
        "Which of the functions above makes shares of logits?",
        (slopes(lambda _p, h, Z: (Z - h) / len(Z)), slopes(lambda p, h, _Z: (p.log() - h) / len(p))),
    ),
    "right-class-only": (
        "only the right class's column moves",
        "If the right class's share grows, what happens to the others of its row?",
        (
            slopes(lambda p, h, _Z: (p - h) * h / len(p)),
            slopes(lambda p, h, _Z: -h / len(p)),
        ),
    ),
    "square-differentiated": (
        "the slope of a squared error, with a factor that the softmax adds",
        "Which loss does this exercise have, and what does its logarithm do to that factor?",
        (slopes(lambda p, h, _Z: (p - h) * p * (1 - p) / len(p)), slopes(lambda p, h, _Z: p * (1 - p) / len(p))),
    ),
    "wrt-x": (
        "the slope along the shares, not along the logits",
        "What moves when a logit moves: one share of its row, or all?",
        (
            slopes(lambda p, h, _Z: -h / p / len(p)),
            slopes(lambda p, h, _Z: -h / p),
        ),
    ),
    "half-dropped": (
        "exactly twice what is expected",
        "With which factor does each sample's loss come in?",
        (slopes(lambda p, h, _Z: 2 * (p - h) / len(p)),),
    ),
    "missing-transpose": (
        "rows and columns have changed places",
        "What do the rows stand for, and what the columns?",
        (altered("cross_entropy_gradient", lambda right, *_: right.T),),
    ),
    "not-added-up": (
        "one row for all samples, where each has its own",
        NEEDLESS,
        (slopes(lambda p, h, _Z: ((p - h) / len(p)).sum(0)), slopes(lambda p, h, _Z: (p - h).mean(0))),
    ),
})  # fmt: skip


def is_right(best: Tensor, targets: Tensor) -> Tensor:
    """1 for each sample that is right, 0 for the others."""
    return (best == targets).double()


def first_largest(way: Callable[[Tensor], Tensor]) -> Variant:
    """The variant that looks for the largest share, as an unstable softmax gives it."""
    return of_both(lambda Z, targets: is_right(way(Z).argmax(1), targets).mean())


DIRECTION = "In which direction do you look for the largest logit: along a row, or down a column?"
ACCURACY = whole("accuracy", unstable(INFINITE, tuple(map(first_largest, (*UNSTABLE, torch.exp)))) | {
    "mean-missing": (
        "the number of right samples, not their share",
        "Half of 4 samples are right, and half of 400: which number should be the same?",
        (of_both(lambda Z, targets: is_right(Z.argmax(1), targets).sum()),),
    ),
    "percent": (
        "in percent, where a share is due",
        "If all samples are right, which share is that?",
        (of_both(lambda Z, targets: 100 * is_right(Z.argmax(1), targets).mean()),),
    ),
    "not-summed": (
        "one answer for each sample, where one number is due",
        "How many numbers is a share of all samples?",
        (of_both(lambda Z, targets: is_right(Z.argmax(1), targets)),),
    ),
    "sign-flipped": (
        "the share of the samples that are wrong",
        "If all samples are right, what should come out?",
        (of_both(lambda Z, targets: 1 - is_right(Z.argmax(1), targets).mean()),),
    ),
    "smallest-for-largest": (
        "the smallest logit is looked for",
        "Which logit of a row speaks for its class the most: the largest or the smallest?",
        (of_both(lambda Z, targets: is_right(Z.argmin(1), targets).mean()),),
    ),
    "wrong-axis": (
        "the largest logit is looked for down a column, or among all",
        DIRECTION,
        (
            of_both(lambda Z, targets: is_right(Z.argmax(0), targets).mean()),
            of_both(lambda Z, targets: is_right(Z.argmax(), targets).mean()),
        ),
    ),
    "size-for-value": (
        "the largest in size is looked for, whatever its sign",
        "Which of the logits −5 and 2 speaks for its class the most?",
        (of_both(lambda Z, targets: is_right(Z.abs().argmax(1), targets).mean()),),
    ),
    "last-sample-only": (
        "the last sample alone",
        "Which samples are still in your result after the loop?",
        (
            of_both(lambda Z, targets: is_right(Z.argmax(1), targets)[-1]),
            of_both(lambda Z, targets: is_right(Z.argmax(1), targets)[-1] / len(Z)),
        ),
    ),
    "mean-of-all": (
        "divided by the number of classes, or of all entries",
        "Out of how many is it the share: samples, or classes?",
        (
            of_both(lambda Z, targets: is_right(Z.argmax(1), targets).sum() / Z.shape[1]),
            of_both(lambda Z, targets: is_right(Z.argmax(1), targets).sum() / Z.numel()),
        ),
    ),
    "integer-dtype": (
        "cut to a whole number",
        "Which type has the tensor, or the division, that the share comes from?",
        (
            of_both(lambda Z, targets: is_right(Z.argmax(1), targets).mean().floor()),
            of_both(lambda Z, targets: is_right(Z.argmax(1), targets).mean().round()),
        ),
    ),
    "share-for-hit": (
        "the mean share of the right class, not the share of right samples",
        "May half a sample be right?",
        (of_both(lambda Z, targets: at_targets(shares(Z), targets).mean()),),
    ),
})  # fmt: skip
