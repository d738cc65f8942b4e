"""Compositions: what a student's own functions amount to, and whether that says anything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor

from autograder.comparing import Expected, Terms

DEPENDENCE = 1e-2  # how much of the reference's reaction to an input a composition must show


def depends(
    composed: Callable[[tuple[Any, ...]], Expected],
    reference: Callable[[tuple[Any, ...]], Expected],
    arguments: tuple[Any, ...],
) -> bool:
    """Whether a composition reacts to each argument in each part of its value in which the reference does.

    Helpers that answer zeros or constants would otherwise make a composition that anything can equal.
    """
    base = _flat(composed(arguments)), _flat(reference(arguments))
    for at, argument in enumerate(arguments):
        nudged = _nudged(argument)
        if nudged is None:
            continue
        given = (*arguments[:at], nudged, *arguments[at + 1 :])
        after = _flat(composed(given)), _flat(reference(given))
        for own_before, before, own_after, now in zip(*base, *after, strict=True):
            if not (own_after - own_before).abs().max() >= DEPENDENCE * (now - before).abs().max():
                return False
    return True


def rebuild(form: Any, following: Callable[[], Tensor]) -> Any:
    """Return the containers of an oracle's value with other numbers in them, in order."""
    if isinstance(form, dict):
        return {key: rebuild(item, following) for key, item in form.items()}
    if isinstance(form, list | tuple):
        return type(form)(rebuild(item, following) for item in form)
    return following()


def _nudged(argument: Any) -> Any:
    """Return an argument with every real number in it moved, or None where it holds none."""
    if isinstance(argument, Tensor | float):
        return argument * 1.25 + 0.1
    if isinstance(argument, dict):
        return {name: _nudged(value) for name, value in argument.items()}
    if isinstance(argument, list):
        return [_nudged(item) for item in argument]
    return None


def _flat(expected: Expected) -> list[Tensor]:
    if isinstance(expected, Terms):
        return [expected.value]
    items = expected.values() if isinstance(expected, dict) else expected
    return [leaf for item in items for leaf in _flat(item)]
