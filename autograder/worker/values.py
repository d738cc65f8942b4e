"""Student values and the plain data on the pipe. Whatever form an answer has, it leaves here as numbers or a name."""

import itertools
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import torch

from autograder.worker import by_hand
from autograder.worker.wire import (
    ITEM_SIZES,
    MANY,
    MAX_TEXT,
    Array,
    Lists,
    Opaque,
    RemoteConstructor,
    RemoteObject,
    Scalars,
    Value,
    as_lists,
    items,
)

MAX_DEPTH = 20
MAX_ITEMS = 20_000  # a graph of 10,000 nodes has as many values and more
_USUAL = {torch.float64: "float64", torch.float32: "float32"}
_DTYPES = {str(getattr(torch, name)): name for name in ITEM_SIZES}
# Found before the student's file runs, so that a patched torch changes what the student computes and nothing here.
_frombuffer, _as_tensor, _stack, _tensor_type = torch.frombuffer, torch.as_tensor, torch.stack, torch.Tensor


def from_wire(value: Value, find: Callable[[RemoteObject | RemoteConstructor], Any]) -> Any:
    """Return the value as a student's function gets it: fresh tensors that own their memory, `find` for the rest."""
    return copied(read(value, find))


def read(value: Value, find: Callable[[RemoteObject | RemoteConstructor], Any]) -> Any:
    """Return the value to be `copied`, once or several times."""
    if isinstance(value, Array):
        dtype = getattr(torch, value.dtype)
        if not value.data:
            return torch.zeros(value.shape, dtype=dtype)
        flat = _frombuffer(bytearray(value.data), dtype=dtype)
        return flat if len(value.shape) == 1 else flat.reshape(value.shape)
    if isinstance(value, Scalars):
        return dict(zip(value.names, read(value.array, find).unbind(), strict=True))
    if isinstance(value, Lists):
        return value
    if isinstance(value, list | tuple):
        return type(value)(read(item, find) for item in value)
    if isinstance(value, dict):
        return {key: read(item, find) for key, item in value.items()}
    return find(value) if isinstance(value, RemoteObject | RemoteConstructor) else value


def copied(value: Any) -> Any:
    """Return what has been read with tensors that have ordinary memory, as in-place and resize operations need it.

    Objects that were found stay the same ones.
    """
    if type(value) is _tensor_type:
        return value.clone()
    if type(value) is Lists:
        return {name: each[:] for name, each in value.items()}
    if type(value) in (list, tuple):
        return type(value)(copied(item) for item in value)
    return {key: copied(item) for key, item in value.items()} if type(value) is dict else value


def to_wire(value: Any, keep: Callable[[Any], RemoteObject | None] = lambda _: None, depth: int = 0) -> Value:
    """Return the plain data of any object; what has none becomes a handle, where `keep` gives one, or Opaque.

    May run student code (`__iter__`, `__array__`, …).
    """
    if value is None or type(value) in (bool, float):
        return value
    if type(value) is str:
        return value[:MAX_TEXT]
    if type(value) is int:
        return value if value.bit_length() < 1024 else Opaque("int")
    if type(value) is complex:
        return _array(torch.tensor(value, dtype=torch.complex128), "complex")
    if depth > MAX_DEPTH:
        return Opaque(_name(value))
    if isinstance(value, _tensor_type):
        return _tensor(value)
    if isinstance(value, np.ndarray | np.generic):
        return _ndarray(value, depth)
    return keep(value) or _container(value, keep, depth)


def arrays(value: Any) -> Iterator[Any]:
    """Return the first tensors and NumPy arrays in an answer, up to a number."""
    found = (item for item in items(value) if isinstance(item, _tensor_type | np.ndarray))
    return itertools.islice(found, MANY)


def is_changed(argument: Any, given: Value) -> bool:
    """Whether an argument of a call is no longer as it was given: its values, or what autograd hangs on to it.

    May run student code, where something of the student's has been put into it.
    """
    if isinstance(given, RemoteObject | RemoteConstructor):
        return False
    if isinstance(given, Scalars):
        return _scalars(argument, given.names) != given or _is_marked(argument)
    if isinstance(given, Lists):
        return type(argument) is not dict or bool(argument != given)
    if isinstance(given, dict) and type(argument) is dict:
        return argument.keys() != given.keys() or any(is_changed(argument[key], item) for key, item in given.items())
    if isinstance(given, Array) and type(argument) is _tensor_type and _USUAL.get(argument.dtype) == given.dtype:
        if _is_marked(argument) or argument.shape != given.shape:
            return True
        return argument.resolve_neg().numpy().tobytes() != given.data
    return bool(to_wire(argument) != given) or _is_marked(argument)


