"""Tables of mistakes: of each what was done, a question, and the forms it takes that give different values."""

from collections.abc import Callable
from typing import Any

from torch import Tensor

from autograder.checking import Mistake, Variant

Many = dict[str, tuple[str, str, tuple[Variant, ...]]]  # by id

# What Python says to code for two layers, and what goes in and out of them, where there is one.
TOO_FEW_LAYERS = (
    IndexError("list index out of range"),
    ValueError("not enough values to unpack (expected 2, got 1)"),
    ValueError("not enough values to unpack (expected 3, got 2)"),
)


def whole(function: str, many: Many) -> tuple[Mistake, ...]:
    """The mistakes of a function that show in all of an answer."""
    return _mistakes(function, many, is_whole=True)


def partly(function: str, many: Many) -> tuple[Mistake, ...]:
    """The mistakes of a function that may be made in some parts of an answer, the others being right."""
    return _mistakes(function, many, is_whole=False)


def _mistakes(function: str, many: Many, *, is_whole: bool) -> tuple[Mistake, ...]:
    return tuple(
        Mistake(function, name, text, question, form, is_whole)
        for name, (text, question, forms) in many.items()
        for form in forms
    )


def step(change: Callable[[Tensor, Tensor], Any]) -> Variant:
    """The variant of a function of two arrays that needs no other function."""
    return lambda _functions, first, second: change(first, second)


def of_residual(change: Callable[[Tensor], Any]) -> Variant:
    """The variant that makes something else of the residuals of predictions and truth."""
    return step(lambda y_pred, y: change(y_pred - y))
