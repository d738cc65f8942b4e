"""Which digit? Softmax and cross-entropy."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from autograder.checking import CaseGenerator, CaseRecorder, ExpectedValue, check, oracle, paper

FORBIDDEN = ("softmax", "softmin", "log_softmax", "logsumexp", "cross_entropy", "nll_loss")

LEAST = 1e-9  # a share below this is compared as it is: no machine tells exp(−800) from 0


def rounding(Z: Tensor) -> Tensor:
    """What the errors of the shares are measured by: more where a large exponent has been rounded in float32."""
    total = torch.logsumexp(Z, dim=1, keepdim=True)
    return torch.softmax(Z, dim=1).clamp_min(LEAST) * (1 + (Z.abs() + total.abs()) / 1000)


@oracle()
def softmax(_functions: Any, Z: Tensor) -> ExpectedValue:
    """exp(z) / Σ exp(z) by row; exp(z − log Σ exp(z)), where rounding of these two shows, is as right."""
    shares = torch.softmax(Z, dim=1)
    return ExpectedValue(shares, rounding(Z))


@oracle()
def log_softmax(_functions: Any, Z: Tensor) -> ExpectedValue:
    """z − log Σ exp(z) by row; its terms are these two."""
    total = torch.logsumexp(Z, dim=1, keepdim=True)
    return ExpectedValue(torch.log_softmax(Z, dim=1), Z.abs() + total.abs())


@oracle(source="torch.nn.functional")
def cross_entropy(_functions: Any, Z: Tensor, targets: Tensor) -> ExpectedValue:
    """The mean over samples of −log softmax(Z) at the target."""
    at_target = Z.gather(1, targets.long()[:, None]).abs() + torch.logsumexp(Z, dim=1, keepdim=True).abs()
    return ExpectedValue(torch.nn.functional.cross_entropy(Z, targets.long()), at_target.mean())


@oracle(source="torch autograd")
def cross_entropy_gradient(_functions: Any, Z: Tensor, targets: Tensor) -> ExpectedValue:
    """The derivative of the mean along each logit, by autograd."""
    leaf = Z.detach().clone().requires_grad_()
    (slopes,) = torch.autograd.grad(torch.nn.functional.cross_entropy(leaf, targets.long()), leaf)
    hot = torch.nn.functional.one_hot(targets.long(), Z.shape[1])
    return ExpectedValue(slopes, (rounding(Z) + hot) / len(Z))


@oracle()
def accuracy(_functions: Any, Z: Tensor, targets: Tensor) -> ExpectedValue:
    """The share of samples whose largest logit is the target's."""
    share = (Z.argmax(dim=1) == targets).double().mean()
    return ExpectedValue(share, torch.ones_like(share))


# What cases are made of.


def logits(draw: CaseGenerator, n: int, k: int) -> Tensor:
    """Logits of ordinary size; in exact cases so far apart that each share is 0 or 1, in float32 as well."""
    if not draw.is_exact:
        return draw.matrix(n, k)
    return draw.matrix(n, k) + large_steps(draw, n, k)


def large_steps(draw: CaseGenerator, n: int, k: int) -> Tensor:
    """Multiples of 1024 in each row, each once, in any order, some above and some below 0."""
    rows = []
    for _ in range(n):
        steps = torch.arange(k) - draw.count(0, k - 1)
        turn = draw.count(0, k - 1)
        rows.append(torch.cat([steps[turn:], steps[:turn]]))
    return 1024 * torch.stack(rows).to(torch.float64)


def some_targets(draw: CaseGenerator, n: int, k: int) -> Tensor:
    """The right class of each sample, of two samples at least two different ones."""
    found = [draw.count(0, k - 1) for _ in range(n)]
    if n > 1 and k > 1 and len({*found}) == 1:
        found[-1] = (found[0] + 1) % k
    return torch.tensor(found)


def both(draw: CaseGenerator, n: int, k: int) -> tuple[Tensor, Tensor]:
    """Logits and targets."""
    return logits(draw, n, k), some_targets(draw, n, k)


def mixed(draw: CaseGenerator, n: int, k: int) -> tuple[Tensor, Tensor]:
    """The same, with about every other sample right: for a share that is neither 0 nor 1."""
    Z, targets = both(draw, n, k)
    for row in range(n):
        best = int(Z[row].argmax())
        targets[row] = best if row % 3 != 1 else (best + draw.count(1, k - 1)) % k
    return Z, targets


def extremes(draw: CaseGenerator, k: int) -> Iterator[Tensor]:
    """Logits up to 10,000 in size: above 0, below 0, close together, far apart, and between, where shares are small."""
    numbers = draw.matrix(4, k)
    far = large_steps(draw, 4, k).to(numbers.dtype)
    yield numbers + far / 64
    yield numbers + 9000
    yield numbers - 9000
    yield numbers + far
    edge = numbers.clone()
    edge[:, 0], edge[:, 1] = 10000, -10000
    edge[1] = -edge[1]
    yield edge


LONE = ((1, 4), (1, 1), (3, 1))  # a single sample, a single class


def ordinary(draw: CaseGenerator) -> Iterator[Tensor]:
    """Logits for paper, and such of several shapes, one sample among them."""
    if not draw.is_exact:
        yield paper([[0, 1, 2], [3, -1, 1]])
    for n, k in ((2, 3), (4, 4), (3, 5), (1, 4)):
        for _ in draw.sizes(n):
            yield logits(draw, n, k)


