"""Two layers trained in plain numbers, which are quick: of a mistake in training there are many variants to compare."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Numbers = list[float]
Batch = tuple[Numbers, Numbers]


class Descent:
    """θ − lr · ∂L/∂θ."""

    def __init__(self, rate: float) -> None:
        self._rate = rate

    def step(self, parameters: Numbers, gradients: Numbers) -> Numbers:
        """Return where a step leads."""
        return [value - self._rate * slope for value, slope in zip(parameters, gradients, strict=True)]


class Adam(Descent):
    """As torch.optim.Adam does by default (Kingma and Ba 2015, algorithm 1)."""

    def __init__(self, rate: float) -> None:
        super().__init__(rate)
        self._steps, self._firsts, self._seconds = 0, [0.0] * 4, [0.0] * 4

    def step(self, parameters: Numbers, gradients: Numbers) -> Numbers:
        """Return where a step leads."""
        self._steps += 1
        self._firsts = [0.9 * m + 0.1 * g for m, g in zip(self._firsts, gradients, strict=True)]
        self._seconds = [0.999 * v + 0.001 * g * g for v, g in zip(self._seconds, gradients, strict=True)]
        first, second = 1 - 0.9**self._steps, 1 - 0.999**self._steps
        moves = (m / first / (math.sqrt(v / second) + 1e-8) for m, v in zip(self._firsts, self._seconds, strict=True))
        return [value - self._rate * move for value, move in zip(parameters, moves, strict=True)]


@dataclass(frozen=True)
class Loss:
    """A loss of torch.nn: the share of a residual and its slope, and whether the mean is taken or the sum."""

    name: str = "MSELoss"
    is_mean: bool = True
    is_broadcast: bool = False  # every prediction against every truth

    def pairs(self, count: int) -> list[tuple[int, int]]:
        """Which prediction is held against which truth."""
        if self.is_broadcast:
            return [(i, j) for i in range(count) for j in range(count)]
        return [(i, i) for i in range(count)]

    def share(self, r: float) -> tuple[float, float]:
        """Return what a residual adds, and the slope of that."""
        if self.name == "L1Loss":
            return abs(r), math.copysign(1, r)
        if self.name == "SmoothL1Loss":
            return (r * r / 2, r) if abs(r) < 1 else (abs(r) - 0.5, math.copysign(1, r))
        return r * r, 2 * r


def gradients(parameters: Numbers, batch: Batch, loss: Loss) -> tuple[float, Numbers]:
    """Return the loss of a batch and its slopes."""
    a1, b1, a2, b2 = parameters
    xs, ys = batch
    inner = [a1 * x + b1 for x in xs]
    total, slopes = 0.0, [0.0] * 4
    pairs = loss.pairs(len(xs))
    for i, j in pairs:
        value, slope = loss.share(a2 * inner[i] + b2 - ys[j])
        total += value
        for at, factor in enumerate((a2 * xs[i], a2, inner[i], 1.0)):
            slopes[at] += slope * factor
    times = 1 / len(pairs) if loss.is_mean and pairs else 1.0
    return total * times, [slope * times for slope in slopes]


@dataclass(frozen=True)
class Habit:
    """How somebody trains; by default rightly. `report` makes an epoch's loss of the batches' losses and sizes."""

    batches: Callable[[list[Batch]], list[Batch]] = lambda batches: batches
    loss: Callable[[Loss], Loss] = lambda loss: loss
    report: Callable[[Numbers, list[int]], Any] = lambda losses, _: sum(losses) / len(losses)
    zeroes: str = "each batch"  # or "each epoch", "never"
    is_late: bool = False  # the loss is measured after the step
    steps_once: bool = False  # an epoch
    is_uphill: bool = False  # the gradients' signs are turned


@dataclass
class Training:
    """A model under way: its parameters, and what stands in .grad."""

    parameters: Numbers
    optimizer: Descent
    left: Numbers = field(default_factory=lambda: [0.0] * 4)

    def epoch(self, given: list[Batch], loss: Loss, habit: Habit) -> Any:
        """Go through the batches once; return the loss of the epoch."""
        losses, sizes, loss = [], [], habit.loss(loss)
        if habit.zeroes == "each epoch" or habit.steps_once:
            self.left = [0.0] * 4
        for batch in habit.batches(given):
            if habit.zeroes == "each batch" and not habit.steps_once:
                self.left = [0.0] * 4
            value, found = gradients(self.parameters, batch, loss)
            found = [-slope for slope in found] if habit.is_uphill else found
            self.left = [one + other for one, other in zip(self.left, found, strict=True)]
            if not habit.steps_once:
                self._step()
            losses.append(gradients(self.parameters, batch, loss)[0] if habit.is_late else value)
            sizes.append(len(batch[0]))
        if habit.steps_once:
            self._step()
        return habit.report(losses, sizes)

    def _step(self) -> None:
        self.parameters = self.optimizer.step(self.parameters, self.left)
