"""Values as JSON and back: the tensors, containers and objects-to-be that arguments and expected values are made of."""

from typing import Any

import torch
from torch import Tensor

from autograder.grading.comparing import ExpectedValue
from autograder.host.answers import RemoteConstructor

FULL, SHORT = 17, 11  # digits of what is exact, and of what is only compared with a tolerance

Json = Any


def written(value: Any, digits: int = FULL, made: list[int] | None = None) -> Json:
    """Write a value down; all containers but lists are marked.

    Of an expected value the scale needs few digits. An object gets its place in `made`, so that no number hangs on what
    else has been made in this process.
    """
    made = [] if made is None else made
    if isinstance(value, ExpectedValue):
        scale = written(value.scale.expand(value.value.shape), SHORT)
        return {"value": written(value.value, digits), "scale": scale, "is_float": value.usual is float}
    if isinstance(value, Tensor):
        kind, items = str(value.dtype).removeprefix("torch."), rounded(value.flatten().tolist(), digits)
        return {"tensor": kind, "shape": list(value.shape), "items": items}
    if isinstance(value, RemoteConstructor):
        arguments = [written(each, digits, made) for each in value.arguments]
        if value.number not in made:
            made.append(value.number)
        return {"make": value.probe, "number": made.index(value.number), "arguments": arguments}
    if isinstance(value, dict):
        return {"dict": {key: written(item, digits, made) for key, item in value.items()}}
    if isinstance(value, tuple):
        return {"tuple": [written(item, digits, made) for item in value]}
    return [written(item, digits, made) for item in value] if isinstance(value, list) else value


def rounded(numbers: list[float], digits: int) -> list[float]:
    """Return numbers of no more digits; whole ones stay."""
    if digits == FULL:
        return numbers
    return [float(f"{number:.{digits}g}") if isinstance(number, float) else number for number in numbers]


def read_value(said: Json, made: dict[int, RemoteConstructor] | None = None) -> Any:
    """Return the value that was written down; an object that occurs twice is `made` once."""
    made = {} if made is None else made
    match said:
        case {"value": value, "scale": scale, "is_float": is_float}:
            return ExpectedValue(read_value(value), read_value(scale), float if is_float else Tensor)
        case {"tensor": kind, "shape": shape, "items": items}:
            return torch.tensor(items, dtype=getattr(torch, kind)).reshape(shape)
        case {"make": probe, "number": number, "arguments": arguments}:
            if number not in made:
                made[number] = RemoteConstructor(probe, tuple(read_value(each, made) for each in arguments))
            return made[number]
        case {"dict": items}:
            return {key: read_value(item, made) for key, item in items.items()}
        case {"tuple": items}:
            return tuple(read_value(item, made) for item in items)
        case list():
            return [read_value(item, made) for item in said]
    return said
