"""The worker: loads a student's file and answers "call this function with these values", one request at a time.

Requests and replies are dicts in the encoding of wire.py:

    {"id", "op": "fingerprint", "codes": [texts]}
        -> {"id", "fingerprint": [hashes]}              of a file that has not been loaded yet
    {"id", "op": "load", "module", "kind": "script", "notebook" or "exported", "cells": [[label, code]],
     "left_out": [numbers]}
        -> {"id", "cell": [number, label]}              before each cell that is run, and at last
           {"id", "callables": [names], "stopped": [[label, error]], "absent": [[label, error]]}
    {"id", "op": "answer_by_reference", "functions": [names]}
        -> {"id"}                                       these names ask the grader from now on
    {"id", "op": "call", "function", "twice": bool}, and then {"cases": [[values]]}, the arguments of a call each
        -> {"id", "returned", "changed": [positions], "breaches": [[label, line, function]]}, and for twice "again",
           the reply to a second identical call, or {"same": true} where it is the first one over again, and
           "overwrites": whether what an earlier call had returned has become something else
        or {"id", "raised": error, "breaches"}
        or {"id", "unusable": text}                     no such function, or one that takes other arguments
        one reply a case, up to the first that has not "returned"
    {"id", "op": "probe", "probe": name, "arguments": [values]}
        -> {"id", "returned"} or {"id", "raised"}       make or read an object that stays here

While a call runs, a function that is answered by the reference sends {"ask": name, "arguments", "keywords"} and gets
{"answer": value} or, where there is none, {"refused": text}; before that it may be asked for probes.
Nothing here is trusted by the other side: the student's code shares this interpreter.
"""

from __future__ import annotations

import contextlib
import inspect
import os
import random
import socket
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from autograder.submissions.fingerprint import hashes_of
from autograder.worker import by_hand, wire
from autograder.worker.exceptions import described
from autograder.worker.loading import LoadedFile, Progress
from autograder.worker.probes import PROBES, Objects, watch_optimizers
from autograder.worker.reference import ReferenceCalls
from autograder.worker.values import arrays, copied, from_wire, is_changed, read, to_wire

AT_ONCE = 64 << 10  # bytes read in one go: a request rarely has more


def serve(descriptor: int) -> None:
    """Answer requests until the grader hangs up."""
    channel = Channel(descriptor)
    _standard_streams()
    random.seed(0)  # which a fork has seeded anew; the fork server has seeded the others
    responder: Responder | None = None
    channel.send(wire.pack({"id": 0, "by_hand": by_hand.holds()}))
    while True:
        request = channel.receive()
        reply: dict[str, wire.Value] = {}
        if request["op"] == "fingerprint":
            reply = {"fingerprint": sorted(hashes_of(request["codes"]))}
        elif request["op"] == "load":
            loaded = LoadedFile(request["module"], request["kind"])
            responder = Responder(loaded, channel)
            warnings.formatwarning = partial(_warning, loaded.files)
            reply = loaded.load(request["cells"], request["left_out"], _progress(channel, request["id"]))
        elif responder is not None and request["op"] == "answer_by_reference":
            responder.reference.replace(request["functions"], responder.namespace)
        elif responder is not None and request["op"] == "call":
            for arguments in channel.receive()["cases"]:
                reply = responder.call(request["function"], arguments, twice=request["twice"])
                if not _answer(channel, request["id"], reply):
                    break  # there is nothing to call, or nobody can be told
            continue
        elif responder is not None and request["op"] == "probe":
            reply = responder.probe(request)
        _answer(channel, request["id"], reply)


def _progress(channel: Channel, request: int) -> Progress:
    def progress(number: int, label: str) -> None:
        channel.send(wire.pack({"id": request, "cell": [number, label]}))

    return progress


def _answer(channel: Channel, number: int, reply: dict[str, wire.Value]) -> bool:
    """Send a reply, or why it cannot be sent; whether a value or an exception has gone out."""
    _flush()
    try:
        channel.send(wire.pack({"id": number, **reply}))
    except (wire.ProtocolError, MemoryError) as error:
        why = "is too large to be sent" if isinstance(error, MemoryError) else str(error)
        channel.send(wire.pack({"id": number, "unusable": f"a function whose answer {why}"}))
        return False
    return "unusable" not in reply


def hide_ourselves() -> None:
    """Keep our own modules from being imported and patched by name. Who walks up the frames still finds them.

    Done before a worker is forked: to look at each module's name is to copy the page that it lies on.
    """
    for name in [name for name in sys.modules if name.partition(".")[0] == __name__.partition(".")[0]]:
        del sys.modules[name]


