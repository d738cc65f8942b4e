"""A worker as the grader sees it: load a file, call a function, and learn how it went or how the worker was lost."""

from __future__ import annotations

import dataclasses
import functools
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, TypeVar

from autograder.host import answers
from autograder.host.answers import Answer, Answerer, Case, Frame, Loaded, Raised, Returned, WorkerLost
from autograder.host.deadline import Late, raising_late
from autograder.host.pipe import Gone, Overfull, Pipe, TooLarge
from autograder.host.tensors import decode, encode
from autograder.model import Limits, Message, Submission, message
from autograder.worker import wire

MAX_NAMES, MAX_TOLD = 100_000, 1000  # names that a file defines, and cells whose end is told
MAX_NAME, MAX_LINE, MAX_TEXT = 200, 300, 2000  # characters of a text
MAX_FRAMES, MAX_LINES = 6, 10**6
MAX_CELLS = 100_000
MAX_KINDS = 12  # variables of which an exception tells what they are
READ_SECONDS = 10.0  # a text that takes longer to parse has its verdict all the same
# What the grader computes with in a worker's place: items of a question, and of what a probe reads (60,000 batches of
# nothing took minutes); and bytes of the objects that a question is about, which broadcasting squares.
MAX_ASKED_ITEMS, MAX_PROBED_ITEMS, MAX_PROBED = 100_000, 10_000, 32 << 10
# What reading a reply can raise where it does not say what it should.
MALFORMED = (wire.ProtocolError, AttributeError, KeyError, TypeError, ValueError, OverflowError, RuntimeError)

LATE = "no answer within {seconds} seconds; is there a loop that never ends?"
TOO_MUCH = "is asked about far more than an exercise needs"
NO_ANSWER = message("the process sent something that is no answer")


class TooMany(Exception):
    """More questions than one call may ask."""


MISDEEDS = {
    TooMany: message("it calls the other functions thousands of times"),
    Overfull: message("it writes far more or larger files than an exercise needs"),
    TooLarge: message("its answer is larger than any that can be due"),
}

Exchanged = TypeVar("Exchanged")
Kind = Literal["script", "notebook", "exported"]  # how a file is read


