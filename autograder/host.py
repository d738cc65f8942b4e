"""The trusted side of the pipe: start the template, get workers from it, call with a deadline, kill, drain output.

Nothing that arrives here is believed: a frame is checked against the encoding before a byte of it is used, and a
worker that is late, gone or off the protocol is killed. torch is imported late, so that a template that was started
first imports its own at the same time.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from types import TracebackType
from typing import Any, Self

from autograder.answers import Answer, Answerer, Frame, Lost, Raised, Refusal, Returned, Unusable
from autograder.errors import GraderError
from autograder.model import Foreign, Limits, Problem, Submission, message
from autograder.worker import wire

# All that a worker's environment may hold besides what confine.py sets: where libraries lie, how numpy computes.
ENVIRONMENT = ("LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "SYSTEMROOT")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
# -I keeps the current folder and PYTHON* variables out; the package's own folder is on the path for one import only.
BOOTSTRAP = (
    f"import sys; sys.path.insert(0, {str(Path(__file__).resolve().parent.parent)!r}); "
    "from autograder.worker.__main__ import main; del sys.path[0]; main()"
)
# Libraries that a submission may draw with; imported in the template when asked for, since they take long.
WARM_MODULES = {"matplotlib": "matplotlib.pyplot"}


class Template:
    """A process that holds torch and nothing secret, and forks workers."""

    def __init__(self) -> None:
        self._warm: set[str] = set()
        self._launch()

    @classmethod
    def start(cls) -> Self:
        """Start the process and return at once, while it imports torch."""
        return cls()

    def _launch(self) -> None:
        ours, theirs = socket.socketpair()
        environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
        environment |= ONE_THREAD | {"MPLBACKEND": "Agg", "MPLCONFIGDIR": str(_matplotlib_cache())}
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-I", "-X", "utf8", "-c", BOOTSTRAP, str(theirs.fileno())],
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=[theirs.fileno()],
            start_new_session=True,  # Ctrl-C is for the grader, which then ends its workers in order
        )
        theirs.close()
        self._control = ours

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the template and all its workers."""
        self._control.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()

    def worker(self, datasets: Path, limits: Limits) -> Worker:
        """Fork a worker in a scratch folder of its own, from which it sees the data sets where the kit has them."""
        scratch = _scratch_folder(datasets)
        ours, theirs = socket.socketpair()
        reading, writing = os.pipe()
        request = {"op": "fork", "scratch": str(scratch), "limits": _resource_limits(limits)}
        try:
            pid = self._insist(request, [theirs.fileno(), writing])["pid"]
        finally:
            theirs.close()
            os.close(writing)
        return Worker(self, pid, ours, reading, scratch, limits)

    def warm(self, packages: Iterable[str]) -> None:
        """Import once, for all workers, the drawing libraries among some packages."""
        wanted = {WARM_MODULES[package] for package in packages if package in WARM_MODULES} - self._warm
        if wanted:
            self._insist({"op": "import", "modules": sorted(wanted)})
            self._warm |= wanted

    def end(self, pid: int) -> int:
        """Kill a worker with all it started; how it ended: its exit code, or minus the signal."""
        reply = self._request({"op": "end", "pid": pid})
        return int(reply["status"]) if reply else -int(signal.SIGKILL)

    def _insist(self, request: dict[str, Any], descriptors: list[int] | None = None) -> dict[str, Any]:
        """Ask, and where the template has gone (a worker may have killed it) a new one; GraderError if that is no use."""
        reply = self._request(request, descriptors)
        if reply is None:
            last_words = self._last_words()
            self.close()
            self._launch()
            self._warm.clear()
            reply = self._request(request, descriptors)
            if reply is None:
                raise GraderError(f"the worker process does not start: {last_words}")
        return reply

    def _request(self, request: dict[str, Any], descriptors: list[int] | None = None) -> dict[str, Any] | None:
        """Ask the template; None where it has gone."""
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], descriptors or [])
            reply = self._control.recv(65536)
        except OSError:
            return None
        return dict(json.loads(reply)) if reply else None

    def _last_words(self) -> str:
        stderr = self._process.stderr
        text = stderr.read().decode(errors="replace").strip() if stderr is not None else ""
        return text.splitlines()[-1] if text else "it said nothing"


