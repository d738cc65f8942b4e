"""Functions of the student's whose calls are answered by the grader, with the value that the reference gives."""

import contextlib
import functools
import inspect
import types
from collections.abc import Callable
from typing import Any

from autograder.worker import wire
from autograder.worker.code_swap import replace_body
from autograder.worker.probes import Objects
from autograder.worker.values import from_wire, to_wire

Positions = Callable[[tuple[Any, ...], dict[str, Any]], tuple[tuple[Any, ...], dict[str, Any]]]


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
            ask = self._asking(name, _positions(function))
            _redirect(function, ask)
            namespace[name] = ask

    def _asking(self, name: str, positions: Positions) -> Callable[..., Any]:
        """Return a function that has the grader answer its calls; `positions` undoes the student's own names."""

        def ask(*arguments: Any, **keywords: Any) -> Any:
            arguments, keywords = positions(arguments, keywords)
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
            return from_wire(reply["answer"], self._objects.find)

        ask.__name__ = ask.__qualname__ = name
        return ask


def _positions(function: Any) -> Positions:
    """Return what puts the arguments of a call into the order of the student's own parameters, where that is known.

    A caller may use names that only the student's function has.
    """
    try:
        signature = inspect.signature(function)
    except Exception:  # noqa: BLE001 - a missing function, or one that does not tell
        return lambda arguments, keywords: (arguments, keywords)

    def ordered(arguments: tuple[Any, ...], keywords: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
        try:
            bound = signature.bind(*arguments, **keywords)
        except TypeError:
            return arguments, keywords
        plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        if any(signature.parameters[name].kind not in plain for name in bound.arguments):
            return arguments, keywords
        return tuple(bound.arguments.values()), {}

    return ordered


def _redirect(function: Any, ask: Callable[..., Any]) -> None:
    """Have `ask` answer also the calls by what holds the student's function itself: a table, a partial, an object."""
    if isinstance(function, types.FunctionType):
        replace_body(function, ask)
    elif isinstance(function, types.MethodType) and isinstance(function.__func__, types.FunctionType):
        under, instance = function.__func__, function.__self__
        original = types.FunctionType(
            under.__code__, under.__globals__, under.__name__, under.__defaults__, under.__closure__
        )
        original.__kwdefaults__ = under.__kwdefaults__

        def method(self: Any, *arguments: Any, **keywords: Any) -> Any:
            # Another object of the same class is not the function that is graded.
            return (ask if self is instance else functools.partial(original, self))(*arguments, **keywords)

        replace_body(under, method)
    elif callable(function) and not isinstance(function, type):
        kind = type(function)
        slots = {} if hasattr(function, "__dict__") else {"__slots__": ()}
        call = {"__call__": lambda _self, *arguments, **keywords: ask(*arguments, **keywords)}
        with contextlib.suppress(Exception):  # a builtin, or a class that does not want to be changed
            function.__class__ = type(kind.__name__, (kind,), {**slots, **call})
