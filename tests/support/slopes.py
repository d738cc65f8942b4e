"""Oracles of four small functions, and a checks module of any functions."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import torch
from torch import Tensor

from autograder.checking import ExpectedValue, oracle, summed, terms

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
