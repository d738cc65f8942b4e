"""Oracles: where the expected value of each function of an exercise comes from, independently of the reference."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import torch
from torch import Tensor

from autograder.answers import Refusal
from autograder.comparing import Expected, Terms, summed, values
from autograder.model import Foreign

MAX_QUESTION_NUMBERS = 4096  # numbers in the arguments of a stand-in's question


def oracle(*names: str, source: str = "") -> Callable[[Callable[..., Expected]], Callable[..., Expected]]:
    """Make a function the source of the expected values of the graded function of the same name.

    Its first argument, `own`, holds all graded functions of the exercise: an oracle that is made of others calls
    them there, so that the same composition can be had from the student's own functions. It returns Terms, or a
    dict, list or tuple of such; `names` are what a reader calls the members of a tuple, `source` how it is computed.
    """

    def mark(function: Callable[..., Expected]) -> Callable[..., Expected]:
        vars(function).update(oracle=names, source=source)
        return function

    return mark


def gradients(
    prediction: Callable[[dict[str, Tensor]], Tensor], parameters: dict[str, Tensor], upstream: Tensor
) -> dict[str, Terms]:
    """Differentiate Σᵢ upstreamᵢ · predictionᵢ with respect to each parameter, by torch autograd.

    `prediction` maps parameters to shape (n,), `upstream` is (n,), held constant. Each sample gets a copy of the
    parameters, so that autograd yields every sample's contribution by itself.
    """
    copies = {
        name: parameter.detach().expand(len(upstream)).clone().requires_grad_()
        for name, parameter in parameters.items()
    }
    total = (upstream.detach() * prediction(copies)).sum()
    contributions = torch.autograd.grad(total, list(copies.values()))
    return {name: summed(contribution) for name, contribution in zip(copies, contributions, strict=True)}


class Oracles:
    """The expected values of an exercise's functions, from its checks module."""

    def __init__(self, checks: ModuleType) -> None:
        self._functions = {name: value for name, value in vars(checks).items() if hasattr(value, "oracle")}
        self._own = self.namespace(lambda name: lambda *given: values(self.expect(name, given)))

    def namespace(self, make: Callable[[str], Callable[..., Any]]) -> SimpleNamespace:
        """Return the functions of the exercise, each made from its name."""
        return SimpleNamespace(**{name: make(name) for name in self._functions})

    def names(self, function: str) -> tuple[str, ...]:
        """Return what a reader calls the members of the tuple that a function returns."""
        names: tuple[str, ...] = vars(self._functions[function])["oracle"]
        return names

    def source(self, function: str) -> str:
        """Return how a function's expected value is computed, '' where there is nothing to say."""
        source: str = vars(self._functions[function])["source"]
        return source

    def parameters(self, function: str) -> tuple[str, ...]:
        """Return the names of a function's parameters."""
        return tuple(inspect.signature(self._functions[function]).parameters)[1:]

    def composed_of(self, function: str) -> frozenset[str]:
        """Return the graded functions that a function's oracle is made of."""
        return frozenset(self._functions[function].__code__.co_names) & frozenset(self._functions)

    def expect(self, function: str, arguments: tuple[Any, ...], own: Any = None) -> Expected:
        """Return the expected value; `own` are the functions it may be composed of, by default the oracles."""
        return self._functions[function](own or self._own, *arguments)

    def answer(self, function: str, arguments: list[Any], keywords: dict[str, Any]) -> Any:
        """Answer a stand-in's question; Refusal for arguments that the function could not be called with."""
        try:
            bound = inspect.signature(self._functions[function]).bind(self._own, *arguments, **keywords)
            plain = [_plain(argument) for argument in bound.args[1:]]
            if sum(_size(argument) for argument in plain) > MAX_QUESTION_NUMBERS:
                raise ValueError("too many numbers")
            return values(self.expect(function, tuple(plain)))
        except Exception:  # noqa: BLE001 - the arguments are the student's: whatever they cause is theirs
            raise Refusal(f"{function} cannot be called with these arguments") from None


def _plain(argument: Any) -> Any:
    """Return an argument of a student's question in the form that the exercise's functions take."""
    if isinstance(argument, Foreign):
        if not isinstance(argument.value, Tensor):
            raise TypeError("not a number")
        return argument.value
    if isinstance(argument, float):
        return torch.tensor(argument, dtype=torch.float64)
    if isinstance(argument, dict):
        return {name: _plain(value) for name, value in argument.items()}
    if isinstance(argument, list | tuple):
        items = [_plain(item) for item in argument]
        numbers = all(isinstance(item, int) or (isinstance(item, Tensor) and not item.dim()) for item in items)
        return torch.tensor([float(item) for item in items], dtype=torch.float64) if numbers else items
    return argument


def _size(argument: Any) -> int:
    if isinstance(argument, Tensor):
        return argument.numel()
    if isinstance(argument, dict | list):
        return sum(_size(item) for item in (argument.values() if isinstance(argument, dict) else argument))
    return 1
