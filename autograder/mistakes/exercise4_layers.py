"""Known mistakes of exercise 4 in one layer: its gradients, and the way back through it."""

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch
from torch import Tensor

from autograder.checking import Mistake, Variant, altered, mapped, turned
from autograder.mistakes.in_worker.tables import partly, step, whole

Step = Callable[[Tensor, Tensor], Any]


def scaled_by(factor: Callable[[Tensor], float]) -> Variant:
    """The variant that gives multiples of both gradients."""
    return altered("layer_gradients", lambda right, delta, _: mapped(right, lambda value: value * factor(delta)))


def weights(change: Step) -> Variant:
    """The variant of layer_gradients with another gradient of the weights."""
    return lambda functions, delta, A: (change(delta, A), functions.layer_gradients(delta, A)[1])


def biases(change: Step) -> Variant:
    """The variant of layer_gradients with another gradient of the biases."""
    return lambda functions, delta, A: (functions.layer_gradients(delta, A)[0], change(delta, A))


def both(of_weights: Step, of_biases: Step) -> Variant:
    """The variant of layer_gradients with other gradients."""
    return lambda _functions, delta, A: (of_weights(delta, A), of_biases(delta, A))


def products(names: tuple[str, str], right: tuple[bool, bool]) -> Iterator[tuple[str, Step]]:
    """Yield what is wrong with the products of two matrices in either order, each transposed or not, and the product.

    Right is the product in the order of the names, and which of the two are transposed in it.
    """
    for is_turned in itertools.product((False, True), repeat=2):
        for first in (0, 1):
            wrong = [at for at in (0, 1) if is_turned[at] != right[at]]
            if wrong == [0, 1] and first == 1:
                yield "the product is right, but transposed", product(first, is_turned)
            elif wrong or first == 1:
                faults = [f"{names[at]} is {TURNED[right[at]]}" for at in wrong]
                faults += ["the factors stand the wrong way round"] * first
                yield " and ".join(faults), product(first, is_turned)


TURNED = {True: "not transposed where it should be", False: "transposed where it should not be"}


def product(first: int, is_turned: tuple[bool, ...]) -> Step:
    """The product of two matrices that begins with one of them."""

    def multiplied(*factors: Tensor) -> Tensor:
        one, other = ((factors[at].T if is_turned[at] else factors[at]) for at in (first, 1 - first))
        return one @ other

    return multiplied


def misplaced(function: str, question: str, forms: Iterable[tuple[str, Variant]]) -> tuple[Mistake, ...]:
    """The mistakes of a product whose factors are transposed or placed otherwise, each with its own sentence."""
    return tuple(Mistake(function, "missing-transpose", text, question, form, True) for text, form in forms)


def turned_if_square(matrix: Tensor) -> Tensor:
    """The transposed of a matrix where nothing raises for it."""
    return matrix.T if matrix.shape[0] == matrix.shape[1] else matrix


def each_sample(delta: Tensor, A: Tensor) -> Tensor:
    """Every sample's share of the gradient of the weights."""
    return torch.einsum("no,ni->noi", delta, A)


SUM = "Is this exercise's loss a sum or a mean over the samples?"
BIAS = "How many samples does one bias see, and how many biases has the layer?"
SHAPE = "Which shape must the gradient of W have, and which factors in which order give that?"

