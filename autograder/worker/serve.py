"""The worker: loads a student's file and answers "call this function with these values", one request at a time.

Requests and replies are dicts in the encoding of wire.py:

    {"id", "op": "load", "module", "cells": [[label, code]], "notebook"}
        -> {"id", "callables": [names], "stopped": [[label, error]]}
    {"id", "op": "reference_helper", "functions": [names]}
        -> {"id"}                                       these names ask the grader from now on
    {"id", "op": "call", "function", "twice": bool}, and then {"cases": [[values]]}, the arguments of a call each
        -> {"id", "returned", "changed": [positions], "breaches": [[label, line, function]]}, and for twice "again",
           the reply to a second identical call, or {"same": true} where it is the first one over again
        or {"id", "raised": error, "breaches"}
        or {"id", "unusable": text}                     no such function, or one that takes other arguments
        one reply a case, up to the first that has not "returned"
    {"id", "op": "probe", "probe": name, "arguments": [values]}
        -> {"id", "returned"} or {"id", "raised"}       make or read an object that stays here

While a call runs, a stand-in sends {"ask": name, "arguments", "keywords"} and gets {"answer": value} or, where there is
none, {"refused": text}; before that it may be asked for probes.
Nothing here is trusted by the other side: the student's code shares this interpreter.
"""

from __future__ import annotations
import __future__

import ast
import asyncio
import contextlib
import functools
import inspect
import linecache
import random
import socket
import sys
import traceback
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.worker import by_hand, wire
from autograder.worker.code_swap import replace_body
from autograder.worker.denials import explained
from autograder.worker.probes import PROBES, Objects, watch_optimizers
from autograder.worker.values import copied, from_wire, is_changed, read, to_wire

Positions = Callable[[tuple[Any, ...], dict[str, Any]], tuple[tuple[Any, ...], dict[str, Any]]]

MAX_ERROR_TEXT = 2000
AT_ONCE = 64 << 10  # bytes read in one go: a request rarely has more
MAX_TRACE = 6


class Channel:
    """The worker's end of the pipe."""

    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._arrived = bytearray()

    def send(self, message: dict[str, wire.Value]) -> None:
        """Send one frame."""
        self.send_packed(wire.pack(message))

    def send_packed(self, frame: bytes) -> None:
        """Send one frame that is packed already."""
        self._socket.sendall(frame)

    def receive(self) -> dict[str, wire.Value]:
        """Wait for one frame; SystemExit when the grader has hung up."""
        tree, payload = wire.LENGTHS.unpack(self._read(wire.LENGTHS.size))
        message: dict[str, wire.Value] = wire.unpack(self._read(tree), self._read(payload))
        return message

    def _read(self, size: int) -> bytes:
        while len(self._arrived) < size:
            part = self._socket.recv(max(AT_ONCE, min(size - len(self._arrived), 1 << 20)))
            if not part:
                raise SystemExit
            self._arrived += part
        data = bytes(self._arrived[:size])
        del self._arrived[:size]
        return data


def serve(descriptor: int) -> None:
    """Answer requests until the grader hangs up."""
    channel = Channel(descriptor)
    _standard_streams()
    random.seed(0)  # which a fork has seeded anew; the template has seeded the others
    submission: Loaded | None = None
    channel.send({"id": 0, "by_hand": by_hand.holds()})
    while True:
        request = channel.receive()
        reply: dict[str, wire.Value] = {}
        if request["op"] == "load":
            submission = Loaded(request["module"], request["notebook"])
            reply = submission.load(request["cells"])
        elif submission is not None and request["op"] == "reference_helper":
            submission.reference_helper(request["functions"], channel)
        elif submission is not None and request["op"] == "call":
            for arguments in channel.receive()["cases"]:
                reply = submission.call(request["function"], arguments, twice=request["twice"])
                if not _answer(channel, request["id"], reply):
                    break
            continue
        elif submission is not None and request["op"] == "probe":
            reply = submission.probe(request["probe"], request["arguments"])
        _answer(channel, request["id"], reply)


