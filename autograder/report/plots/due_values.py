"""What the functions of a drawing should answer: computed by the oracles, or as it was written down for a student kit.

A drawing asks about fixed numbers only (its data set, its start, its rates), so all that is due can be written down.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.errors import GraderError
from autograder.grading.comparing import Expected, ExpectedValue, mapped, values
from autograder.grading.json_values import SHORT, Json, read_value, written
from autograder.grading.oracles import Oracles
from autograder.grading.released import UNREADABLE


class DueValues:
    """What is due; `taken` are the values that were asked for, as JSON, by what they were asked for with."""

    def __init__(self, oracles: Oracles, known: dict[str, Json] | None = None) -> None:
        """`known`: what another one has taken, where the oracles have no values of their own."""
        self.oracles = oracles
        self.taken: dict[str, Json] = {}
        self._known = known
        self._is_inside = False

    def right(self, function: str, arguments: tuple[Any, ...], observations: dict[str, Any]) -> Any:
        """Return what a function should answer; `observations` are what its reader saw of an answer."""
        if observations:
            return values(self.oracles.expect(function, arguments, observations))
        return self.of(function, arguments, lambda: values(self.oracles.expect(function, arguments)))

    def of(self, what: str, arguments: Any, compute: Callable[[], Any]) -> Any:
        """Return a value that is computed where it can be; of what is asked for on the way nothing is taken down."""
        if self._is_inside:
            return compute()
        key = f"{what} {_digest(arguments)}"
        if self._known is not None:
            return self._read(what, key)
        self._is_inside = True
        try:
            value = compute()
        finally:
            self._is_inside = False
        self.taken[key] = written(value, SHORT)
        return read_value(self.taken[key])

    def _read(self, what: str, key: str) -> Any:
        try:
            return read_value((self._known or {})[key])
        except UNREADABLE as error:
            raise GraderError(f"the student kit does not hold {what} of this; ask for a complete one") from error

    def form(self, function: str, arguments: tuple[Any, ...]) -> Expected:
        """Return an expected value of the form that a function should answer in; it hangs on the arguments' forms."""

        def zeros() -> Any:
            return mapped(values(self.oracles.expect(function, arguments)), torch.zeros_like)

        due = self.of(f"form of {function}", _shapes(arguments), zeros)
        return mapped(due, lambda value: ExpectedValue(value, value.abs()))


def _digest(value: Any) -> str:
    return hashlib.sha256(_said(value).encode()).hexdigest()[:16]


def _said(value: Any) -> str:
    """Return text that is the same for numbers which differ by a rounding error only."""
    if isinstance(value, Tensor):
        return f"{tuple(value.shape)}{[f'{item:.8g}' for item in value.flatten().tolist()]}"
    if isinstance(value, dict):
        return f"{ {key: _said(item) for key, item in value.items()} }"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_said, value))}]"
    return f"{value:.8g}" if isinstance(value, float) else str(value)


def _shapes(value: Any) -> Any:
    if isinstance(value, Tensor):
        return str(tuple(value.shape))
    if isinstance(value, dict):
        return {key: _shapes(item) for key, item in value.items()}
    return [_shapes(item) for item in value] if isinstance(value, list | tuple) else ""
