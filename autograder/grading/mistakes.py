"""Known mistakes: wrong variants of an exercise's functions, each with a name, a sentence and a question.

A bank stands in `mistakes/<exercise>.py`. A variant is written as the oracle of its function is: it takes `functions`,
the plain values of all oracles, and a call's arguments, and returns what the mistake would give, or raises what it
would raise. The same bank explains a student's answers and proves that the checks catch each mistake.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

import torch

from autograder.errors import AuthorError
from autograder.exercise import Exercise
from autograder.grading.comparing import FormMismatch, mapped
from autograder.model import message

# functions, and the arguments of a call -> plain values; what it raises, the mistake would raise.
Variant = Callable[..., Any]


@dataclass(frozen=True, eq=False)
class Mistake:
    """A known wrong variant of a function.

    `text` is what was done, one sentence in which `{parts}` stands for the parts of the answer that show it. `question`
    leads on without giving the answer away; `asks` holds others, for when only the part of that name is wrong. With
    `is_whole` all parts of an answer are as the variant gives them; else some may be right. `parts` is what to call the
    parts where they are not those of the answer.
    """

    function: str
    id: str
    text: str
    question: str
    variant: Variant
    is_whole: bool = False
    asks: Mapping[str, str] = field(default_factory=dict)
    parts: str = ""


@dataclass(frozen=True)
class Bank:
    """The mistakes of an exercise by function, and the ways in which a function is made of others.

    `repeated` are mistakes of helpers as they show in their callers, where they have been worked out already.
    """

    mistakes: dict[str, tuple[Mistake, ...]]
    compositions: dict[str, tuple[Variant, ...]]
    repeated: dict[str, tuple[Mistake, ...]] = field(default_factory=dict)

    def of(self, function: str) -> tuple[Mistake, ...]:
        """Return the mistakes that are known of a function."""
        return self.mistakes.get(function, ())


def mistake(
    function: str, identity: str, text: str, question: str, *, is_whole: bool = False
) -> Callable[[Variant], Mistake]:
    """Make a function the wrong variant of a graded function."""

    def mark(variant: Variant) -> Mistake:
        return Mistake(function, identity, text, question, variant, is_whole)

    return mark


def composition(function: str, *helpers: str) -> Callable[[Variant], Variant]:
    """Make a function a way in which a graded function is made of helpers, where its oracle goes another way.

    A mistake of one of those is known of this one, too, for a student may write it out here once more. There may be
    several ways, which differ in what raises.
    """

    def mark(composed: Variant) -> Variant:
        vars(composed).update(composition=function, helpers=helpers)
        return composed

    return mark


def altered(function: str, change: Callable[..., Any]) -> Variant:
    """Return the variant whose answer is changed: `change` takes the right one, and the call's arguments."""

    def variant(functions: Any, *arguments: Any, **observations: Any) -> Any:
        right = getattr(functions, function)(*arguments, **observations)
        return change(right, *arguments)

    return variant


def scaled(function: str, factor: Callable[..., Any] | float) -> Variant:
    """Return the variant that gives a multiple of the right answer; `factor` may depend on the call's arguments."""

    def change(right: Any, *arguments: Any) -> Any:
        times = factor(*arguments) if callable(factor) else factor
        return mapped(right, lambda value: value * times)

    return altered(function, change)


def seen(sign: str) -> Variant:
    """Return the variant that a function's reader recognises by a sign, though it need not show in every case."""

    def variant(*_arguments: Any, **_observations: Any) -> Any:
        raise FormMismatch("value", message("{sign}", sign=sign), sign=sign)

    return variant


def turned(values: Any) -> Any:
    """Return the members of an answer in reverse order, of a dict under each other's names."""
    if isinstance(values, dict):
        return dict(zip(values, reversed(values.values()), strict=True))
    return type(values)(reversed(values))


def read_bank(exercise: Exercise, folder: str = "") -> Bank:
    """Return the mistakes of an exercise, an empty bank where it has none; GraderError where they do not load.

    `folder`: within mistakes/.
    """
    path = exercise.package.joinpath("mistakes", folder, f"{exercise.name}.py")
    spec = importlib.util.spec_from_file_location(f"mistakes_{exercise.name}", path)
    if not path.is_file() or spec is None or spec.loader is None:
        return Bank({}, {})
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise AuthorError(f"the mistakes of {exercise.name} do not load: {error!r}") from error
    found: dict[str, tuple[Mistake, ...]] = {}
    for each in _mistakes(module):
        found[each.function] = (*found.get(each.function, ()), each)
    ways: dict[str, tuple[Variant, ...]] = {}
    for value in filter(_composes, vars(module).values()):
        function = vars(value)["composition"]
        ways[function] = (*ways.get(function, ()), value)
    return Bank(found, ways)


def _mistakes(module: ModuleType) -> Iterator[Mistake]:
    """Yield the mistakes in a module in order, also those in tuples."""
    for value in vars(module).values():
        yield from (each for each in (value if isinstance(value, tuple) else (value,)) if isinstance(each, Mistake))


def _composes(value: object) -> bool:
    return callable(value) and hasattr(value, "composition") and not isinstance(value, torch.nn.Module)