def _answer(channel: Channel, number: int, reply: dict[str, wire.Value]) -> bool:
    """Send a reply, or why it cannot be sent; whether a value has gone out."""
    _flush()
    try:
        channel.send({"id": number, **reply})
    except (wire.ProtocolError, MemoryError) as error:
        why = "is too large to be sent" if isinstance(error, MemoryError) else str(error)
        channel.send({"id": number, "unusable": f"a function whose answer {why}"})
        return False
    return "returned" in reply


def hide_ourselves() -> None:
    """Keep our own modules from being imported and patched by name. Who walks up the frames still finds them.

    Done before a worker is forked: to look at each module's name is to copy the page that it lies on.
    """
    for name in [name for name in sys.modules if name.partition(".")[0] == __name__.partition(".")[0]]:
        del sys.modules[name]


def _standard_streams() -> None:
    """Give the process standard streams of its own, where it would have the template's.

    Not before it is forked: a stream remembers whether its descriptor could seek when it was made.
    """
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - a descriptor, open for life
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        # backslashreplace: printing half of a surrogate pair is odd, but no reason to fail.
        stream = open(descriptor, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.argv = [""]


def _flush() -> None:
    for name in ("stdout", "stderr", "__stdout__", "__stderr__"):
        try:
            getattr(sys, name).flush()
        except Exception:  # noqa: BLE001, S112 - the student may have closed, replaced or deleted it
            continue


class Loaded:
    """A student's file as a module; its functions are found by name at each call, as Python itself would."""

    def __init__(self, module: str, notebook: bool) -> None:
        self._module = types.ModuleType(module)
        self._files: dict[str, str] = {}  # code file name -> label for a reader
        self._objects = Objects()
        self._answers: dict[bytes, dict[str, wire.Value]] = {}  # by question, while one call goes on
        watch_optimizers()
        self._notebook = notebook
        self._flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if notebook else 0
        sys.modules[module] = self._module  # dataclasses, pickle and typing look a class's module up

    def load(self, cells: list[list[str]]) -> dict[str, wire.Value]:
        """Run the cells in order; one that stops does not keep the next from running."""
        stopped = []
        for label, code in cells:
            error = self._run(label, code)
            if error is not None:
                stopped.append([label, error])
        names = [name for name, value in vars(self._module).items() if isinstance(name, str) and callable(value)]
        return {"callables": names[:1000], "stopped": stopped}

    def _run(self, label: str, code: str) -> dict[str, wire.Value] | None:
        filename = self._file(label, code)
        self._files[filename] = label
        # Without a modification time linecache keeps the entry: tracebacks and inspect.getsource find these lines.
        linecache.cache[filename] = (len(code), None, code.splitlines(keepends=True), filename)
        try:
            # dont_inherit: this file's own `from __future__ import annotations` is not the student's.
            self._execute(compile(code, filename, "exec", dont_inherit=True, flags=self._flags))
        except BaseException as error:  # noqa: BLE001 - SystemExit at import is a student's mistake like any other
            if by_hand.breaches():
                return self._run_statements(code, filename)
            return self._error(error)
        by_hand.breaches()
        return None

    def _execute(self, code: types.CodeType) -> None:
        """Run compiled code as a notebook would: with `await` at the top, and a `from __future__` for later cells."""
        if self._notebook:
            self._flags |= code.co_flags & __future__.annotations.compiler_flag
        if code.co_flags & inspect.CO_COROUTINE:
            asyncio.run(eval(code, vars(self._module)))  # noqa: S307
        else:
            exec(code, vars(self._module))  # noqa: S102

    def _run_statements(self, code: str, filename: str) -> dict[str, wire.Value] | None:
        """Run a cell again without the statements that want autograd, and those that break for want of them.

        A self-check at the top of a file may use autograd: no graded function reaches it, so it must cost nothing.
        """
        tree = ast.parse(code, filename)
        breached = False
        for statement in tree.body:
            flags = self._flags | _future_flags(tree)
            part = compile(ast.Module([statement], []), filename, "exec", dont_inherit=True, flags=flags)
            try:
                self._execute(part)
            except BaseException as error:  # noqa: BLE001 - as above
                breached = bool(by_hand.breaches()) or breached
                if not breached or isinstance(error, SystemExit):
                    return self._error(error)
        return None

    def _file(self, label: str, code: str) -> str:
        """Return the name the code runs under; a script gets a real file, which it may read and locate data from."""
        if self._notebook or "get_ipython()." in code:  # a script may be a notebook that was exported
            vars(self._module).setdefault("get_ipython", _Magic)
        if self._notebook:
            vars(self._module).setdefault("display", print)
            return f"<{label}>"
        path = Path.cwd() / f"{self._module.__name__}.py"
        path.write_text(code, encoding="utf-8")
        self._module.__file__ = str(path)
        sys.argv = [str(path)]
        return str(path)

    def reference_helper(self, functions: list[str], channel: Channel) -> None:
        """Let the student's calls to these functions ask the grader for the reference's value."""
        for name in functions:
            own = vars(self._module).get(name)
            ask = self._question(name, channel, _positions(own))
            _redirect(own, ask)
            vars(self._module)[name] = ask

    def call(self, function: str, arguments: list[wire.Value], *, twice: bool) -> dict[str, wire.Value]:
        """Call a function with fresh copies of the arguments and report what it did to them."""
        target = vars(self._module).get(function)
        if not callable(target):
            return {"unusable": "missing" if target is None else f"of type {type(target).__name__}, no function"}
        self._objects.forget()
        self._answers.clear()
        given = [read(argument, self._objects.find) for argument in arguments]
        own = copied(given)
        reply = self._call(target, own, arguments)
        # Asked only now: it takes as long as many a call.
        parameters = _unfit(target, own) if "raised" in reply else None
        if parameters is not None:
            return {"unusable": f"a function of {parameters}"}
        if twice and "returned" in reply:
            second = self._call(target, copied(given))  # whether that changes an argument too is nothing new
            reply["again"] = {"same": True} if second == {**reply, "changed": []} else second
        return reply

    def _call(
        self, target: Callable[..., Any], own: list[Any], given: list[wire.Value] | None = None
    ) -> dict[str, wire.Value]:
        by_hand.breaches()
        try:
            returned = to_wire(target(*own), self._objects.keep)
            changed = [at for at, before in enumerate(given or ()) if is_changed(own[at], before)]
        except BaseException as error:  # noqa: BLE001 - whatever the student's code raises is an answer
            return {"raised": self._error(error), "breaches": self._breaches()}
        return {"returned": returned, "changed": changed, "breaches": self._breaches()}

    def _breaches(self) -> list[list[Any]]:
        places = [place for place in by_hand.breaches() if place[0] in self._files]
        return [[self._files[filename], line, function] for filename, line, function in places[:1]]

    def probe(self, name: str, arguments: list[wire.Value]) -> dict[str, wire.Value]:
        """Make or read an object that stays here."""
        try:
            found = [from_wire(argument, self._objects.find) for argument in arguments]
            return {"returned": to_wire(PROBES[name](*found), self._objects.keep)}
        except BaseException as error:  # noqa: BLE001 - the object is the student's
            return {"raised": self._error(error)}

    def _question(self, name: str, channel: Channel, positions: Positions) -> Callable[..., Any]:
        """Return a function that has the grader answer its calls; `positions` undoes the student's own names."""

        def ask(*arguments: Any, **keywords: Any) -> Any:
            arguments, keywords = positions(arguments, keywords)
            keep = self._objects.keep
            question = {"ask": name, "arguments": to_wire(list(arguments), keep), "keywords": to_wire(keywords, keep)}
            packed = wire.pack(question)
            reply = self._answers.get(packed)
            if reply is None:
                reply = self._asked(channel, packed)
                if not wire.holds_objects([question, reply]):  # which may have changed until they are asked about again
                    self._answers[packed] = reply
            if "refused" in reply:
                raise ValueError(reply["refused"])
            return from_wire(reply["answer"], self._objects.find)

        ask.__name__ = ask.__qualname__ = name
        return ask

    def _asked(self, channel: Channel, packed: bytes) -> dict[str, wire.Value]:
        channel.send_packed(packed)
        reply = channel.receive()
        while reply.get("op") == "probe":
            channel.send(self.probe(reply["probe"], reply["arguments"]))
            reply = channel.receive()
        return reply

    def _error(self, error: BaseException) -> dict[str, wire.Value]:
        report: dict[str, wire.Value] = {
            "type": _text(lambda: type(error).__name__),
            "text": _text(lambda: explained(error) or str(error)),
        }
        if isinstance(error, MemoryError) or "DefaultCPUAllocator" in report["text"]:
            report.update(type="MemoryError", text="it wants more memory than there is for it")
        report["trace"] = self._trace(error)
        if isinstance(error, SyntaxError):
            report["type"] = "SyntaxError" if type(error).__name__ == "SyntaxError" else report["type"]
            report["text"] = _text(lambda: str(error.msg))
            if isinstance(error.filename, str) and error.filename in self._files:
                line = error.text or linecache.getline(error.filename, error.lineno or 0)
                report["syntax"] = [error.lineno, error.offset, _text(lambda: line)]
        if isinstance(error, NotImplementedError):
            report["type"] = "NotImplementedError"
        return report

    def _trace(self, error: BaseException) -> list[list[Any]]:
        """The student's own lines of the traceback: label, line number, function, text; innermost last."""
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in self._files]
        return [
            [self._files[frame.filename], frame.lineno, frame.name[:200], (frame.line or "")[:300]]
            for frame in frames[-MAX_TRACE:]
        ]