GRADIENTS = whole("layer_gradients", {
    "mean-not-sum": (
        "divided by the number of samples",
        SUM,
        (scaled_by(lambda delta: 1 / len(delta)), weights(lambda delta, A: delta.T @ A / len(delta))),
    ),
    "two-over-n": (
        "2/n times what is expected, the rule of the mean squared error",
        SUM,
        (scaled_by(lambda delta: 2 / len(delta)),),
    ),
    "bias-mean": (
        "`grad_W` is right; `grad_b` is averaged over the samples",
        "`grad_W` adds up what the samples say. Why should `grad_b` not?",
        (biases(lambda delta, _: delta.mean(0)),),
    ),
    "bias-not-summed": (
        "`grad_W` is right; `grad_b` still has a row for each sample",
        BIAS,
        (biases(lambda delta, _: delta), biases(lambda delta, _: delta.T)),
    ),
    "bias-summed-over-all": (
        "`grad_W` is right; `grad_b` adds up all of delta",
        "Should the first output's bias hear of the second output's error?",
        (
            biases(lambda delta, _: delta.sum()),
            biases(lambda delta, _: delta.sum().expand(delta.shape[1])),
            biases(lambda delta, _: delta.mean()),
        ),
    ),
    "wrong-axis": (
        "`grad_W` is right; `grad_b` is summed along the wrong axis",
        BIAS,
        (
            biases(lambda delta, _: delta.sum(1)),
            biases(lambda delta, _: delta.sum(1, keepdim=True)),
            biases(lambda delta, _: delta.mean(1)),
        ),
    ),
    "wrong-shape": (
        "`grad_W` is right; `grad_b` has the right numbers, and one axis too many",
        "Which shape has b itself?",
        (biases(lambda delta, _: delta.sum(0, keepdim=True)), biases(lambda delta, _: delta.sum(0)[:, None])),
    ),
    "x-in-bias": (
        "`grad_W` is right; the layer's input is in `grad_b`",
        "What is b multiplied with in the layer's formula?",
        (
            biases(lambda delta, A: (delta.T @ A).sum(1)),
            biases(lambda delta, A: (delta.T @ A).sum(0)),
            biases(lambda _, A: A.sum(0)),
        ),
    ),
    "elementwise-for-matmul": (
        "entry is multiplied by entry in `grad_W`, where a product of matrices is due",
        SHAPE,
        (
            weights(lambda delta, A: delta * A),
            weights(lambda delta, A: delta.T * A),
            weights(lambda delta, A: delta * A.T),
            weights(lambda delta, A: (delta * A).sum(0)),
        ),
    ),
    "not-summed": (
        "the gradients still have a row for each sample",
        "Every sample has a word in the derivative by one weight. What becomes of all their words?",
        (weights(each_sample), both(each_sample, lambda delta, _: delta)),
    ),
    "swapped": (
        "`grad_W` and `grad_b` have changed places",
        "Which of the two does the description name first?",
        (altered("layer_gradients", lambda right, *_: turned(right)),),
    ),
    "last-sample-only": (
        "only the last sample is in it",
        "After the loop, where is what the first sample had to add?",
        (
            both(lambda delta, A: torch.outer(delta[-1], A[-1]), lambda delta, _: delta[-1]),
            weights(lambda delta, A: torch.outer(delta[-1], A[-1])),
            biases(lambda delta, _: delta[-1]),
        ),
    ),
    "first-sample-only": (
        "only the first sample is in it",
        "How many times does your loop run, before it returns?",
        (
            both(lambda delta, A: torch.outer(delta[0], A[0]), lambda delta, _: delta[0]),
            weights(lambda delta, A: torch.outer(delta[0], A[0])),
            biases(lambda delta, _: delta[0]),
        ),
    ),
    "last-sample-missing": (
        "the last sample is not in it",
        "For which i does your loop run?",
        (both(lambda delta, A: delta[:-1].T @ A[:-1], lambda delta, _: delta[:-1].sum(0)),),
    ),
})  # fmt: skip

GRADIENTS_IN_PARTS = partly("layer_gradients", {
    "sign-flipped": (
        "{parts}: right size, opposite sign",
        "Who turns the signs: delta as it comes in, or your function?",
        (scaled_by(lambda _: -1),),
    ),
    "half-dropped": (
        "{parts}: exactly twice what is expected",
        "delta is the derivative already. Is there anything left to differentiate in a square?",
        (scaled_by(lambda _: 2),),
    ),
    "half-kept": (
        "{parts}: half of what is expected",
        "delta is the derivative already. What should be halved once more?",
        (scaled_by(lambda _: 0.5),),
    ),
    "x-forgotten": (
        "{parts}: the layer's input is not in it",
        "Input 1 is 0 in all samples, input 2 is 100. By whose weight can the derivative be anything but 0?",
        (
            weights(lambda delta, A: delta.sum(0)[:, None].expand(-1, A.shape[1])),
            weights(lambda delta, A: delta.sum(0)[:, None] / A.shape[1] * torch.ones_like(A[:1])),
        ),
    ),
    "upstream-factor-missing": (
        "{parts}: what comes from above, delta, is not in it",
        "If delta is 0, so that the loss does not care about this layer's output: which derivative do you give?",
        (
            both(
                lambda delta, A: A.sum(0).expand(delta.shape[1], -1),
                lambda delta, _: torch.full_like(delta[0], len(delta)),
            ),
            both(lambda delta, A: A.mean(0).expand(delta.shape[1], -1), lambda delta, _: torch.ones_like(delta[0])),
        ),
    ),
    "absolute-residual": (
        "{parts}: the signs of delta are lost",
        "Do a prediction that is too high and one that is too low pull the same way?",
        (both(lambda delta, A: delta.abs().T @ A, lambda delta, _: delta.abs().sum(0)),),
    ),
    "sums-multiplied": (
        "{parts}: both factors are summed over the samples before they are multiplied",
        "With two samples, is δ₁A₁ + δ₂A₂ the same as (δ₁ + δ₂)(A₁ + A₂)?",
        (
            weights(lambda delta, A: torch.outer(delta.sum(0), A.sum(0))),
            weights(lambda delta, A: torch.outer(delta.sum(0), A.mean(0))),
            weights(lambda delta, A: torch.outer(delta.mean(0), A.mean(0))),
        ),
    ),
})  # fmt: skip