def _is_marked(argument: Any) -> bool:
    tensors = (item for item in items(argument) if isinstance(item, torch.Tensor))
    return any(tensor.requires_grad or (tensor.is_leaf and by_hand.has_grad(tensor)) for tensor in tensors)


def _container(value: Any, keep: Callable[[Any], RemoteObject | None], depth: int) -> Value:
    if isinstance(value, list | tuple):
        return (list if isinstance(value, list) else tuple)(_items(value, keep, depth))
    if type(value) is dict and MANY <= len(value) <= MAX_ITEMS:
        many = _scalars(value, tuple(value)) or as_lists(value)
        if many is not None:
            return many
    if isinstance(value, str | bytes | bytearray | set | frozenset | type):
        return Opaque(_name(value))
    if hasattr(value, "keys") and hasattr(value, "__getitem__"):
        keys = list(itertools.islice(value.keys(), MAX_ITEMS))
        # str.__str__ takes the plain text of a str Enum or NumPy's str, whatever the class says.
        names = [str.__str__(key) if isinstance(key, str) else Opaque(_name(key)) for key in keys]
        return {name: to_wire(value[key], keep, depth + 1) for name, key in zip(names, keys, strict=True)}
    number = _number(value)
    if number is None and isinstance(value, Iterable):
        return _items(value, keep, depth)
    return number or Opaque(_name(value))


def _scalars(value: Any, names: tuple[str, ...]) -> Scalars | None:
    """Return a dict of tensors of shape () and one usual dtype as one array, in this order of its names."""
    if type(value) is not dict or len(value) != len(names) or not all(type(name) is str for name in value):
        return None
    parts: list[Any] = [value.get(name) for name in names]
    dtype = getattr(parts[0], "dtype", None)
    if dtype not in _USUAL or not all(
        type(each) is _tensor_type and each.dtype == dtype and not each.requires_grad for each in parts
    ):
        return None
    try:
        together = _stack(parts)
    except (RuntimeError, TypeError, NotImplementedError):  # shapes that differ, or tensors of an odd kind
        return None
    is_plain = together.layout == torch.strided and together.device.type == "cpu" and together.shape == (len(names),)
    return Scalars(names, Array(_USUAL[dtype], (len(names),), together.numpy().tobytes())) if is_plain else None


def _items(value: Iterable[Any], keep: Callable[[Any], RemoteObject | None], depth: int) -> list[Value]:
    return [to_wire(item, keep, depth + 1) for item in itertools.islice(value, MAX_ITEMS)]


def _number(value: Any) -> Array | None:
    """What torch makes of an object with an array or number protocol (`__array__`, a buffer, `__float__`)."""
    if any(hasattr(value, protocol) for protocol in ("__array__", "__dlpack__", "__array_interface__")):
        return _array(_as_tensor(value), _name(value))
    if hasattr(value, "__float__"):
        return _array(torch.tensor(float(value), dtype=torch.float64), _name(value))
    return None


def _tensor(value: torch.Tensor) -> Value:
    if value.is_meta or value.is_nested:
        return Opaque(_name(value))
    plain = value.detach()
    if plain.is_quantized:
        plain = plain.dequantize()
    if plain.layout != torch.strided:
        plain = plain.to_dense()
    return _array(plain, "torch.Tensor") or Opaque(f"torch.Tensor of {value.dtype}")


def _array(tensor: torch.Tensor, kind: str) -> Array | None:
    plain = tensor.detach().cpu()
    if plain.dtype in _USUAL and not plain.is_neg():
        return Array(_USUAL[plain.dtype], tuple(plain.shape), plain.numpy().tobytes(), kind)
    plain = plain.resolve_conj().resolve_neg().contiguous()
    if plain.dtype == torch.bfloat16:
        plain = plain.to(torch.float32)
    dtype = _DTYPES.get(str(plain.dtype))
    return None if dtype is None else Array(dtype, tuple(plain.shape), plain.numpy().tobytes(), kind)


def _ndarray(value: np.ndarray[Any, Any] | np.generic, depth: int) -> Value:
    array = np.asarray(value)
    if array.dtype == object:
        return to_wire(array.tolist(), depth=depth + 1)
    if array.dtype == np.longdouble:
        array = array.astype(np.float64)
    if array.dtype.name not in ITEM_SIZES:
        return Opaque(f"{_name(value)} of {array.dtype}")
    native = array.astype(array.dtype.newbyteorder("="))
    return Array(native.dtype.name, native.shape, native.tobytes(), _name(value))


def _name(value: Any) -> str:
    """Return the name of a value's type, as a reader knows it: without a module where it is the student's own."""
    kind = type(value)
    module = str(kind.__module__)
    is_library = module != "builtins" and getattr(sys.modules.get(module), "__spec__", None) is not None
    return (f"{module}.{kind.__qualname__}" if is_library else str(kind.__qualname__))[:200]