class _Magic:
    """What `get_ipython()` gives here: all that notebooks ask of it does nothing."""

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_arguments, **_keywords: None


def _positions(own: Any) -> Positions:
    """Return what puts the arguments of a call into the order of the student's own parameters, where that is known.

    A caller may use names that only the student's function has.
    """
    try:
        signature = inspect.signature(own)
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


def _redirect(own: Any, ask: Callable[..., Any]) -> None:
    """Have `ask` answer also the calls by what holds the student's function itself: a table, a partial, an object."""
    if isinstance(own, types.FunctionType):
        replace_body(own, ask)
    elif isinstance(own, types.MethodType) and isinstance(own.__func__, types.FunctionType):
        function, instance = own.__func__, own.__self__
        original = types.FunctionType(
            function.__code__, function.__globals__, function.__name__, function.__defaults__, function.__closure__
        )
        original.__kwdefaults__ = function.__kwdefaults__

        def method(self: Any, *arguments: Any, **keywords: Any) -> Any:
            # Another object of the same class is not the function that is graded.
            return (ask if self is instance else functools.partial(original, self))(*arguments, **keywords)

        replace_body(function, method)
    elif callable(own) and not isinstance(own, type):
        kind = type(own)
        slots = {} if hasattr(own, "__dict__") else {"__slots__": ()}
        call = {"__call__": lambda _self, *arguments, **keywords: ask(*arguments, **keywords)}
        with contextlib.suppress(Exception):  # a builtin, or a class that does not want to be changed
            own.__class__ = type(kind.__name__, (kind,), {**slots, **call})


def _future_flags(tree: ast.Module) -> int:
    """Return the compiler's flags for a module's own `from __future__ import …`, which each of its parts needs."""
    names = [
        alias.name
        for statement in tree.body
        if isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        for alias in statement.names
    ]
    return sum(getattr(__future__, name).compiler_flag for name in names)


def _unfit(target: Callable[..., Any], arguments: list[Any]) -> str | None:
    """Return the function's parameters as written where it cannot be called with these arguments."""
    try:
        signature = inspect.signature(target)
    except Exception:  # noqa: BLE001 - a builtin, or a class of the student's: the call itself will tell
        return None
    try:
        signature.bind(*arguments)
    except TypeError:
        return "(" + ", ".join(signature.parameters) + ")"
    return None


def _text(make: Callable[[], str]) -> str:
    try:
        return str(make())[:MAX_ERROR_TEXT]
    except BaseException:  # noqa: BLE001 - the text comes from a class of the student's
        return "(an exception that cannot be shown)"
