"""The encoding on the pipe: a frame is two lengths, a JSON tree, and the raw bytes of the arrays that the tree names.

Nothing is ever unpickled and no type is ever looked up, so a frame can hold data but not behaviour. Standard library
only: both sides use this file, and the trusted side needs it before torch has been imported.
"""

import itertools
import json
import math
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

LENGTHS = struct.Struct(">II")
ITEM_SIZES = {
    "float64": 8, "float32": 4, "float16": 2, "int64": 8, "int32": 4, "int16": 2, "int8": 1, "uint8": 1, "bool": 1,
    "complex64": 8, "complex128": 16,
}  # fmt: skip
MAX_TREE_BYTES = 8 << 20
MAX_NODES = 200_000
MAX_DIMENSIONS = 16
MAX_ELEMENTS = 1 << 40
MAX_TEXT = 100_000  # characters of a text that is an answer; a student's file has more

MANY = 64  # items of a dict from which on they are sent at once, and a function is called with it only once

# A value on the pipe: None, bool, int, float, str, list, tuple, dict, and the classes that follow.
Value = Any


@dataclass(frozen=True)
class Array:
    """Numbers in C order; `kind` is the type they had before ("torch.Tensor", "numpy.ndarray", …)."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes
    kind: str = "torch.Tensor"


@dataclass(frozen=True)
class Scalars:
    """A dict of many tensors of shape () and one dtype: their names, and their numbers as one array."""

    names: tuple[str, ...]
    array: Array


class Lists(dict[str, list[str]]):
    """A dict of many lists of texts, as a graph is; known by its type: to look at each costs more than to send it."""


@dataclass(frozen=True)
class Opaque:
    """What stands for an object that cannot cross: the name of its type."""

    type_name: str


@dataclass(frozen=True)
class RemoteObject:
    """What stands for an object that stays in the worker until the next call: its number, and its type's name."""

    number: int
    type_name: str


@dataclass(frozen=True)
class RemoteConstructor:
    """An object to be made in the worker, once a call, by one of its probes; afterwards the number names it."""

    probe: str
    arguments: tuple[Value, ...]
    number: int = field(default_factory=itertools.count().__next__)


class ProtocolError(Exception):
    """The bytes are no frame of this encoding."""


def pack(value: Value) -> bytes:
    """Return the frame of a value; ProtocolError where it holds something that cannot cross or is too large."""
    arrays: list[bytes] = []
    try:
        tree = _ENCODER.encode(_to_json(value, arrays)).encode("ascii")
    except (RecursionError, ValueError) as error:
        raise ProtocolError(f"cannot be sent ({error})") from None
    payload = b"".join(arrays)
    if len(tree) > MAX_TREE_BYTES or len(payload) > 0xFFFFFFFF:
        raise ProtocolError("is too large to be sent")
    return LENGTHS.pack(len(tree), len(payload)) + tree + payload


def unpack(tree: bytes, payload: bytes) -> Value:
    """Return the value of a frame's two parts; ProtocolError where they do not follow the encoding to the letter."""
    try:
        reader = _Reader(payload)
        value = reader.value(_DECODER.decode(tree.decode("ascii")))
    except (ValueError, OverflowError, RecursionError, TypeError) as error:
        raise ProtocolError(f"malformed frame: {error}") from None
    if reader.rest():
        raise ProtocolError("malformed frame: bytes that belong to no array")
    return value


def items(value: Value) -> Iterator[Value]:
    """Yield a value, and what lies in its lists, tuples and dicts, however deep."""
    yield value
    if isinstance(value, Scalars):
        yield from value.names
    elif isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            yield from items(item)


def as_lists(value: dict[Value, Value]) -> Lists | None:
    """Return a dict as Lists, where it is large and holds nothing but lists of texts."""
    if len(value) < MANY or not are_texts(value) or set(map(type, value.values())) != {list}:
        return None
    return Lists(value) if are_texts(itertools.chain.from_iterable(value.values())) else None


def are_texts(values: Iterable[Value]) -> bool:
    """Whether all values are texts, by their types, which are found much faster together than one by one."""
    return set(map(type, values)) <= {str}


def is_large(arguments: Sequence[Value]) -> bool:
    """Whether a call takes so long that one must do: nobody keeps an answer for a graph of this size alone."""
    return any(isinstance(each, dict) and len(each) >= MANY for each in arguments)


def is_longer(value: Value, number: int) -> bool:
    """Whether a value has more items than a number, itself and empty ones included."""
    return any(True for _ in itertools.islice(items(value), number, None))


def holds_objects(value: Value) -> bool:
    """Whether a value names an object of the worker's, somewhere in it."""
    return any(isinstance(item, RemoteObject | RemoteConstructor) for item in items(value))


