"""Oracles of four small functions, a checks module of any functions, and functions that run here."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import ModuleType
from typing import Any

import torch
from torch import Tensor

from autograder.checking import ExpectedValue, oracle, summed, terms
from autograder.host.answers import Answer, Case, NotCallable, ProbeFailed, Returned

X = torch.tensor([0.3, -1.7, 2.1], dtype=torch.float64)


@oracle()
def slope(_functions: Any, x: Tensor) -> ExpectedValue:
    """2x."""
    return terms(2 * x)


@oracle()
def total(functions: Any, x: Tensor, scale: float) -> ExpectedValue:
    """The sum of all slopes, scaled."""
    return summed(functions.slope(x) * scale)


@oracle("low", "high")
def ends(_functions: Any, x: Tensor) -> tuple[ExpectedValue, ExpectedValue]:
    """Smallest and largest."""
    return terms(x.min()), terms(x.max())


@oracle(single=True, repeatable=False)
def loose(_functions: Any, x: Tensor) -> ExpectedValue:
    """Itself."""
    return terms(x)


def checks_module(*functions: Callable[..., Any]) -> ModuleType:
    """A checks module with these functions in it."""
    made = ModuleType("checks")
    vars(made).update({function.__name__: function for function in functions})
    return made


class LocalFunctions:
    """Functions that run here, called as a student's in a worker are; `called` takes down which."""

    def __init__(self, **functions: Callable[..., Any]) -> None:
        self._functions = functions
        self.names = tuple(functions)
        self.called: list[str] = []

    def call(self, function: str, arguments: list[Any], *, twice: bool = False) -> Answer:
        answer = self._call(function, arguments)
        if not (twice and isinstance(answer, Returned)):
            return answer
        again = self._call(function, arguments)
        return replace(answer, again=again if isinstance(again, Returned) else None)

    def calls(self, function: str, cases: tuple[Case, ...], *, twice: bool = False) -> Iterator[Answer]:
        self._under_way = (self.call(function, list(case.arguments), twice=twice) for case in cases)
        return self._under_way

    def rest(self, cases: int) -> Iterator[Answer]:
        return itertools.islice(self._under_way, cases)

    def _call(self, function: str, arguments: list[Any]) -> Answer:
        self.called.append(function)
        if function not in self._functions:
            return NotCallable("missing")
        answer = self._functions[function](*arguments)
        return answer if isinstance(answer, Answer) else Returned(answer)

    def probe(self, name: str, *_arguments: Any) -> Any:
        raise ProbeFailed(name)