class Worker:
    """One process with one submission, for a Session. Every method gives an answer or a `WorkerLost`, and is then over.

    `end` kills the process and returns how it ended: its exit code, or minus the signal. `is_by_hand` tells whether
    autograd was found to be off before the submission was loaded, `reached` which of its cells was begun last, by
    number and label, `alive` whether the worker can still be asked. Seconds are those of the worker's own clock.
    """

    def __init__(self, pipe: Pipe, end: Callable[[], int], limits: Limits) -> None:
        self._pipe, self._end, self._limits = pipe, end, limits
        self._requests = 0
        self._due = 0  # answers to the calls sent last that have not been read
        self._by_reference: frozenset[str] = frozenset()  # functions whose calls the student's code may ask about
        self.reached: tuple[int, str] | None = None
        self.is_by_hand = False
        self.alive = True

    def printed(self) -> str:
        """Return, and forget, what the student's code has printed since last asked; at most `Limits.output` bytes."""
        return self._pipe.printed()

    @property
    def starved(self) -> float:
        """For how many seconds others had the processors that it needed."""
        return self._pipe.starved

    @property
    def disk_was_full(self) -> bool:
        """Whether no space was left at some moment."""
        return self._pipe.was_full

    def is_ready(self) -> bool:
        """Whether it has been set up: it says so once, before it is asked anything."""
        try:
            hello = self._pipe.receive(self._pipe.now() + self._limits.load_seconds)
            self.is_by_hand = hello.get("by_hand") is True
            return hello.get("id") == 0
        except (Late, Gone, *MALFORMED):
            self.close()
            return False

    def fingerprint(self, submission: Submission) -> tuple[int, ...] | WorkerLost:
        """Parse a submission's text, before any of it is run, for the hashes by which near-identical ones are found."""
        request = {"op": "fingerprint", "codes": [cell.code for cell in submission.cells]}

        def read(reply: dict[str, Any]) -> tuple[int, ...]:
            return tuple(int(each) & 0xFFFFFFFF for each in reply["fingerprint"][:MAX_NAMES])

        return self._ask(request, READ_SECONDS, read)

    def load(
        self,
        submission: Submission,
        module: str,
        kind: Kind | None = None,
        left_out: Iterable[int] = (),
        seconds: float | None = None,
    ) -> Loaded | WorkerLost:
        """Run a submission's cells, but for those `left_out`; `reached` is the one that runs, or ran last.

        `kind` is how the file is read, by default as what it is; `seconds` is each cell's deadline, by default the one
        of the limits. A script gets a real file, which it may read and locate data from; OSError where it cannot be
        written, as on a full disk, which is nobody's mistake.
        """
        if not submission.is_notebook:
            script = self._pipe.scratch / "exercises" / f"{module}.py"
            script.write_bytes("\n".join(cell.code for cell in submission.cells).encode())
        cells: list[wire.Value] = [[cell.label, cell.code] for cell in submission.cells]
        kind = kind or ("notebook" if submission.is_notebook else "script")
        request = {"op": "load", "module": module, "kind": kind, "cells": cells, "left_out": list(left_out)}
        seconds = self._limits.load_seconds if seconds is None else seconds

        def exchange(deadline: float) -> Loaded:
            self._send(request, deadline)
            for number in range(MAX_CELLS):
                reply = self._reply(self._pipe.now() + seconds, None)
                if "cell" not in reply:
                    return _loaded(reply)
                self.reached = number, str(reply["cell"][1])[:MAX_NAME]
            raise TooMany

        return self._exchange(exchange, seconds)

    def answer_by_reference(self, functions: list[str]) -> WorkerLost | None:
        """From now on have the student's calls to these functions answered by the `answerer` of each call."""
        self._by_reference |= frozenset(functions)
        request = {"op": "answer_by_reference", "functions": functions}
        return self._ask(request, self._limits.load_seconds, lambda _: None)

    def call(
        self,
        function: str,
        arguments: list[Any],
        seconds: float,
        answerer: Answerer | None = None,
        *,
        twice: bool = False,
    ) -> Answer:
        """Call a function of the submission, once or twice, with copies of the arguments; `seconds` is the deadline."""
        lost = self.send_calls(function, (Case(tuple(arguments)),), seconds, twice=twice, kept=False)
        return lost or self.answer(seconds, answerer)

    def send_calls(
        self, function: str, cases: tuple[Case, ...], seconds: float, *, twice: bool = False, kept: bool = True
    ) -> WorkerLost | None:
        """Have a function called with one case after the other, once or twice each; `answer` reads what comes of it.

        `kept` keeps what the cases are sent as: the submissions of a class get the same ones.
        """
        pack = _packed_once if kept else _packed
        self._due = len(cases)
        request: dict[str, wire.Value] = {"op": "call", "function": function, "twice": twice}
        return self._exchange(lambda deadline: self._send(request, deadline, pack(cases)), seconds)

    def answer(self, seconds: float, answerer: Answerer | None = None) -> Answer:
        """Return the next answer to the calls that were sent; there are no more where nothing can be called."""
        self._due -= 1
        answer = self._exchange(lambda deadline: _answer(self._reply(deadline, answerer)), seconds)
        if not isinstance(answer, Returned | Raised):
            self._due = 0
        return answer

    @property
    def is_due(self) -> bool:
        """Whether there are calls under way whose answers nobody has read."""
        return self._due > 0

    def settled(self, seconds: float) -> bool:
        """Let the calls come to their end whose answers nobody has read; False where the worker is lost over them."""
        deadline = self._pipe.now() + seconds
        while self.alive and self._due:
            self.answer(deadline - self._pipe.now())
        return self.alive

    def probe(self, name: str, arguments: list[Any], seconds: float) -> Returned | Raised | WorkerLost:
        """Make or read an object that stays in the worker."""
        return self._ask(_probing(name, arguments), seconds, _probed)

    def close(self) -> int:
        """End the process with all it started; how it ended."""
        if not self.alive:
            return 0
        self.alive = False
        status = self._end()
        self._pipe.close()
        return status

    def _ask(
        self, request: dict[str, wire.Value], seconds: float, read: Callable[[dict[str, Any]], Exchanged]
    ) -> Exchanged | WorkerLost:
        """One request, one answer."""

        def exchange(deadline: float) -> Exchanged:
            self._send(request, deadline)
            return read(self._reply(deadline, None))

        return self._exchange(exchange, seconds)

    def _exchange(self, exchange: Callable[[float], Exchanged], seconds: float) -> Exchanged | WorkerLost:
        """Return what comes of an exchange that has its deadline; the worker is lost over what goes wrong."""
        try:
            return exchange(self._pipe.now() + seconds)
        except Late:
            self.close()
            return WorkerLost("late", message(LATE, seconds=f"{seconds:g}"))
        except Gone:
            return WorkerLost("died", _ending(self.close()))
        except (TooMany, Overfull, *MALFORMED) as error:
            self.close()
            return WorkerLost("protocol", MISDEEDS.get(type(error), NO_ANSWER))

    def _send(self, request: dict[str, wire.Value], deadline: float, then: bytes = b"") -> None:
        if self._pipe.pending():
            raise wire.ProtocolError("an answer to nothing")  # sent before, or twice
        self._requests += 1
        self._pipe.send(wire.pack({**request, "id": self._requests}) + then, deadline)

    def _reply(self, deadline: float, answerer: Answerer | None) -> dict[str, wire.Value]:
        """Return the next reply to the last request; the questions before it are counted and answered."""
        for _ in range(self._limits.questions + 1):
            reply = self._pipe.receive(deadline)
            if answerer is None or "ask" not in reply:
                if reply.get("id") != self._requests:
                    raise wire.ProtocolError("a reply to nothing")
                return reply
            with raising_late(time.monotonic() + deadline - self._pipe.now()):  # its arguments may be made to take long
                answered = wire.pack(self._answered(reply, answerer, deadline))
            self._pipe.send(answered, deadline)
        raise TooMany

    def _answered(self, question: dict[str, Any], answerer: Answerer, deadline: float) -> dict[str, wire.Value]:
        """Have a question of the student's code answered; what goes wrong in a probe is raised, whoever caught it."""
        losses: list[Exception] = []

        def probe(name: str, *arguments: Any) -> Any:
            request = wire.pack(_probing(name, list(arguments)))
            try:
                self._pipe.send(request, deadline)
                answer = self._pipe.receive(deadline)
                reply = _probed(answer)
            except Exception as error:
                losses.append(error)
                raise
            if isinstance(reply, Raised):
                raise answers.ProbeFailed(f"{reply.type_name}: {reply.text}")
            arrays = (item for item in wire.items(answer["returned"]) if isinstance(item, wire.Array))
            if sum(len(array.data) for array in arrays) > MAX_PROBED:
                raise answers.ProbeFailed("it holds too many numbers")
            return reply.value

        if question["ask"] not in self._by_reference:
            raise wire.ProtocolError("a question that nobody may ask")  # as about the very function that is judged
        if wire.is_longer(question, MAX_ASKED_ITEMS):
            return {"refused": f"{question['ask']} {TOO_MUCH}"}
        arguments, keywords = decode(question["arguments"]), decode(question["keywords"])
        identity = None if wire.holds_objects(question) else wire.pack(question)
        asked = answers.Question(question["ask"], list(arguments), dict(keywords), probe, identity)
        try:
            return {"answer": encode(answerer(asked))}
        except answers.Refusal as refusal:
            return {"refused": str(refusal)[:1000]}
        finally:
            if losses:
                raise losses[0]