def _to_json(value: Value, arrays: list[bytes]) -> object:
    if value is None or type(value) in (bool, int, str):
        return value
    if type(value) is float:
        return ["f", value.hex()]
    if isinstance(value, Array):
        arrays.append(value.data)
        return ["a", value.dtype, list(value.shape), value.kind]
    if isinstance(value, Scalars):
        arrays.append(value.array.data)
        return ["s", value.array.dtype, list(value.names)]
    if type(value) is Lists:
        return ["g", value]
    if type(value) is list and are_texts(value):
        return ["l", value]
    if type(value) in (list, tuple):
        return ["l" if type(value) is list else "u", [_to_json(item, arrays) for item in value]]
    if type(value) is dict:
        return ["d", [[_to_json(key, arrays), _to_json(item, arrays)] for key, item in value.items()]]
    return _object_to_json(value, arrays)


def _object_to_json(value: Value, arrays: list[bytes]) -> object:
    if isinstance(value, Opaque):
        return ["o", value.type_name]
    if isinstance(value, RemoteObject):
        return ["h", value.number, value.type_name]
    if isinstance(value, RemoteConstructor):
        return ["r", value.number, value.probe, [_to_json(item, arrays) for item in value.arguments]]
    raise ProtocolError(f"holds a value of type {type(value).__name__}")


def _refuse(text: str) -> object:
    raise ValueError(f"a bare number {text!r}")


# Made once: json's own functions make new ones at each call.
_ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"))
_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_float=_refuse)


class _Reader:
    """Reads a parsed tree, taking the arrays' bytes from the payload in order; every claim is checked before use."""

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self._position = 0
        self._nodes = 0

    def rest(self) -> int:
        return len(self._payload) - self._position

    def value(self, node: object) -> Value:
        self._count(1)
        if node is None or isinstance(node, bool | int):
            return node
        if isinstance(node, str):
            return node
        if isinstance(node, list) and node:
            return self._tagged(node[0], node[1:])
        raise ValueError("an unknown node")

    def _tagged(self, tag: object, fields: list[Any]) -> Value:
        # The commonest first: most of what crosses are arrays in dicts and lists.
        match tag, fields:
            case "a", [str() as dtype, list() as shape, str() as kind]:
                return self._array(dtype, shape, kind)
            case "d", [list() as pairs]:
                return dict(self._pairs(pairs))
            case "f", [str() as text]:
                return float.fromhex(text)
            case "l", [list() as items]:
                return self._many(items) if are_texts(items) else [self.value(item) for item in items]
            case "u", [list() as items]:
                return tuple(self.value(item) for item in items)
            case "s", [str() as dtype, list() as names]:
                return self._scalars(dtype, names)
            case "g", [dict() as lists]:
                return self._lists(lists)
            case _:
                return self._object(tag, fields)

    def _object(self, tag: object, fields: list[Any]) -> Value:
        match tag, fields:
            case "o", [str() as name]:
                return Opaque(name[:200])
            case "h", [int() as number, str() as name]:
                return RemoteObject(number, name[:200])
            case "r", [int() as number, str() as probe, list() as items]:
                return RemoteConstructor(probe, tuple(self.value(item) for item in items), number)
        raise ValueError(f"an unknown tag {tag!r}")

    def _pairs(self, pairs: list[Any]) -> Iterator[tuple[Value, Value]]:
        for key, item in pairs:
            plain = self.value(key)
            if not isinstance(plain, str | int | float | None | Opaque):
                raise ValueError("a key that cannot be one")
            yield plain, self.value(item)

    def _scalars(self, dtype: str, names: list[Any]) -> Scalars:
        self._count(len(names))
        if not all(type(name) is str for name in names) or len(set(names)) != len(names):
            raise ValueError("names that are none")
        return Scalars(tuple(names), self._array(dtype, [len(names)], "torch.Tensor"))

    def _lists(self, lists: dict[str, Any]) -> Lists:
        if set(map(type, lists.values())) - {list} or not are_texts(itertools.chain.from_iterable(lists.values())):
            raise ValueError("a list of something else")
        self._count(len(lists) + sum(map(len, lists.values())))
        return Lists(lists)

    def _many(self, texts: list[str]) -> list[str]:
        self._count(len(texts))
        return texts

    def _count(self, more: int) -> None:
        self._nodes += more
        if self._nodes > MAX_NODES:
            raise ValueError("too many values")

    def _array(self, dtype: str, shape: list[Any], kind: str) -> Array:
        if dtype not in ITEM_SIZES:
            raise ValueError(f"an unknown dtype {dtype[:50]!r}")
        possible = len(shape) <= MAX_DIMENSIONS and all(type(size) is int and size >= 0 for size in shape)
        if not possible or math.prod(max(1, size) for size in shape) > MAX_ELEMENTS:
            raise ValueError("an impossible shape")
        size = math.prod(shape) * ITEM_SIZES[dtype]
        if size > self.rest():
            raise ValueError("an array outside its frame")
        data = self._payload[self._position : self._position + size]
        self._position += size
        return Array(dtype, tuple(shape), data, kind[:200])
