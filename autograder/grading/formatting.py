"""Numbers as a reader wants them: few digits, but enough to tell two numbers apart."""

from typing import Any

import torch
from torch import Tensor

from autograder.host.answers import RemoteConstructor

MAX_ITEMS = 8


def arguments_shown(names: tuple[str, ...], arguments: tuple[Any, ...]) -> tuple[tuple[str, str], ...]:
    """Return each argument's name and text; a dict of numbers reads `a = 0.8, b = -0.3`."""
    return tuple((name, _argument(value)) for name, value in zip(names, arguments, strict=False))


def numbers_shown(got: Tensor, expected: Tensor) -> tuple[str, str]:
    """Return both arrays with as many digits as it takes to see where they differ; long ones from there on."""
    start = 0
    if got.numel() > MAX_ITEMS:
        differing = (got.double() != expected.double()).flatten().nonzero()
        start = int(differing[0]) if len(differing) else 0
    texts = ("", "")
    for digits in (6, 9, 12, 17):
        texts = _array(got, digits, start), _array(expected, digits, start)
        if texts[0] != texts[1]:
            break
    return texts


def _argument(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} = {_argument(item)}" for name, item in value.items())
    if isinstance(value, Tensor):
        return _array(value, 6, 0)
    if isinstance(value, RemoteConstructor):
        plain = (_argument(part) for part in value.arguments if not isinstance(part, RemoteConstructor))
        return f"{value.probe}({', '.join(plain)})"
    if isinstance(value, tuple):
        return "(" + ", ".join(_argument(item) for item in value) + ")"
    if isinstance(value, list):
        return "[" + ", ".join(_argument(item) for item in value) + "]"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _array(tensor: Tensor, digits: int, start: int) -> str:
    if tensor.dim() == 0:
        return _number(float(tensor), digits)
    if tensor.dim() == 1 or start:
        flat = tensor.flatten()
        shown = [_number(float(item), digits) for item in flat[start : start + MAX_ITEMS]]
        before = ["…"] if start else []
        after = ["…"] if start + MAX_ITEMS < len(flat) else []
        return "[" + ", ".join(before + shown + after) + "]"
    rows = [_array(row, digits, 0) for row in tensor[:MAX_ITEMS]]
    return "[" + ", ".join(rows) + (", …]" if len(tensor) > MAX_ITEMS else "]")


def _number(value: float, digits: int) -> str:
    if torch.isfinite(torch.tensor(value)) and value == int(value) and abs(value) < 10**digits:
        return str(int(value))
    return f"{value:.{digits}g}"


def listed(parts: list[str]) -> str:
    """Return the names of an answer's parts as a sentence has them."""
    shown = [f"`{part}`" for part in parts] or ["the answer"]
    if len(shown) > 4:
        return f"{', '.join(shown[:3])} and others"
    return f"{', '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else shown[0]


def part_label(place: tuple[Any, ...], names: tuple[str, ...]) -> str:
    """Return what a part of an answer is called, from the keys that lead there; `names` are those of a tuple."""
    first, *rest = place
    label = str(first)
    if isinstance(first, int):
        label = names[first] if first < len(names) else f"[{first}]"
    for each in rest:
        label += f"[{each}]" if isinstance(each, int) else f'["{each}"]'
    return label
