"""Is an answer the expected value? First its form (containers, type, shape, finite), then the numbers in it.

Values decide: whatever `torch.as_tensor` turns into the right numbers in the right shape is right, with a note where
the form is unusual.
"""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from autograder.grading.labels import Labels, Place, quoted
from autograder.model import ForeignValue, Message, message

DOUBLE_TOLERANCE = 1e-9
SINGLE_TOLERANCE = 1e-4
LEAST_SCALE = 1e-300  # in place of 0
MANY = 64  # numbers in a dict from which on they are compared together

NOTHING = "nothing comes back (None)"
UNCALLED = ("function", "method", "builtin_function_or_method", "builtin_method", "method-wrapper")

# An expected value: ExpectedValue, or a dict, list or tuple of such.
Expected = Any

Kind = Literal[
    "breach", "raised", "late", "lost", "unusable", "type", "shape", "finite", "changed", "value", "repeat",
    "overwritten",
]  # fmt: skip


@dataclass(frozen=True)
class ExpectedValue:
    """An expected number or array, and the sum of the absolute values of the terms that make it up, of one shape.

    `usual` is the type it usually comes in; others are as right, and get a note.
    """

    value: Tensor
    scale: Tensor
    usual: type = Tensor

    @functools.cached_property
    def numbers(self) -> tuple[float, float]:
        """The value and the scale of a number."""
        return self.value.item(), self.scale.item()


def terms(*parts: Tensor) -> ExpectedValue:
    """Return the sum of some terms, broadcast against each other."""
    whole = sum(parts, torch.zeros((), dtype=torch.float64))  # for its shape: that of all parts together
    stacked = torch.stack([part.expand(whole.shape) for part in parts])
    return ExpectedValue(stacked.sum(0), stacked.abs().sum(0))


def as_float(expected: ExpectedValue) -> ExpectedValue:
    """Return an expected number that usually comes as a Python float."""
    return ExpectedValue(expected.value, expected.scale, float)


def summed(contributions: Tensor) -> ExpectedValue:
    """Return the sum over the first axis: one contribution a sample."""
    return ExpectedValue(contributions.sum(0), contributions.abs().sum(0))


def moved(before: Tensor, *steps: Tensor) -> ExpectedValue:
    """Return where the last of some steps arrives: a parameter's value after each update."""
    path = torch.stack([before, *steps])
    return ExpectedValue(path[-1], before.abs() + path.diff(dim=0).abs().sum(0))


def values(expected: Expected) -> Any:
    if isinstance(expected, ExpectedValue):
        return expected.value
    if isinstance(expected, dict):
        return {key: values(item) for key, item in expected.items()}
    return type(expected)(values(item) for item in expected)


class FormMismatch(Exception):
    """An answer's form is not what is due; `kind` says in which respect, `sign` is the word for it in a bank.

    `question` is what to ask, '' for nothing; None is the check's own hint.
    """

    def __init__(self, kind: Kind, text: Message, sign: str = "", *, question: str | None = "") -> None:
        super().__init__(str(text))
        self.kind: Kind = kind
        self.text, self.question, self.sign = text, question, sign


@dataclass(frozen=True)
class Comparison:
    """One array of an answer beside what is expected; `label` names it to a reader ('' is the whole answer)."""

    label: str
    expected: ExpectedValue
    got: Tensor

    @property
    def wanted(self) -> Tensor:
        """The numbers that are expected."""
        return self.expected.value

    @property
    def single(self) -> bool:
        """Whether the numbers have float32 precision or less, whatever type they travel in."""
        if self.got.dtype in (torch.float32, torch.float16):
            return True
        return bool((self.got.double() == self.got.float().double()).all())

    def error(self) -> float:
        """Largest error in units of the scale, over the elements."""
        return self._error

    @functools.cached_property
    def _error(self) -> float:
        if self.got.dtype == torch.float64 and not self.got.shape and not self.expected.value.shape:
            # As below, without tensors, for most numbers come by themselves.
            value, scale = self.expected.numbers
            return abs(self.got.item() - value) / max(scale, LEAST_SCALE)
        error = (self.got.double() - self.expected.value.double()).abs()
        relative = error / self.expected.scale.double().clamp_min(LEAST_SCALE)
        return float(relative.max()) if relative.numel() else 0.0


def match(expected: Expected, answer: Any, labels: Labels, note: Callable[[Message], None]) -> list[Comparison]:
    """Return each array of an answer beside what is expected there; FormMismatch where the form does not fit.

    `note` takes a remark for each unusual form.
    """
    at_once = _right_at_once(expected, answer)
    if at_once is not None:
        return [at_once]
    try:
        compared = list(_match(expected, answer, (), labels, note))
    except FormMismatch:
        if _is_turned(expected, answer, labels):
            due = _listed(labels.names) if labels.names else "other ones"
            text = message("its values have changed places; due are, in this order, {due}", due=due)
            raise FormMismatch("type", text) from None
        raise
    for part in compared:
        if part.error() <= SINGLE_TOLERANCE:
            continue  # as no number is that is not finite
        if not bool(torch.isfinite(part.got.double()).all()):
            what = "nan" if bool(torch.isnan(part.got.double()).any()) else "inf"
            raise FormMismatch("finite", message("{where} contains {what}", where=quoted(part.label), what=what))
    return compared


