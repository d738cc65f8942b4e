"""Known mistakes of exercise 7: softmax and cross-entropy."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from autograder.checking import Variant
from autograder.mistakes.common import all_zero
from autograder.mistakes.exercise7_losses import CROSS_ENTROPY as CROSS_ENTROPY
from autograder.mistakes.exercise7_losses import GRADIENT as GRADIENT
from autograder.mistakes.exercise7_losses import at_targets
from autograder.mistakes.exercise7_shares import INFINITE, UNSTABLE, of_both, shares, unstable
from autograder.mistakes.exercise7_shares import LOG_SOFTMAX as LOG_SOFTMAX
from autograder.mistakes.exercise7_shares import SOFTMAX as SOFTMAX
from autograder.mistakes.in_worker.tables import whole


def is_right(best: Tensor, targets: Tensor) -> Tensor:
    """1 for each sample that is right, 0 for the others."""
    return (best == targets).double()


def first_largest(way: Callable[[Tensor], Tensor]) -> Variant:
    """The variant that looks for the largest share, as an unstable softmax gives it."""
    return of_both(lambda Z, targets: is_right(way(Z).argmax(1), targets).mean())


DIRECTION = "In which direction do you look for the largest logit: along a row, or down a column?"
ACCURACY = whole("accuracy", unstable(INFINITE, tuple(first_largest(way) for way in (*UNSTABLE, torch.exp))) | {
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
    "wrong-counted": (
        "the share of the samples that are wrong",
        "If all samples are right, what should come out?",
        (of_both(lambda Z, targets: 1 - is_right(Z.argmax(1), targets).mean()),),
    ),
    "broadcast-loss": (
        "the largest logit of each sample is compared with the targets of all samples",
        "How many comparisons are there for n samples: n, or n times n?",
        (
            of_both(lambda Z, targets: is_right(Z.argmax(1)[:, None], targets).mean()),
            of_both(lambda Z, targets: is_right(Z.argmax(1)[:, None], targets).sum() / len(Z)),
            of_both(lambda Z, targets: is_right(Z.argmax(1)[:, None], targets).sum()),
        ),
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

NOTHING = tuple(all_zero(name) for name in ("log_softmax", "cross_entropy_gradient"))
