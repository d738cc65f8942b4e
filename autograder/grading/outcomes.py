"""What a function did in a case, what it should have done and what a mistake would: arrays by their place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor

from autograder.grading.comparing import Expected, ExpectedValue, as_tensor
from autograder.host.answers import Case
from autograder.model import ForeignValue

SIGN = "FormMismatch"  # what stands for an exception where a reader knows an answer by a sign, which is then its text
EMPTY = "empty"  # the form of a None

Path = tuple[Any, ...]


@dataclass(frozen=True)
class Observation:
    """What a function did in a case: `answer` is what came back, an exception, or None: what is expected.

    `observed` is what a reader found out about the answer that the oracle needs to know. `trait` is "changed" where an
    argument was changed in place besides, "repeat" where a second call answered differently.
    """

    case: Case
    answer: Any
    observed: tuple[tuple[str, Any], ...] = ()
    trait: str = ""


@dataclass(frozen=True)
class Numbers:
    """An array for many quick comparisons."""

    shape: tuple[int, ...]
    items: list[float]
    is_single: bool

    @classmethod
    def of(cls, tensor: Tensor) -> Numbers:
        """Take down a tensor."""
        items = tensor.detach().double().flatten().tolist()
        is_single = str(tensor.dtype) != "torch.float64"
        return cls(tuple(tensor.shape), items, is_single)


@dataclass(frozen=True)
class Outcome:
    """What a variant, or the right function, gives in a case: its arrays by their place, or what it raises."""

    arrays: dict[Path, Numbers]
    scales: dict[Path, list[float]]
    form: Any
    raised: str = ""
    raised_text: str = ""

    @classmethod
    def of(cls, values: Expected) -> Outcome:
        """Take down plain or expected values; TypeError where something is no number."""
        arrays: dict[Path, Numbers] = {}
        scales: dict[Path, list[float]] = {}

        def walk(value: Any, place: Path) -> Any:
            if isinstance(value, ExpectedValue):
                scales[place] = value.scale.detach().double().expand(value.value.shape).flatten().tolist()
                value = value.value
            if isinstance(value, dict):
                return {key: walk(item, (*place, key)) for key, item in value.items()}
            if value is None:
                return EMPTY
            if isinstance(value, list | tuple):
                return [walk(item, (*place, index)) for index, item in enumerate(value)]
            tensor = as_tensor(value, ())
            if tensor is None:
                raise TypeError("no number")
            arrays[place] = Numbers.of(tensor)
            return None

        form = walk(values, ())
        return cls(arrays, scales, form)


Read = dict[Path, Numbers | None]


def read_as(outcome: Outcome, answer: Any) -> Read | None:
    """Return the arrays of an answer by their places in an outcome's form, None where it has another form."""
    found: Read = {}

    def walk(form: Any, value: Any, place: Path) -> bool:
        if form == EMPTY:
            return value is None
        if form is None:
            tensor = as_tensor(value, outcome.arrays[place].shape)
            if tensor is None or tensor.is_complex():
                return False
            found[place] = _numbers(tensor)
            return True
        plain = value.value if isinstance(value, ForeignValue) else value
        if isinstance(form, dict):
            if not isinstance(plain, dict) or not all(key in plain for key in form):
                return False
            return all(walk(item, plain[key], (*place, key)) for key, item in form.items())
        if isinstance(plain, Tensor) and plain.dim() and len(plain) == len(form):
            plain = list(plain)
        if not isinstance(plain, list | tuple) or len(plain) != len(form):
            return False
        return all(walk(item, plain[index], (*place, index)) for index, item in enumerate(form))

    return found if walk(outcome.form, answer, ()) else None


def _numbers(tensor: Tensor) -> Numbers:
    numbers = Numbers.of(tensor)
    if numbers.is_single:
        return numbers
    is_single = bool((tensor.double() == tensor.float().double()).all()) and not all(map(_is_short, numbers.items))
    return Numbers(numbers.shape, numbers.items, is_single)


def _is_short(number: float) -> bool:
    """Whether a number has so few digits that it tells nothing of the precision it was computed in."""
    return number == round(number * 1024) / 1024 if abs(number) < 1e9 else False
