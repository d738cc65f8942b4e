"""Tensors and the plain data on the pipe, as the trusted side reads and writes them."""

import dataclasses
from typing import Any

from autograder.model import ForeignValue
from autograder.worker import wire


def encode(value: Any) -> wire.Value:
    """Return the plain data of an argument or of a reference's answer: tensors, numbers, lists, tuples and dicts."""
    import torch

    if isinstance(value, torch.Tensor):
        plain = value.detach().contiguous()
        return wire.Array(str(plain.dtype).removeprefix("torch."), tuple(plain.shape), plain.numpy().tobytes())
    if isinstance(value, wire.RemoteConstructor):
        return dataclasses.replace(value, arguments=encode(value.arguments))
    if isinstance(value, list | tuple):
        return type(value)(encode(item) for item in value)
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    return value


def decode(value: wire.Value) -> Any:
    """Return a value that a worker sent: tensors, RemoteObject, ForeignValue for other forms and for what cannot cross.

    ProtocolError where it asks for an object to be made, which only the grader may.
    """
    import torch

    if isinstance(value, wire.Array):
        dtype = getattr(torch, value.dtype)
        flat = torch.frombuffer(bytearray(value.data), dtype=dtype) if value.data else torch.zeros(0, dtype=dtype)
        tensor = flat.reshape(value.shape)
        return tensor if value.kind == "torch.Tensor" else ForeignValue(value.kind, tensor)
    if isinstance(value, wire.Opaque):
        return ForeignValue(value.type_name)
    if isinstance(value, wire.RemoteConstructor):
        raise wire.ProtocolError("an object to be made")
    if isinstance(value, list | tuple):
        return type(value)(decode(item) for item in value)
    if isinstance(value, dict):
        return {decode(key): decode(item) for key, item in value.items()}
    return value[: wire.MAX_TEXT] if isinstance(value, str) else value
