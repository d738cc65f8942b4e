"""Functions of the student's whose calls are answered by the grader, with the value that the reference gives."""

import contextlib
import functools
import inspect
import types
from collections.abc import Callable
from typing import Any

import torch

from autograder.worker import wire
from autograder.worker.code_swap import replace_body
from autograder.worker.probes import Objects
from autograder.worker.values import from_wire, to_wire

Reading = Callable[[tuple[Any, ...], dict[str, Any]], tuple[tuple[Any, ...], dict[str, Any]]]


class ReferenceCalls:
    """Asks in place of the student's functions; `ask` sends a packed question to the grader and returns its answer."""

    def __init__(self, ask: Callable[[bytes], dict[str, wire.Value]], objects: Objects) -> None:
        self._ask, self._objects = ask, objects
        self._answers: dict[bytes, dict[str, wire.Value]] = {}  # by question, while one call goes on

    def forget(self) -> None:
        """Ask anew from now on."""
        self._answers.clear()

    def replace(self, functions: list[str], namespace: dict[str, Any]) -> None:
        """Have the calls to these functions of a module ask the grader, by whatever reference they are reached."""
        for name in functions:
            function = namespace.get(name)
            ask = self._asking(name, _reading(function), _own_tuple(function, namespace))
            if not _redirect(function, ask):
                namespace[name] = ask

    def _asking(self, name: str, reading: Reading, own: Any) -> Callable[..., Any]:
        """Return a function that has the grader answer its calls; `reading` tells which argument is which.

        `own`: the namedtuple that the answers become, where they fit.
        """

        def ask(*arguments: Any, **keywords: Any) -> Any:
            arguments, keywords = reading(arguments, keywords)
            keep = self._objects.keep
            question = {"ask": name, "arguments": to_wire(list(arguments), keep), "keywords": to_wire(keywords, keep)}
            packed = wire.pack(question)
            reply = self._answers.get(packed)
            if reply is None:
                reply = self._ask(packed)
                if not wire.holds_objects([question, reply]):  # which may have changed until they are asked about again
                    self._answers[packed] = reply
            if "refused" in reply:
                raise ValueError(reply["refused"])
            answer = from_wire(reply["answer"], self._objects.find)
            kinds = {item.kind.partition(".")[0] for item in wire.items(question) if isinstance(item, wire.Array)}
            answer = _as_numpy(answer) if kinds == {"numpy"} else answer
            fits = own is not None and isinstance(answer, tuple) and len(answer) == len(own._fields)
            return own(*answer) if fits else answer

        ask.__name__ = ask.__qualname__ = name
        return ask


def _reading(function: Any) -> Reading:
    """Return what names the arguments of a call as the student's own parameters do, where these are known.

    A caller may use names, an order and options that only the student's function has.
    """
    try:
        signature = inspect.signature(function)
    except Exception:  # noqa: BLE001 - a missing function, or one that does not tell
        return lambda arguments, keywords: (arguments, keywords)

    def read(arguments: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        try:
            bound = signature.bind(*arguments, **keywords)
        except TypeError:
            return arguments, keywords
        kinds = {signature.parameters[name].kind for name in bound.arguments}
        if inspect.Parameter.VAR_POSITIONAL in kinds:
            return bound.args, bound.kwargs
        if inspect.Parameter.VAR_KEYWORD in kinds:
            *plain, (_, more) = bound.arguments.items()  # which comes last
            return (), dict(plain) | more
        return (), dict(bound.arguments)

    return read


def _own_tuple(function: Any, namespace: dict[str, Any]) -> Any:
    """Return the namedtuple of the student's that a function names, whose fields its callers may read."""
    names = getattr(getattr(function, "__code__", None), "co_names", ())
    kinds = (namespace.get(name) for name in names)
    return next((kind for kind in kinds if isinstance(kind, type) and hasattr(kind, "_fields")), None)


def _as_numpy(answer: Any) -> Any:
    """Return NumPy's arrays for tensors: what is asked with these is used like these."""
    if isinstance(answer, torch.Tensor):
        return answer.numpy()[()]
    if type(answer) in (list, tuple):
        return type(answer)(map(_as_numpy, answer))
    return {name: _as_numpy(item) for name, item in answer.items()} if type(answer) is dict else answer


def _redirect(function: Any, ask: Callable[..., Any]) -> bool:
    """Have `ask` answer all calls by what holds the student's function: its name, a table, a partial, an object.

    It stays the object that it is, whose attributes others may read. False where its calls cannot be redirected.
    """
    if isinstance(function, types.FunctionType):
        replace_body(function, ask)
        return True
    if isinstance(function, types.MethodType) and isinstance(function.__func__, types.FunctionType):
        under, instance = function.__func__, function.__self__
        original = types.FunctionType(
            under.__code__, under.__globals__, under.__name__, under.__defaults__, under.__closure__
        )
        original.__kwdefaults__ = under.__kwdefaults__

        def method(self: Any, *arguments: Any, **keywords: Any) -> Any:
            # Another object of the same class is not the function that is graded.
            return (ask if self is instance else functools.partial(original, self))(*arguments, **keywords)

        replace_body(under, method)
        return True
    if callable(function) and not isinstance(function, type):
        kind = type(function)
        slots = {} if hasattr(function, "__dict__") else {"__slots__": ()}
        call = {"__call__": lambda _self, *arguments, **keywords: ask(*arguments, **keywords)}
        with contextlib.suppress(Exception):  # a builtin, or a class that does not want to be changed
            function.__class__ = type(kind.__name__, (kind,), {**slots, **call})
            return True
    return False