def _loaded(reply: dict[str, Any]) -> Loaded:
    """Read what loading came to; a submission of ours has fewer names and cells than these bounds."""
    names = tuple(str(name)[:MAX_NAME] for name in reply["callables"][:MAX_NAMES])
    stopped, absent = (
        tuple((str(label)[:MAX_NAME], _raised(error)) for label, error in reply[part][:MAX_TOLD])
        for part in ("stopped", "absent")
    )
    return Loaded(names, stopped, absent)


def _packed(cases: tuple[Case, ...]) -> bytes:
    return wire.pack({"cases": [[encode(argument) for argument in case.arguments] for case in cases]})


_packed_once = functools.lru_cache(maxsize=500)(_packed)


def _answer(reply: dict[str, Any]) -> Answer:
    if "returned" in reply:
        changed = tuple(int(index) for index in reply["changed"] if index >= 0)
        first = Returned(decode(reply["returned"]), changed, _breach(reply))
        if "again" not in reply:
            return first
        again = first if reply["again"].get("same") is True else _answer(reply["again"])
        second = again if isinstance(again, Returned) else None
        return dataclasses.replace(first, again=second, overwrites=reply.get("overwrites") is True)
    if "raised" in reply:
        return dataclasses.replace(_raised(reply["raised"]), breach=_breach(reply))
    return answers.NotCallable(str(reply["unusable"])[:300])