GRADIENTS_TURNED = misplaced("layer_gradients", SHAPE, (
    *((f"in `grad_W`, {text}", weights(each)) for text, each in products(("delta", "A_prev"), (True, False))),
    ("in `grad_W`, the product is right, but transposed", weights(lambda delta, A: turned_if_square(delta.T @ A))),
))  # fmt: skip

WAYS = "One input goes into several outputs. Along which axis of delta, and of W, do its ways add up?"

PROPAGATE = whole("propagate_delta", {
    "elementwise-for-matmul": (
        "entry is multiplied by entry, where a product of matrices is due",
        WAYS,
        (
            step(lambda delta, W: delta * W),
            step(lambda delta, W: delta * W.T),
            step(lambda delta, W: (delta * W).sum(0)),
            step(lambda delta, W: (delta * W).sum(1)),
        ),
    ),
    "upstream-factor-missing": (
        "one of the two factors, delta and W, is not in it",
        "If delta is 0, or W is 0: can the derivative by the layer's input be anything but 0?",
        (
            step(lambda delta, W: W.sum(0).expand(len(delta), -1)),
            step(lambda _, W: W.sum(0)),
            step(lambda _, W: W),
            step(lambda delta, _: delta),
            step(lambda delta, W: delta.sum(1, keepdim=True).expand(-1, W.shape[1])),
        ),
    ),
    "not-summed": (
        "the outputs' shares still stand beside each other",
        WAYS,
        (
            step(lambda delta, W: delta[:, :, None] * W),
            step(lambda delta, W: delta[:, None, :] * W.T),
        ),
    ),
    "wrong-axis": (
        "added up over the inputs, where the sum is over the outputs",
        WAYS,
        (step(lambda delta, W: (delta[:, :, None] * W).sum(2)),),
    ),
    "absolute-residual": (
        "the signs of delta are lost",
        "Do a prediction that is too high and one that is too low pull the same way?",
        (step(lambda delta, W: delta.abs() @ W),),
    ),
    "sums-multiplied": (
        "delta and W are summed over the outputs before they are multiplied",
        WAYS,
        (step(lambda delta, W: delta.sum(1, keepdim=True) * W.sum(0)),),
    ),
    "summed-too-early": (
        "the samples are added up, though each has a derivative of its own here",
        "Which shape has the layer's input, and which its derivative?",
        (step(lambda delta, W: (delta @ W).sum(0)), step(lambda delta, W: (delta @ W).sum(0, keepdim=True))),
    ),
    "mean-not-sum": (
        "divided by a number of samples, or of outputs",
        SUM,
        (step(lambda delta, W: delta @ W / len(delta)), step(lambda delta, W: delta @ W / len(W))),
    ),
    "sign-flipped": (
        "right size, opposite sign",
        "Who turns the signs: delta as it comes in, or your function?",
        (step(lambda delta, W: -delta @ W),),
    ),
    "half-dropped": (
        "exactly twice what is expected",
        "delta is the derivative already. Is there anything left to differentiate in a square?",
        (step(lambda delta, W: 2 * delta @ W),),
    ),
    "added-not-multiplied": (
        "delta and W are added",
        "Two gears in a row: do their ratios add?",
        (step(lambda delta, W: delta + W), step(lambda delta, W: (delta[:, :, None] + W).sum(1))),
    ),
    "last-sample-only": (
        "only the last sample came back",
        "How many samples go in, and how many derivatives come out?",
        (step(lambda delta, W: delta[-1] @ W), step(lambda delta, W: delta[-1:] @ W)),
    ),
    "last-output-only": (
        "only the last output is in it",
        WAYS,
        (step(lambda delta, W: torch.outer(delta[:, -1], W[-1])),),
    ),
})  # fmt: skip

W_TURNED = f"W is {TURNED[False]}"
PROPAGATE_TURNED = misplaced(
    "propagate_delta",
    "Forward, a layer multiplies by the transpose of W. Which shapes must touch on the way back?",
    (
        *((text, step(each)) for text, each in products(("delta", "W"), (False, False))),
        (W_TURNED, step(lambda delta, W: delta @ turned_if_square(W))),
        (W_TURNED, step(lambda delta, W: torch.einsum("no,io->ni", delta, W))),  # which stretches an axis of length 1
    ),
)
