"""Random cases for checks, drawn from a seed: well-conditioned, without zeros or ones, no two numbers alike.

A check's cases depend on nothing but its seed, so they are drawn once for a whole class.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import torch
from torch import Tensor

from autograder.host.answers import Case

MOST_DRAWN = 500  # checks whose cases are kept; with a seed for each student they soon are many
Size = TypeVar("Size")


def paper(numbers: Any) -> Any:
    """Return numbers as a case for paper takes them: tensors in the place of each number, list, or number in a dict."""
    if isinstance(numbers, dict):
        return {name: paper(value) for name, value in numbers.items()}
    return torch.tensor(numbers, dtype=torch.float64)


class CaseRecorder:
    """What a check calls with the arguments of each of its cases; it takes them down, and they are judged later."""

    def __init__(self) -> None:
        self.cases: list[Case] = []

    def __call__(self, *arguments: Any) -> None:
        self.cases.append(Case(arguments))


class CaseCache:
    """The cases of an exercise's checks, each drawn when it is first asked for."""

    def __init__(self) -> None:
        self._drawn: dict[tuple[str, int, bool, bool], tuple[Case, ...]] = {}

    def cases(
        self, name: str, body: Callable[[CaseRecorder, CaseGenerator], None], seed: int, *, short: bool, exact: bool
    ) -> tuple[Case, ...]:
        """Return the cases of a check of this name, by this seed; what the check itself raises is raised."""
        key = name, seed, short, exact
        if key not in self._drawn:
            judge = CaseRecorder()
            body(judge, CaseGenerator(seed, short=short, exact=exact))
            if len(self._drawn) >= MOST_DRAWN:
                self._drawn.clear()
            self._drawn[key] = tuple(judge.cases)
        return self._drawn[key]


class CaseGenerator:
    """Draws the numbers of a check's cases.

    With `short`, numbers have two decimals, so that a case can be read and typed in; otherwise they have all digits,
    so that an answer which was rounded shows. With `exact`, they are multiples of 1/16 with so few bits that a
    formula's results are exact in float32 as well: there a right formula that somewhere passes through float32 gives
    exactly the right answer, and a wrong one does not.
    """

    def __init__(self, seed: int, *, short: bool = True, exact: bool = False, step: float = 1 / 16) -> None:
        self.seed = seed
        self._random = random.Random(seed)  # noqa: S311 - cases, not secrets; the seed itself may be one
        self._short = short
        self.is_exact = exact
        self._step = step
        self._dtype = torch.float64
        self._seen: set[float] = set()

    def many_steps(self) -> CaseGenerator:
        """Return a draw for cases with several updates, which use up bits: exact ones get whole numbers."""
        return CaseGenerator(self._random.getrandbits(64), short=self._short, exact=self.is_exact, step=1.0)

    def sizes(self, *sizes: int) -> Iterator[int]:
        """Go through sizes of a case; before each, the numbers may repeat again."""
        return self._going(*sizes)

    def batches(self, *pairs: tuple[int, int]) -> Iterator[tuple[int, int]]:
        """Go through pairs of sample and batch sizes; exact cases have two batches, the second one short."""
        return self._going(*(((4, 3),) if self.is_exact else pairs))

    def widths(self, *widths: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """Go through the widths of stacks of layers, inputs first; exact cases have two layers, which use up bits."""
        return self._going(*(((3, 2, 4),) if self.is_exact else widths))

    def shallow(self, widths: tuple[int, ...]) -> tuple[int, ...]:
        """Return the widths of a stack that is trained; in exact cases one layer, since several steps use up bits."""
        return widths[:2] if self.is_exact else widths

    def _going(self, *sizes: Size) -> Iterator[Size]:
        for size in sizes:
            self._seen.clear()
            yield size

    def count(self, least: int, most: int) -> int:
        """Return a whole number, for a size that nobody can know beforehand."""
        return self._random.randint(least, most)

    def single(self) -> None:
        """Draw float32 from now on."""
        self._dtype = torch.float32

    def number(self) -> float:
        """Return a number between 0.3 and 2.5 of either sign, neither 1 nor -1, unlike the last ones."""
        for _ in range(100):
            if self.is_exact:
                size = self._random.randint(2, 5 if self._step == 1.0 else 32) * self._step
            else:
                size = self._shortened(self._random.uniform(0.3, 2.5))
            value = self._random.choice((-size, size))
            if value not in self._seen and size != 1.0:
                break
        self._seen.add(value)
        return value

    def scalar(self) -> Tensor:
        return torch.tensor(self.number(), dtype=self._dtype)

    def vector(self, n: int) -> Tensor:
        """Return n numbers as a tensor of shape (n,)."""
        return torch.tensor([self.number() for _ in range(n)], dtype=self._dtype)

    def matrix(self, rows: int, columns: int) -> Tensor:
        """Return numbers as a tensor of shape (rows, columns)."""
        return torch.stack([self.vector(columns) for _ in range(rows)])

    def near(self, values: Tensor, *, times: int = 1) -> Tensor:
        """Return targets whose residuals are ordinary numbers, `times` as large, rounded as numbers are."""
        targets = values.double() - times * self.vector(values.numel()).double().reshape(values.shape)
        return (torch.round(targets, decimals=2) if self._short and not self.is_exact else targets).to(self._dtype)

    def _shortened(self, number: float) -> float:
        return round(number, 2) if self._short else number

    def parameters(self, *names: str) -> dict[str, Tensor]:
        """Return a number for each name, as tensors of shape ()."""
        return {name: self.scalar() for name in names}

    def rate(self) -> float:
        """Return a learning rate between 0.01 and 0.09, unlike the last ones."""
        for _ in range(100):
            value = (
                self._random.randint(1, 7) / 16 if self.is_exact else self._shortened(self._random.uniform(1, 9)) / 100
            )
            if value not in self._seen:
                break
        self._seen.add(value)
        return value

    def gentle_rate(self) -> float:
        """Return a learning rate small enough for several steps on several layers."""
        return self.rate() if self.is_exact else self.rate() / 8

    def rates(self, *names: str) -> dict[str, float]:
        """Return a learning rate for each name, as Python floats."""
        return {name: self.rate() for name in names}
