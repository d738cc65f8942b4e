"""Numbers as a reader wants them: few digits, but enough to tell two numbers apart; a matrix in rows."""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, Protocol

import torch
from torch import Tensor

from autograder.host.answers import RemoteConstructor
from autograder.model import ForeignValue, WrongPart

MAX_ITEMS = 8  # numbers in a row, and rows
MAX_NUMBERS = 64  # numbers in what is shown of a case, and of what is wrong in it
FEW_NUMBERS = 12  # that a reader takes in at a glance
IN_A_LINE = 32  # columns of a matrix that is written in one line
MAX_PARTS = 4  # parts of an answer that are shown
MOST_PARTS = 12  # that a whole is cut into in a fraction, unless one of them is meant
LONGEST = 1000  # characters of an answer that is shown as it came
MOST_READ = 10_000  # a larger number is read more easily with few digits

Named = tuple[tuple[str, str], ...]
LAYERS = ("a1", "b1", "a2", "b2")  # what a student calls the four numbers of a model of two layers


class Compared(Protocol):
    """A part of an answer beside what is expected."""

    @property
    def label(self) -> str:
        """Its name, '' for the whole answer."""

    @property
    def got(self) -> Tensor:
        """What came."""

    @property
    def wanted(self) -> Tensor:
        """What is expected."""


def arguments_shown(names: tuple[str, ...], arguments: tuple[Any, ...]) -> Named:
    """Return each argument's name and text; a dict of numbers reads `a = 0.8, b = -0.3`.

    Where all of them have too many numbers to be read, the largest are told by their sizes.
    """
    pairs = list(zip(names, arguments, strict=False))
    by_size = sorted(range(len(pairs)), key=lambda at: -_count(pairs[at][1]))
    total = sum(_count(value) for _, value in pairs)
    sized = set[int]()
    for at in by_size:
        if total > MAX_NUMBERS:
            sized.add(at)
            total -= _count(pairs[at][1])
    shown: list[tuple[str, str]] = []
    for at, (name, value) in enumerate(pairs):
        shown += [(name, _size(value))] if at in sized else _items(name, value)
    return tuple(shown)


def arguments_sized(names: tuple[str, ...], arguments: tuple[Any, ...]) -> Named:
    """Return the sizes of those arguments that have some: matrices and lists; none where nothing is to be told.

    A few numbers are shown as they are, for that shows the sizes, too.
    """
    pairs = list(zip(names, arguments, strict=False))
    if not any(isinstance(value, list) or (isinstance(value, Tensor) and value.dim() > 1) for _, value in pairs):
        return ()
    if sum(_count(value) for _, value in pairs) <= FEW_NUMBERS:
        return arguments_shown(names, arguments)
    return tuple((name, _size(value)) for name, value in pairs)


def parts_shown(compared: Sequence[Compared]) -> tuple[WrongPart, ...]:
    """Return the parts of an answer beside what is expected of them, of a long one where it begins to be wrong."""
    shown: list[WrongPart] = []
    numbers = 0
    once = {part.label: part for part in reversed(compared)}  # what comes twice over is shown where it first is wrong
    for part in list(reversed(once.values()))[:MAX_PARTS]:
        numbers += min(part.got.numel(), MAX_NUMBERS)
        if shown and numbers > MAX_NUMBERS // 2:
            break
        shape = () if part.got.numel() == part.wanted.numel() == 1 else part.wanted.shape
        shown.append(WrongPart(part.label, *numbers_shown(part.got.reshape(shape), part.wanted.reshape(shape))))
    return tuple(shown)


def answer_shown(value: Any) -> str:
    """Return a whole answer as text of bounded length; of one with many parts, how many."""
    if isinstance(value, dict | list | tuple) and _count(value) > MAX_NUMBERS:
        return f"{type(value).__name__} of {len(value)}"
    return _argument(value)[:LONGEST]


def numbers_shown(got: Tensor, expected: Tensor, *others: Tensor) -> tuple[str, ...]:
    """Return both arrays with as many digits as it takes to see where they differ; long ones from there on.

    Others are shown as these two are.
    """
    start = 0
    if got.numel() > MAX_ITEMS:
        wide = got.double(), expected.double()
        differing = ((wide[0] - wide[1]).abs() > 1e-9 * (1 + wide[1].abs())).flatten().nonzero()
        start = int(differing[0]) if len(differing) else 0
    texts = ("", "")
    for digits in (6, 9, 12, 17):
        texts = _array(got, digits, start), _array(expected, digits, start)
        if texts[0] != texts[1]:
            break
    return *texts, *(_array(other, digits, start) for other in others)


def _count(value: Any) -> int:
    if isinstance(value, Tensor):
        return value.numel()
    if isinstance(value, RemoteConstructor):
        return sum(map(_count, value.arguments))
    if isinstance(value, dict | list | tuple):
        return sum(map(_count, value.values() if isinstance(value, dict) else value))
    return 1


