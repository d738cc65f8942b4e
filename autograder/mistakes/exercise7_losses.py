"""Known mistakes of exercise 7: cross-entropy and its gradient."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.checking import Variant
from autograder.mistakes.exercise7_shares import (
    INFINITE,
    LAST,
    MEAN,
    MINUS,
    PICKED,
    TURNED,
    UNSTABLE,
    UNSTABLE_LOGARITHMS,
    UP,
    VANISHED,
    last_row,
    logarithms,
    of_both,
    shares,
    unstable,
)
from autograder.mistakes.in_worker.tables import whole


def at_targets(values: Tensor, targets: Tensor) -> Tensor:
    """The number of each row that stands at its target."""
    return values.gather(1, targets[:, None])[:, 0]


def losses(Z: Tensor, targets: Tensor) -> Tensor:
    """The right loss of each sample."""
    return -at_targets(logarithms(Z), targets)


def loss_by(way: Callable[[Tensor], Tensor]) -> Variant:
    """The variant with another way to the logarithms."""
    return of_both(lambda Z, targets: -at_targets(way(Z), targets).mean())


CROSS_ENTROPY = whole("cross_entropy", unstable(VANISHED, tuple(
    map(loss_by, UNSTABLE_LOGARITHMS)
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
        (
            of_both(losses),
            of_both(lambda Z, targets: losses(Z, targets)[:, None]),
            of_both(lambda Z, targets: losses(Z, targets) / len(Z)),
        ),
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


def made_of(change: Callable[[Tensor, Tensor, Tensor], Any]) -> Variant:
    """The variant of cross_entropy_gradient that is made of the shares, the one-hot rows and the logits."""
    return of_both(lambda Z, targets: change(shares(Z), hot(Z, targets), Z))


def gradient_by(way: Callable[[Tensor], Tensor]) -> Variant:
    """The variant with another way to the shares."""
    return of_both(lambda Z, targets: (way(Z) - hot(Z, targets)) / len(Z))


NEEDLESS = "Which way does each logit move, and what does the number of samples do to it?"
GRADIENT = whole("cross_entropy_gradient", unstable(INFINITE, tuple(
    map(gradient_by, UNSTABLE)
)) | {
    "one-hot-missing": (
        "the shares divided by n alone",
        "If every sample's right class has the share 1, what should the gradient be?",
        (made_of(lambda p, _h, _Z: p / len(p)),),
    ),
    "mean-missing": (
        "the gradient of a sum over samples, where the loss is their mean",
        MEAN,
        (made_of(lambda p, h, _Z: p - h),),
    ),
    "mean-of-all": (
        "divided by the number of all entries, or of classes, not of the samples",
        "How many samples is the loss a mean of?",
        (made_of(lambda p, h, _Z: (p - h) / p.numel()), made_of(lambda p, h, _Z: (p - h) / p.shape[1])),
    ),
    "sign-flipped": (
        "right size, opposite sign",
        UP,
        (
            made_of(lambda p, h, _Z: (h - p) / len(p)),
            made_of(lambda p, h, _Z: h - p),
            made_of(lambda p, h, _Z: (p + h) / len(p)),
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
        (made_of(lambda _p, h, Z: (Z - h) / len(Z)), made_of(lambda p, h, _Z: (p.log() - h) / len(p))),
    ),
    "right-class-only": (
        "only the right class's column moves",
        "If the right class's share grows, what happens to the others of its row?",
        (
            made_of(lambda p, h, _Z: (p - h) * h / len(p)),
            made_of(lambda p, h, _Z: -h / len(p)),
        ),
    ),
    "square-differentiated": (
        "the derivative of a squared error, with a factor that the softmax adds",
        "Which loss does this exercise have, and what does its logarithm do to that factor?",
        (made_of(lambda p, h, _Z: (p - h) * p * (1 - p) / len(p)), made_of(lambda p, h, _Z: p * (1 - p) / len(p))),
    ),
    "wrt-x": (
        "the derivative by the shares, not by the logits",
        "What moves when a logit moves: one share of its row, or all?",
        (
            made_of(lambda p, h, _Z: -h / p / len(p)),
            made_of(lambda p, h, _Z: -h / p),
        ),
    ),
    "half-dropped": (
        "exactly twice what is expected",
        "With which factor does each sample's loss come in?",
        (made_of(lambda p, h, _Z: 2 * (p - h) / len(p)),),
    ),
    "missing-transpose": (*TURNED, (made_of(lambda p, h, _Z: ((p - h) / len(p)).T),)),
    "last-sample-only": (*LAST, (made_of(lambda p, h, _Z: last_row((p - h) / len(p))),)),
    "absolute-residual": (
        "right size, with no minus sign anywhere",
        UP,
        (made_of(lambda p, h, _Z: (p - h).abs() / len(p)),),
    ),
    "not-added-up": (
        "one row for all samples, where each has its own",
        NEEDLESS,
        (made_of(lambda p, h, _Z: ((p - h) / len(p)).sum(0)), made_of(lambda p, h, _Z: (p - h).mean(0))),
    ),
})  # fmt: skip
