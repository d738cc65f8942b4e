"""Compositions: what a student's own functions amount to, and whether that says anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from autograder.grading.comparing import Expected, ExpectedValue

NUDGES = ((1.25, 0.1), (0.7, -0.2))  # factor and shift
ELSEWHERE = (0.9, 0.15)
DEPENDENCE = 1e-2  # how much of the reference's reaction to an input a composition must show


def depends(
    composed: Callable[[tuple[Any, ...]], Expected],
    reference: Callable[[tuple[Any, ...]], Expected],
    arguments: tuple[Any, ...],
) -> bool:
    """Whether a composition reacts to each argument in each part of its value in which the reference does.

    Helpers that answer zeros or constants would otherwise make a composition that anything can equal.
    """
    movable = [at for at, argument in enumerate(arguments) if _holds_numbers(argument)]
    # From two places, in two directions: a loss may be the same on both sides of its minimum, and a step of just the
    # right length forgets where it came from.
    elsewhere = tuple(
        _nudged(argument, *ELSEWHERE) if at in movable else argument for at, argument in enumerate(arguments)
    )
    moves = [(start, factor, shift) for start in (arguments, elsewhere) for factor, shift in NUDGES]
    for at in movable:
        own, due = (
            [_reaction(value, start, at, factor, shift) for start, factor, shift in moves]
            for value in (composed, reference)
        )
        if any(
            max(moved) < DEPENDENCE * max(must)
            for moved, must in zip(zip(*own, strict=True), zip(*due, strict=True), strict=True)
        ):
            return False
    return True


def _reaction(
    value: Callable[[tuple[Any, ...]], Expected], start: tuple[Any, ...], at: int, factor: float, shift: float
) -> list[float]:
    """Return how far each part of a value moves when one argument is moved."""
    given = (*start[:at], _nudged(start[at], factor, shift), *start[at + 1 :])
    pairs = zip(_flat(value(start)), _flat(value(given)), strict=True)
    return [float((after - before).abs().max()) for before, after in pairs]


def _holds_numbers(argument: Any) -> bool:
    items = argument.values() if isinstance(argument, dict) else argument
    return isinstance(argument, Tensor | float) or (
        isinstance(argument, dict | list) and all(_holds_numbers(item) for item in items)
    )


def rebuild(form: Any, following: Callable[[], Tensor]) -> Any:
    """Return the containers of an oracle's value with other numbers in them, in order."""
    if isinstance(form, dict):
        return {key: rebuild(item, following) for key, item in form.items()}
    if isinstance(form, list | tuple):
        return type(form)(rebuild(item, following) for item in form)
    return following()


def _nudged(argument: Any, factor: float, shift: float) -> Any:
    """Return an argument with every number in it moved."""
    if isinstance(argument, dict):
        return {name: _nudged(value, factor, shift) for name, value in argument.items()}
    if isinstance(argument, list):
        return [_nudged(item, factor, shift) for item in argument]
    return argument * factor + shift


def _flat(expected: Expected) -> list[Tensor]:
    if isinstance(expected, ExpectedValue):
        return [expected.value]
    items = expected.values() if isinstance(expected, dict) else expected
    return [leaf for item in items for leaf in _flat(item)]