class Worker:
    """One forked process with one submission. Every method returns an answer or a `Lost`; after a `Lost` it is dead."""

    def __init__(
        self, template: Template, pid: int, rpc: socket.socket, output: int, scratch: Path, limits: Limits
    ) -> None:
        self._template, self._pid, self._rpc, self._output = template, pid, rpc, output
        self._scratch, self._limits = scratch, limits
        self._printed = bytearray()
        self._requests = 0
        self._status: int | None = None
        rpc.setblocking(False)
        os.set_blocking(output, False)

    @property
    def alive(self) -> bool:
        """Whether it can still be called."""
        return self._status is None

    def printed(self) -> str:
        """Return, and forget, what the student's code has printed since last asked; at most `Limits.output` bytes."""
        self._drain()
        text = self._printed.decode(errors="replace")
        self._printed.clear()
        return text

    def load(self, submission: Submission, module: str) -> tuple[list[str], list[tuple[str, Raised]]] | Lost:
        """Run a submission's cells; the names that can be called then, and the cells that stopped, each with why."""
        cells = [[cell.label, cell.code] for cell in submission.cells]
        request = {"op": "load", "module": module, "cells": cells, "notebook": submission.is_notebook}
        reply = self._ask(request, self._limits.load_seconds)
        if isinstance(reply, Lost):
            return reply
        try:
            names = [str(name) for name in reply["callables"]]
            return names, [(str(label), _raised(error)) for label, error in reply["stopped"]]
        except (KeyError, TypeError, ValueError):
            return self._lose("protocol")

    def stand_in(self, functions: list[str]) -> Lost | None:
        """From now on let the student's calls to these functions be answered by the `answerer` of each call."""
        reply = self._ask({"op": "stand_in", "functions": functions}, self._limits.load_seconds)
        return reply if isinstance(reply, Lost) else None

    def call(self, function: str, arguments: list[Any], seconds: float, answerer: Answerer | None = None) -> Answer:
        """Call a function of the submission with copies of the arguments; `seconds` is the deadline."""
        request = {"op": "call", "function": function, "arguments": [encode(argument) for argument in arguments]}
        reply = self._ask(request, seconds, answerer)
        if isinstance(reply, Lost):
            return reply
        try:
            return _answer(reply)
        except (KeyError, TypeError, ValueError):
            return self._lose("protocol")

    def close(self) -> None:
        """Kill the process with all it started and remove its scratch folder."""
        if not self.alive:
            return
        status = self._template.end(self._pid)
        self._drain()  # what it printed last
        self._status = status
        self._rpc.close()
        os.close(self._output)
        _remove(self._scratch)

    def _ask(
        self, request: dict[str, wire.Value], seconds: float, answerer: Answerer | None = None
    ) -> dict[str, wire.Value] | Lost:
        """One request, one answer with its number; the questions in between are counted and answered."""
        self._requests += 1
        deadline = time.monotonic() + seconds
        try:
            if self._pending():
                return self._lose("protocol")  # an answer to nothing: sent before, or twice
            self._send(wire.pack({**request, "id": self._requests}), deadline)
            for _ in range(self._limits.questions + 1):
                reply = self._receive(deadline)
                if answerer is None or "ask" not in reply:
                    return reply if reply.get("id") == self._requests else self._lose("protocol")
                self._send(wire.pack(_answered(reply, answerer)), deadline)
            return self._lose("protocol")
        except _Late:
            return self._lose("late", seconds)
        except _Gone:
            return self._lose("died")
        except (wire.ProtocolError, AttributeError):
            return self._lose("protocol")

    def _lose(self, kind: Any, seconds: float = 0) -> Lost:
        self.close()
        if kind == "late":
            reason = message(
                "no answer within {seconds} seconds; is there a loop that never ends?", seconds=f"{seconds:g}"
            )
        elif kind == "died":
            reason = _ending(self._status or 0)
        else:
            reason = message("the process sent something that is no answer")
        return Lost(kind, reason)

    def _pending(self) -> bool:
        try:
            return bool(self._rpc.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return False
        except OSError:
            raise _Gone from None

    def _send(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            try:
                view = view[self._rpc.send(view) :]
            except BlockingIOError:
                self._wait(deadline, writable=True)
            except OSError:
                raise _Gone from None

    def _receive(self, deadline: float) -> dict[str, wire.Value]:
        tree, payload = wire.LENGTHS.unpack(self._read(wire.LENGTHS.size, deadline))
        if tree > wire.MAX_TREE_BYTES or payload > self._limits.answer:
            raise wire.ProtocolError("an answer above its limit")
        value = wire.unpack(self._read(tree, deadline), self._read(payload, deadline))
        if not isinstance(value, dict):
            raise wire.ProtocolError("not a message")
        return value

    def _read(self, size: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < size:
            try:
                part = self._rpc.recv(min(size - len(data), 1 << 20))
                if not part:
                    raise _Gone
                data += part
            except BlockingIOError:
                self._wait(deadline)
            except OSError:
                raise _Gone from None
        return bytes(data)

    def _wait(self, deadline: float, *, writable: bool = False) -> None:
        """Wait until the pipe is ready, reading what is printed meanwhile: a full pipe would block a student's code."""
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise _Late
        with DefaultSelector() as selector:
            selector.register(self._rpc, EVENT_READ if not writable else EVENT_READ << 1)
            selector.register(self._output, EVENT_READ)
            ready = {key.fd for key, _ in selector.select(remaining)}
        if self._output in ready and not self._drain():
            # The student closed it: nothing more to read, and select would return at once for ever.
            time.sleep(0.001)

    def _drain(self) -> bool:
        """Read what has been printed, keep what fits, drop the rest; False at end of file."""
        if not self.alive:
            return False
        for _ in range(64):  # at most 4 MB at a time, so that a flood cannot keep us from the deadline
            try:
                part = os.read(self._output, 65536)
            except BlockingIOError:
                return True
            except OSError:
                return False
            if not part:
                return False
            self._printed += part[: max(0, self._limits.output - len(self._printed))]
        return True


class _Late(Exception):
    pass


class _Gone(Exception):
    pass


def encode(value: Any) -> wire.Value:
    """Return the plain data of an argument or of a reference's answer: tensors, numbers, lists, tuples and dicts."""
    import torch

    if isinstance(value, torch.Tensor):
        plain = value.detach().contiguous()
        return wire.Array(str(plain.dtype).removeprefix("torch."), tuple(plain.shape), plain.numpy().tobytes())
    if isinstance(value, list | tuple):
        return type(value)(encode(item) for item in value)
    if isinstance(value, dict):
        return {key: encode(item) for key, item in value.items()}
    return value


def decode(value: wire.Value) -> Any:
    """Return a value from the pipe: tensors for tensors, Foreign for what had another form or none that can cross."""
    import torch

    if isinstance(value, wire.Array):
        dtype = getattr(torch, value.dtype)
        flat = torch.frombuffer(bytearray(value.data), dtype=dtype) if value.data else torch.zeros(0, dtype=dtype)
        tensor = flat.reshape(value.shape)
        return tensor if value.kind == "torch.Tensor" else Foreign(value.kind, tensor)
    if isinstance(value, wire.Opaque):
        return Foreign(value.type_name)
    if isinstance(value, list | tuple):
        return type(value)(decode(item) for item in value)
    if isinstance(value, dict):
        return {decode(key): decode(item) for key, item in value.items()}
    return value


def _answer(reply: dict[str, Any]) -> Answer:
    if "returned" in reply:
        return Returned(decode(reply["returned"]), tuple(int(at) for at in reply["changed"]))
    if "raised" in reply:
        return _raised(reply["raised"])
    return Unusable(str(reply["unusable"])[:300])


def _raised(error: dict[str, Any]) -> Raised:
    trace = tuple(Frame(str(label), int(line), str(name), str(text)) for label, line, name, text in error["trace"])
    syntax = None
    if "syntax" in error:
        line, column, text = error["syntax"]
        syntax = (int(line or 0), int(column or 0), str(text))
    return Raised(str(error["type"]), str(error["text"]), trace, syntax)


def _answered(question: dict[str, Any], answerer: Answerer) -> dict[str, wire.Value]:
    try:
        arguments, keywords = decode(question["arguments"]), decode(question["keywords"])
        return {"answer": encode(answerer(str(question["ask"]), list(arguments), dict(keywords)))}
    except Refusal as refusal:
        return {"refused": str(refusal)[:1000]}
    except (KeyError, TypeError, ValueError) as error:
        raise wire.ProtocolError(str(error)) from None


def _ending(status: int) -> Any:
    """Say how a process ended: `status` is its exit code, or minus the signal that ended it."""
    if status == -24:  # SIGXCPU
        return message("your code used up its processor time; is there a loop that never ends?")
    if status == -11:  # SIGSEGV
        return message("your code crashed the Python process (segmentation fault)")
    if status < 0:
        return message("your code ended the Python process (signal {signal})", signal=-status)
    return message("your code ended the Python process (exit code {status})", status=status)


def stopped(error: Raised) -> Problem:
    """Say why a file or a cell stopped, and where: a syntax error's line and caret, or the student's own lines."""
    if error.syntax is not None:
        line, column, text = error.syntax
        shown = text.rstrip("\n")
        caret = " " * max(0, column - 1 - (len(shown) - len(shown.lstrip()))) + "^"
        lines = (f"line {line}", f"  {shown.strip()}", f"  {caret}")
        return Problem(message("{kind}: {text}", kind=error.type_name, text=error.text), lines)
    return Problem(_why(error), tuple(trace_lines(error)))


def _why(error: Raised) -> Any:
    if error.type_name == "SystemExit":
        return message("the file calls exit, so Python stops before it reaches the end")
    return message("{kind}: {text}", kind=error.type_name, text=error.text)


def trace_lines(error: Raised) -> list[str]:
    """Return the student's own lines of a traceback, outermost first, ready to print."""
    return [f"{frame.label}, line {frame.line}, in {frame.function}: {frame.text}" for frame in error.trace]


def _resource_limits(limits: Limits) -> dict[str, int]:
    wanted = ("memory", "file_size", "open_files", "processor_seconds")
    return {name: value for name, value in dataclasses.asdict(limits).items() if name in wanted}


def _scratch_folder(datasets: Path) -> Path:
    """Make a folder laid out like the kit: the worker's current folder is its `exercises`, beside it the data sets."""
    scratch = Path(tempfile.mkdtemp(prefix="grade-")).resolve()
    (scratch / "exercises").mkdir()
    for place in (scratch / "datasets", scratch / "exercises" / "datasets"):
        place.symlink_to(datasets)
    return scratch


def _remove(folder: Path) -> None:
    """Remove a scratch folder, whatever rights the student's code left on what is in it."""

    def retry(_function: Any, path: str, _error: Any) -> None:
        with contextlib.suppress(OSError):
            Path(path).parent.chmod(0o700)
            Path(path).chmod(0o700)
            Path(path).unlink()

    shutil.rmtree(folder, onerror=retry)
    shutil.rmtree(folder, ignore_errors=True)


def _matplotlib_cache() -> Path:
    """A folder of ours for matplotlib's font cache: it takes seconds to make and must not be a student's to write."""
    import platformdirs

    folder = Path(platformdirs.user_cache_dir("backprop-exercises")) / "matplotlib"
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return folder