def _right_at_once(expected: Expected, answer: Any) -> Comparison | None:
    """Return a dict of many numbers as one array, where all of them are usual and right; else each is looked at."""
    if type(expected) is not dict or len(expected) < MANY or type(answer) is not dict:
        return None
    found: list[Any] = [answer.get(name) for name in expected]
    due = list(expected.values())
    is_usual = all(isinstance(each, Tensor) and each.dtype == torch.float64 and not each.shape for each in found)
    if not is_usual or len(answer) != len(expected) or not all(type(each) is ExpectedValue for each in due):
        return None
    value, scale = torch.stack([each.value for each in due]), torch.stack([each.scale for each in due])
    together = Comparison("", ExpectedValue(value, scale), torch.stack(found))
    return together if together.error() <= DOUBLE_TOLERANCE else None


def _is_turned(expected: Expected, answer: Any, labels: Labels) -> bool:
    """Whether the members of a tuple are of the form that is due, but in the reverse order."""
    if not isinstance(expected, tuple) or not isinstance(answer, list | tuple) or len(answer) != len(expected):
        return False
    try:
        return bool(list(_match(expected, type(answer)(reversed(answer)), (), labels, lambda _: None)))
    except FormMismatch:
        return False


def _match(
    expected: Expected, answer: Any, place: Place, labels: Labels, note: Callable[[Message], None], length: int = 0
) -> Iterator[Comparison]:
    label = labels(place, length)
    if answer is None:
        raise FormMismatch("type", message(NOTHING if not place else "{where} is None", where=quoted(label)))
    if isinstance(answer, ForeignValue) and answer.value is None and answer.type_name in UNCALLED:
        text = message(
            "{where} is a function that has not been called: its brackets ( ) are missing", where=quoted(label)
        )
        raise FormMismatch("type", text)
    if isinstance(expected, ExpectedValue):
        yield Comparison(label, expected, _array(expected.value, answer, label, note))
        if not isinstance(answer, expected.usual):
            usual = expected.usual.__name__.lower()
            note(message("{where} is {kind}; a {usual} is usual", where=quoted(label), kind=_kind(answer), usual=usual))
    elif isinstance(expected, dict):
        for key, item in _members(expected, answer, label, note):
            yield from _match(expected[key], item, (*place, key), labels, note, length)
    else:
        items = _sequence(expected, answer, place, labels, note)
        for index, (part, item) in enumerate(zip(expected, items, strict=True)):
            yield from _match(part, item, (*place, index), labels, note, length or len(expected))


def _members(
    expected: dict[str, Expected], answer: Any, label: str, note: Callable[[Message], None]
) -> Iterator[tuple[str, Any]]:
    if not isinstance(answer, dict):
        text = message(
            "{where} is {kind}; a dict with the keys {keys} is due",
            where=quoted(label), kind=_kind(answer), keys=_listed(expected),
        )  # fmt: skip
        raise FormMismatch("type", text)
    for key in expected:
        if key not in answer:
            text = message(
                'the key "{key}" is missing from {where}, which has {keys}',
                key=key, where=quoted(label), keys=_listed(answer) or "none",
            )  # fmt: skip
            raise FormMismatch("type", text)
    extra = [key for key in answer if key not in expected]
    if extra:
        note(message("{where} has keys that nobody asked for: {keys}", where=quoted(label), keys=_listed(extra)))
    for key in expected:
        yield key, answer[key]


def _sequence(expected: Any, answer: Any, place: Place, labels: Labels, note: Callable[[Message], None]) -> list[Any]:
    where = quoted(labels(place))
    is_named = bool(labels.names) and not place
    due = _listed(labels.names) if is_named else f"{len(expected)} values"
    plain = answer.value if isinstance(answer, ForeignValue) else answer
    if isinstance(plain, Tensor) and plain.dim() and len(plain) == len(expected):
        note(message("{where} is one array; a {kind} is usual", where=where, kind=type(expected).__name__))
        return list(plain)
    if not isinstance(answer, list | tuple):
        kind = type(expected).__name__
        text = message("{where} is {got}; a {kind} is due: {due}", where=where, got=_kind(answer), kind=kind, due=due)
        raise FormMismatch("type", text)
    if len(answer) != len(expected):
        if place or is_named:
            text = message("{where} has {got} members; due are {due}", where=where, got=len(answer), due=due)
        else:
            got, due = labels.counted(len(answer)), labels.counted(len(expected)).partition(" ")[0]
            verb = "comes" if got.startswith("1 ") else "come"
            first, last = labels((0,)), labels((len(expected) - 1,))
            ends = f", from {first} to {last}" if "0" in dict(labels.patterns) else ""
            text = message("{got} {verb} back; {due} are due{ends}", got=got, verb=verb, due=due, ends=ends)
        raise FormMismatch("type", text, question="What decides how many there are?")
    if type(answer) is not type(expected):
        got, kind = type(answer).__name__, type(expected).__name__
        note(message("{where} is a {got}; a {kind} is usual", where=where, got=got, kind=kind))
    return list(answer)