def _breach(reply: dict[str, Any]) -> Frame | None:
    return _frame([*reply["breaches"][0], ""]) if reply["breaches"] else None


def _frame(parts: Sequence[object]) -> Frame:
    label, line, function, text = parts
    return Frame(str(label)[:MAX_NAME], _line(line), str(function)[:MAX_NAME], str(text)[:MAX_LINE])


def _raised(error: dict[str, Any]) -> Raised:
    """Read an exception; the bounds are the worker's own, which a forged reply would not keep."""
    trace = tuple(map(_frame, error["trace"][-MAX_FRAMES:]))
    syntax = None
    if "syntax" in error:
        line, column, text = error["syntax"]
        shown = str(text)[:MAX_TEXT]
        syntax = (_line(line), min(_line(column), len(shown) + 1), shown)
    name = str(error["type"])[:MAX_NAME] or "an exception without a name"
    names = tuple((str(each)[:MAX_NAME], str(kind)[:MAX_NAME]) for each, kind in error.get("names", ())[:MAX_KINDS])
    near = str(error.get("near", ""))[:MAX_NAME]
    return Raised(name, str(error["text"])[:MAX_TEXT], trace, syntax, names=names, near=near)


def _line(number: Any) -> int:
    """Return a line or column as one that a file could have."""
    return max(0, min(int(number or 0), MAX_LINES))


def _probing(name: str, arguments: list[Any]) -> dict[str, wire.Value]:
    return {"op": "probe", "probe": name, "arguments": [encode(argument) for argument in arguments]}


def _probed(reply: dict[str, Any]) -> Returned | Raised:
    if "raised" in reply:
        return _raised(reply["raised"])
    if wire.is_longer(reply["returned"], MAX_PROBED_ITEMS):
        raise TooLarge("an object of too many parts")
    return Returned(decode(reply["returned"]))


def _ending(status: int) -> Message:
    """Say how a process ended that nobody asked to."""
    if status == -24:  # SIGXCPU
        return message("your code used up its processor time; is there a loop that never ends?")
    if status == -11:  # SIGSEGV
        return message("your code crashed the Python process (segmentation fault)")
    if status < 0:
        return message("your code ended the Python process (signal {signal})", signal=-status)
    return message("your code ended the Python process (exit code {status})", status=status)
