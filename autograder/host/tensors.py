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
        many = _scalars(value) if len(value) >= wire.MANY else None
        return many or wire.as_lists(value) or {key: encode(item) for key, item in value.items()}
    return value


def _scalars(value: dict[str, Any]) -> wire.Scalars | None:
    """Return a dict of tensors of shape () and one dtype as one array, None where it is another dict."""
    import torch

    parts = list(value.values())
    if not all(isinstance(each, torch.Tensor) and not each.shape and each.dtype == parts[0].dtype for each in parts):
        return None
    return wire.Scalars(tuple(value), encode(torch.stack([each.detach() for each in parts])))


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
    if isinstance(value, wire.Scalars):
        return dict(zip(value.names, decode(value.array).unbind(), strict=True))
    if isinstance(value, wire.Lists):
        return dict(value)
    if isinstance(value, wire.Opaque):
        return ForeignValue(value.type_name)
    if isinstance(value, wire.RemoteConstructor):
        raise wire.ProtocolError("an object to be made")
    if type(value) is list and wire.are_texts(value):
        return [text[: wire.MAX_TEXT] for text in value]
    if isinstance(value, list | tuple):
        return type(value)(decode(item) for item in value)
    if isinstance(value, dict):
        return {decode(key): decode(item) for key, item in value.items()}
    return value[: wire.MAX_TEXT] if isinstance(value, str) else value