def _size(value: Any) -> str:
    """Return a value's kind and sizes."""
    if isinstance(value, Tensor):
        return f"tensor {tuple(value.shape)}" if value.dim() else _array(value, 6, 0)
    if isinstance(value, dict) and len(value) > MAX_NUMBERS // 2:
        return f"a dict of {len(value)} entries"
    if isinstance(value, list) and value and all(isinstance(item, Tensor) for item in value):
        shapes = ", ".join(str(tuple(item.shape)) for item in value[:MAX_ITEMS])
        return f"{len(value)} tensor{'s' * (len(value) > 1)} {shapes}"
    return _argument(value)


def _items(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield what is to be shown of an argument: a list of tensors one by one."""
    if isinstance(value, list) and value and all(isinstance(item, Tensor) for item in value):
        yield from ((f"{name}[{at}]", _array(item, 6, 0)) for at, item in enumerate(value))
    elif isinstance(value, RemoteConstructor) and value.probe == "loader":
        for number, (x, y) in enumerate(value.arguments[0], 1):
            yield f"batch {number}", f"x = {_array(x.flatten(), 6, 0)}, y = {_array(y.flatten(), 6, 0)}"
    else:
        yield name, _argument(value)


def _argument(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} = {_argument(item)}" for name, item in value.items())
    if isinstance(value, Tensor):
        return _array(value, 6, 0)
    if isinstance(value, RemoteConstructor):
        return _object(value)
    if isinstance(value, ForeignValue):
        return value.type_name if value.value is None else f"{value.type_name} {_argument(value.value)}"
    if isinstance(value, tuple):
        return "(" + ", ".join(_argument(item) for item in value) + ")"
    if isinstance(value, list):
        return "[" + ", ".join(_argument(item) for item in value) + "]"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _object(value: RemoteConstructor) -> str:
    """Return what an object is that is made in the worker, as its author would write it."""
    plain = [part for part in value.arguments if not isinstance(part, RemoteConstructor)]
    if value.probe == "model" and len(plain[-1]) == len(LAYERS):
        pairs = zip(LAYERS, plain[-1], strict=True)
        return ", ".join(f"{name} = {_array(number.reshape(()), 6, 0)}" for name, number in pairs)
    if value.probe == "criterion":
        name, reduction = plain
        return f"nn.{name}()" if reduction == "mean" else f'nn.{name}(reduction="{reduction}")'
    if value.probe == "optimizer":
        return f"torch.optim.{plain[0]}, lr = {_argument(plain[1])}"
    return f"{value.probe}({', '.join(map(_argument, plain))})"


def _array(tensor: Tensor, digits: int, start: int) -> str:
    """Return numbers as Python writes them, a matrix with its rows under one another; from a number on, if long."""
    if tensor.dim() == 0:
        return _number(float(tensor), digits)
    if tensor.dim() == 2 and 0 not in tensor.shape:
        return _rows(tensor, digits, start // tensor.shape[1])
    flat = tensor.flatten()
    shown = [_number(float(item), digits) for item in flat[start : start + MAX_ITEMS]]
    before = ["…"] if start else []
    after = ["…"] if start + MAX_ITEMS < len(flat) else []
    return "[" + ", ".join(before + shown + after) + "]"


def _rows(matrix: Tensor, digits: int, first: int) -> str:
    """Return a matrix in rows, its columns in line; a small one as Python writes it, in one line."""
    flat = ", ".join("[" + ", ".join(_number(float(item), digits) for item in row) + "]" for row in matrix[:MAX_ITEMS])
    if matrix.numel() <= MAX_ITEMS and len(flat) + 2 <= IN_A_LINE:
        return f"[{flat}]"
    first = first if len(matrix) > MAX_ITEMS else 0
    part = matrix[first : first + MAX_ITEMS, :MAX_ITEMS]
    cells = [[_number(float(item), digits) for item in row] for row in part]
    widths = [max(len(row[at]) for row in cells) for at in range(part.shape[1])]
    more = ", …" if matrix.shape[1] > MAX_ITEMS else ""
    rows = [
        "[" + ", ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) + more + "]"
        for row in cells
    ]
    if first:
        rows.insert(0, "…")
    end = ", …]" if first + MAX_ITEMS < len(matrix) else "]"
    return "[" + ",\n ".join(rows) + end


def _number(value: float, digits: int) -> str:
    if torch.isfinite(torch.tensor(value)) and value == int(value) and abs(value) < 10**digits:
        return str(int(value))
    return f"{value:.{digits}g}"


def fraction(number: float) -> str:
    """Return a number as a whole one or a fraction that is easily read, "1/20"; '' where it is none."""
    near = Fraction(number).limit_denominator(100) if math.isfinite(number) else Fraction(0)
    is_plain = (near.denominator <= MOST_PARTS or abs(near.numerator) == 1) and abs(near.numerator) < MOST_READ
    return str(near) if is_plain and abs(float(near) - number) <= 1e-6 * max(1e-6, abs(number)) else ""