def _array(expected: Tensor, answer: Any, label: str, note: Callable[[Message], None]) -> Tensor:
    """Return the numbers of an answer in the expected shape."""
    got = as_tensor(answer, expected.shape)
    if got is None:
        due = "a number" if not expected.shape else f"a tensor of shape {_shape(expected)}"
        raise FormMismatch(
            "type", message("{where} is {kind}; {due} is due", where=quoted(label), kind=_kind(answer), due=due)
        )
    if got.is_complex():
        if bool((got.imag != 0).any()):
            raise FormMismatch("type", message("{where} is complex; a real number is due", where=quoted(label)))
        got = got.real
    if not expected.shape and got.numel() == 1:
        if got.shape:
            note(message("{where} has shape {shape}; a scalar's is ()", where=quoted(label), shape=_shape(got)))
        got = got.reshape(())
    if got.shape != expected.shape:
        text, question = _misshapen(got, expected)
        asked = question if not label or label.isidentifier() else None  # of many layers, their order may be wrong
        values = {"where": quoted(label), "got": _shape(got), "due": _shape(expected)}
        raise FormMismatch("shape", message(text, **values, many=got.numel(), wanted=expected.numel()), question=asked)
    return got


def _misshapen(got: Tensor, expected: Tensor) -> tuple[str, str]:
    """Return what to say of a shape, and what to ask."""
    if not expected.shape:
        return "{where} has {many} numbers, shape {got}; one number is due", "What makes one number of so many?"
    if not got.shape and expected.dim() == 1:
        return (
            "{where} is one number; {wanted} are due, shape {due}",
            "Does every sample have its turn before the return?",
        )
    text = "{where} has shape {got}; {due} is due"
    if got.numel() == expected.numel() and expected.dim() == 1:
        return text, "Which line turns the numbers into a column or a row?"
    if got.dim() == 2 and got.T.shape == expected.shape:
        return text, "What do the rows stand for, and what the columns?"
    return text, "Which axis is which in it, and what should be summed over?"


def as_tensor(answer: Any, shape: tuple[int, ...]) -> Tensor | None:
    """Return what torch.as_tensor makes of plain data, without the float32 it would round Python's numbers to."""
    if isinstance(answer, ForeignValue):
        return answer.value if isinstance(answer.value, Tensor) else None
    if isinstance(answer, Tensor):
        return answer
    if isinstance(answer, bool | int | float):
        try:
            return torch.tensor(float(answer), dtype=torch.float64)
        except OverflowError:
            return None
    if not isinstance(answer, list | tuple):
        return None
    items = [as_tensor(item, shape[1:]) for item in answer]
    numbers = all(isinstance(item, Tensor | bool | int | float) for item in answer)
    if not items:
        return torch.zeros(0, dtype=torch.float64)
    if any(item is None for item in items):
        return None
    return _stack([item for item in items if item is not None], numbers and len(shape) == 1)


def _stack(items: list[Tensor], flat: bool) -> Tensor | None:
    dtype = items[0].dtype
    for item in items:
        dtype = torch.promote_types(dtype, item.dtype)
    if flat and all(item.numel() == 1 for item in items):
        items = [item.reshape(()) for item in items]  # torch.as_tensor takes one-element tensors in a list as numbers
    if any(item.shape != items[0].shape for item in items):
        return None
    return torch.stack([item.to(dtype) for item in items])


def _shape(tensor: Tensor) -> str:
    return str(tuple(tensor.shape))


def _listed(names: Any) -> str:
    return ", ".join(
        str(name)[:40] if not isinstance(name, ForeignValue) else name.type_name for name in list(names)[:10]
    )


def _kind(answer: Any) -> str:
    if isinstance(answer, ForeignValue):
        return f"a {answer.type_name}"
    if isinstance(answer, Tensor):
        return f"a tensor of shape {_shape(answer)}"
    kind = type(answer).__name__
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def mapped(values: Any, change: Callable[[Tensor], Any]) -> Any:
    """Return the containers of an answer with each array changed."""
    if isinstance(values, Tensor):
        return change(values)
    if isinstance(values, dict):
        return {key: mapped(value, change) for key, value in values.items()}
    return type(values)(mapped(value, change) for value in values)


def rebuild(form: Expected, following: Callable[[], Tensor]) -> Any:
    """Return the containers of an expected value with other numbers in them, in order."""
    if isinstance(form, dict):
        return {key: rebuild(item, following) for key, item in form.items()}
    if isinstance(form, list | tuple):
        return type(form)(rebuild(item, following) for item in form)
    return following()


def in_double(argument: Any) -> Any:
    """Return an argument in double precision, in which expected values are computed."""
    if isinstance(argument, Tensor):
        return argument.double()
    if isinstance(argument, dict):
        return {name: in_double(value) for name, value in argument.items()}
    return [in_double(item) for item in argument] if isinstance(argument, list) else argument