def of_any_size(draw: CaseGenerator) -> Iterator[Tensor]:
    """Logits of any shape and size, in double precision and in float32."""
    for n, k in (*LONE, (draw.count(6, 9), draw.count(2, 5)), (3, 3)):
        for _ in draw.sizes(n):
            yield logits(draw, n, k)
    yield from extremes(draw, 3)
    draw.single()
    yield draw.matrix(3, 4)
    yield from extremes(draw, 4)


ROWS = "What should the numbers in one row of the result add up to, and whose row is it?"


@check("softmax", points=2, hint=ROWS)
def check_softmax_shares_of_a_row(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """gives each class its share of its row"""
    for Z in ordinary(draw):
        judge(Z)


@check("softmax", points=2, visibility="hidden", needs=("softmax_shares_of_a_row",), hint=ROWS)
def check_softmax_any_size(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for logits of any size, one sample, one class, and in float32"""
    for Z in of_any_size(draw):
        judge(Z)


LOGARITHM = "What is the logarithm of a fraction, and what that of e to the z?"


@check("log_softmax", points=2, hint=LOGARITHM)
def check_log_softmax_logarithms_of_shares(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """gives the logarithm of each share"""
    for Z in ordinary(draw):
        judge(Z)


@check("log_softmax", points=1, visibility="hidden", needs=("log_softmax_logarithms_of_shares",), hint=LOGARITHM)
def check_log_softmax_any_size(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for logits of any size, one sample, one class, and in float32"""
    for Z in of_any_size(draw):
        judge(Z)


AT_TARGET = "How many numbers does the loss take from each row, and what happens to all of them?"


@check("cross_entropy", points=2, hint=AT_TARGET)
def check_cross_entropy_mean_at_targets(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """averages what the right classes cost"""
    if not draw.is_exact:
        judge(paper([[0, 1, 2], [3, -1, 1]]), torch.tensor([1, 0]))
    for n, k in ((2, 3), (4, 4), (8, 5), (1, 4)):
        for _ in draw.sizes(n):
            judge(*both(draw, n, k))


@check("cross_entropy", points=2, visibility="hidden", needs=("cross_entropy_mean_at_targets",), hint=AT_TARGET)
def check_cross_entropy_any_size(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for logits of any size, one sample, one class, and in float32"""
    more = ((8, 2),) if draw.is_exact else (*LONE, (draw.count(6, 9), draw.count(2, 5)), (3, 3))
    for n, k in more:
        for _ in draw.sizes(n):
            judge(*both(draw, n, k))
    for Z in extremes(draw, 3):
        judge(Z, some_targets(draw, *Z.shape))
    draw.single()
    judge(draw.matrix(4, 3), some_targets(draw, 4, 3))
    for Z in extremes(draw, 4):
        judge(Z, some_targets(draw, *Z.shape))


OFF = "If the right class has the share 1 already, how should the loss change with each logit?"


@check("cross_entropy_gradient", points=3, hint=OFF)
def check_cross_entropy_gradient_equals_autograd(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """gives the derivative of the loss by each logit"""
    if not draw.is_exact:
        judge(paper([[0, 1, 2], [3, -1, 1]]), torch.tensor([1, 0]))
    for n, k in ((2, 3), (4, 4), (8, 5), (1, 4)):
        for _ in draw.sizes(n):
            judge(*both(draw, n, k))


@check(
    "cross_entropy_gradient",
    points=3,
    visibility="hidden",
    needs=("cross_entropy_gradient_equals_autograd",),
    hint=OFF,
)
def check_cross_entropy_gradient_any_size(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for logits of any size, one sample, one class, and in float32"""
    more = ((8, 2),) if draw.is_exact else (*LONE, (draw.count(6, 9), draw.count(2, 5)), (3, 3))
    for n, k in more:
        for _ in draw.sizes(n):
            judge(*both(draw, n, k))
    for Z in extremes(draw, 3):
        judge(Z, some_targets(draw, *Z.shape))
    draw.single()
    judge(draw.matrix(4, 3), some_targets(draw, 4, 3))
    for Z in extremes(draw, 4):
        judge(Z, some_targets(draw, *Z.shape))


LARGEST = "In which direction do you look for the largest logit, and out of how many is the share?"


@check("accuracy", points=2, hint=LARGEST)
def check_accuracy_share_of_right_samples(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """gives the share of the samples that are right"""
    judge(paper([[0, 1, 2], [3, -1, 1]]), torch.tensor([1, 0]))
    for n, k in ((5, 3), (4, 4), (7, 5), (1, 4)):
        for _ in draw.sizes(n):
            judge(*mixed(draw, n, k))
    Z = logits(draw, 4, 3)
    judge(Z, Z.argmax(dim=1))


@check("accuracy", points=1, visibility="hidden", needs=("accuracy_share_of_right_samples",), hint=LARGEST)
def check_accuracy_any_size(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for logits of any size, one sample, one class, and in float32"""
    for n, k in (*LONE, (draw.count(8, 12), draw.count(3, 5)), (5, 5)):
        for _ in draw.sizes(n):
            judge(*(mixed if k > 2 else both)(draw, n, k))
    for Z in extremes(draw, 5):
        best = Z.argmax(dim=1)
        best[1] = (best[1] + 2) % 5
        judge(Z, best)
    draw.single()
    judge(*mixed(draw, 7, 4))
