"""An exercise. A module of its own, so that listing exercises need not load all that is said about graded ones."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class HeldBack(NamedTuple):
    """The hidden checks of a function that a student kit leaves out: how many, and the points that they hold."""

    checks: int
    points: int


@dataclass(frozen=True)
class Exercise:
    """An exercise, found by the stem of its files; `solution` is None where the kit has no reference.

    `functions` are the graded functions with their points, in the order of the exercise's table. `by_hand`: autograd,
    optimizers and ready-made losses are what the exercise is about, and are not to be had in it; nor is then what has
    one of the names `forbidden` in its own. `at_hand_in`: in a student kit, what is not in
    `functions`, for their points are those of the checks that are there.
    """

    name: str
    title: str
    functions: tuple[tuple[str, int], ...]
    kit: Path
    stub: Path
    checks: Path
    solution: Path | None
    by_hand: bool = True
    forbidden: tuple[str, ...] = ()
    at_hand_in: tuple[tuple[str, HeldBack], ...] = ()

    @property
    def package(self) -> Path:
        """The package that its checks stand in."""
        return self.checks.parents[1]

    @property
    def off(self) -> tuple[str, ...] | None:
        """What is switched off in it besides autograd; None where not even autograd is."""
        return self.forbidden if self.by_hand else None

    @property
    def points(self) -> int:
        return sum(points for _, points in self.functions)