def _standard_streams() -> None:
    """Give the process standard streams of its own, where it would have the fork server's.

    Not before it is forked: a stream remembers whether its descriptor could seek when it was made.
    """
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - a descriptor, open for life
    for name, descriptor in (("stdout", 1), ("stderr", 2)):
        # backslashreplace: printing half of a surrogate pair is odd, but no reason to fail.
        stream = open(descriptor, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.argv = [""]


def _warning(
    files: Mapping[str, str],
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    line: str | None = None,
) -> str:
    """A warning at the line of the student's that it comes from, for a library's says nothing to its reader."""
    frame = None if filename in files else sys._getframe()
    while frame is not None:
        if frame.f_code.co_filename in files:
            filename, lineno = frame.f_code.co_filename, frame.f_lineno
            break
        frame = frame.f_back
    place = files.get(filename) or filename.rpartition("/")[2]
    return f"{place}, line {lineno}: {category.__name__}: {message}\n"


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """Let what is printed go nowhere: whoever reads it must not wonder why each line comes twice.

    The streams stay the same objects, since a second call must not find other ones.
    """
    _flush()
    kept: dict[int, int] = {}
    with contextlib.suppress(OSError):  # out of descriptors: then it is printed
        kept = {number: os.dup(number) for number in (1, 2)}
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for number in kept:
            os.dup2(nowhere, number)
        os.close(nowhere)
    try:
        yield
    finally:
        _flush()
        for number, before in kept.items():
            os.dup2(before, number)
            os.close(before)


def _flush() -> None:
    for name in ("stdout", "stderr", "__stdout__", "__stderr__"):
        with contextlib.suppress(Exception):  # the student may have closed, replaced or deleted it
            getattr(sys, name).flush()


class Channel:
    """The worker's end of the pipe: a socket for frames."""

    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._arrived = bytearray()

    def send(self, frame: bytes) -> None:
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


class Responder:
    """Answers the requests about a loaded file, whose functions are found by name at each call, as Python does."""

    def __init__(self, loaded: LoadedFile, channel: Channel) -> None:
        self.namespace, self._files, self._loaded, self._channel = loaded.namespace, loaded.files, loaded, channel
        self._objects = Objects()
        self.reference = ReferenceCalls(self._ask, self._objects)
        self._value: Any = None  # of the last call
        self._earlier: dict[str, list[tuple[Any, wire.Value]]] = {}  # what functions have returned last, and as it was
        watch_optimizers()

    def call(self, function: str, arguments: list[wire.Value], *, twice: bool) -> dict[str, wire.Value]:
        """Call a function with fresh copies of the arguments and report what it did to them."""
        target = self.namespace.get(function)
        if not callable(target):
            return {"unusable": "missing" if target is None else f"of type {type(target).__name__}, no function"}
        self._objects.forget()
        self.reference.forget()
        given = [read(argument, self._objects.find) for argument in arguments]
        first = copied(given)
        reply, value = self._call(function, target, first, arguments), self._value
        # Asked only now: it takes as long as many a call.
        parameters = _unfit(target, first) if "raised" in reply else None
        if parameters is not None:
            return {"unusable": f"a function of {parameters}"}
        if twice and "returned" in reply and not wire.is_large(arguments):
            with _silence():
                second = self._call(function, target, copied(given), arguments)
            is_same = {**second, "changed": []} == {**reply, "changed": []}
            reply["changed"] = sorted({*reply["changed"], *second.get("changed", ())})
            reply["again"] = {"same": True} if is_same else second
            reply["overwrites"] = self._overwrites(function, value)
        return reply

    def _overwrites(self, function: str, value: Any) -> bool:
        """Whether arrays that the function returned before have changed since; from now on it is these."""
        try:
            before = self._earlier.get(function, [])
            self._earlier[function] = [(array, to_wire(array)) for array in arrays(value)]
            return any(to_wire(array) != data for array, data in before)
        except Exception:  # noqa: BLE001 - the arrays are the student's
            return False

    def probe(self, request: dict[str, Any]) -> dict[str, wire.Value]:
        try:
            arguments = [from_wire(argument, self._objects.find) for argument in request["arguments"]]
            return {"returned": to_wire(PROBES[request["probe"]](*arguments), self._objects.keep)}
        except BaseException as error:  # noqa: BLE001 - the object is the student's
            return {"raised": described(error, self._files)}

    def _ask(self, question: bytes) -> dict[str, wire.Value]:
        """Send the grader a question; its answer, before which it may want probes."""
        self._channel.send(question)
        reply = self._channel.receive()
        while reply.get("op") == "probe":
            self._channel.send(wire.pack(self.probe(reply)))
            reply = self._channel.receive()
        return reply

    def _call(
        self, function: str, target: Callable[..., Any], arguments: list[Any], sent: list[wire.Value]
    ) -> dict[str, wire.Value]:
        by_hand.breaches()
        try:
            self._value = target(*arguments)
            returned = to_wire(self._value, self._objects.keep)
            changed = [index for index, before in enumerate(sent) if is_changed(arguments[index], before)]
        except BaseException as error:  # noqa: BLE001 - whatever the student's code raises is an answer
            return {"raised": described(error, self._files), "breaches": self._breaches(function)}
        return {"returned": returned, "changed": changed, "breaches": self._breaches(function)}

    def _breaches(self, function: str) -> list[list[Any]]:
        reached = by_hand.breaches()
        places = [place for place in reached if place[0] in self._files]
        if reached and not places:  # the function is another name of torch's own, or a partial of it
            places = [(*place, function) for place in self._loaded.assignments(function)]
        return [[self._files[filename], line, function] for filename, line, function in places[:1]]


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
