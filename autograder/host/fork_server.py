"""The fork server, from which workers are forked, and the scratch folders they live in."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Self, TypeVar

from autograder.errors import GraderError, UserError
from autograder.host.pipe import Pipe
from autograder.host.spawned import SpawnedWorkers, bootstrap, can_fork
from autograder.host.worker import Worker
from autograder.model import Isolation, Limits
from autograder.worker import scratch as scratch_folders

# A file that no worker may read: its readability is tried.
SECRET = Path(__file__).resolve().parents[1] / "checks" / "__init__.py"
# All that a worker's environment may hold besides what confine.py sets: where libraries lie, how numpy computes.
ENVIRONMENT = ("LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "SYSTEMROOT")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
BOOTSTRAP = bootstrap("fork_server", "*[int(sys.argv[1]), *sys.argv[2:]]")
# What a submission may draw with or be read by; imported in the fork server when asked for, since it takes long.
WARM_MODULES = {
    "matplotlib": {"matplotlib.pyplot"},
    "IPython": {"IPython.core.interactiveshell", "IPython.core.magics.execution", "traitlets.config", "asyncio"},
}

Asked = TypeVar("Asked")
Off = tuple[str, ...] | None


class ForkServer(contextlib.AbstractContextManager["ForkServer"]):
    """Processes that hold torch and nothing secret, and fork workers: one for all exercises with the same `off`.

    That is what is switched off besides autograd; None where not even autograd is. Whoever grades starts one, asks it
    for a worker for each submission, and closes it at the end.
    """

    def __init__(self, wanted: Isolation | None = None) -> None:
        """`wanted`: the isolation to insist on; by default a sandbox where the system has what it takes."""
        self._wanted = wanted
        self._flavours: dict[Off, _ForkServerProcess | SpawnedWorkers] = {}
        self._leaks: dict[Off, list[str]] = {}

    @classmethod
    def start(cls, *, off: Off = (), isolation: Isolation | None = None) -> Self:
        """Start one of the processes and return at once, while it imports torch; the other comes when it is needed."""
        fork_server = cls(isolation)
        fork_server._process(off)
        return fork_server

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        for process in self._flavours.values():
            process.close()

    def isolation(self, *, off: Off = ()) -> Isolation:
        """Return how workers are kept apart, as tried out; UserError where a sandbox is wanted and does not hold."""
        if self._wanted == "process":
            return "process"
        if off not in self._leaks:
            self._leaks[off] = self._ask(off, lambda process: process.leaks())
        leaks = self._leaks[off]
        if leaks and self._wanted == "sandbox":
            missing = "; ".join(leaks)
            raise UserError(f"no sandbox here ({missing}); grade on Linux 5.13 or later, or use --isolation process")
        return "process" if leaks else "sandbox"

    def worker(self, datasets: Path, limits: Limits, *, off: Off = ()) -> Worker:
        """Fork a worker in a scratch folder of its own, from which it sees the data sets where the kit has them."""
        confined = self.isolation(off=off) == "sandbox"
        worker = self._ask(off, lambda process: process.fork(datasets, limits, confined))
        if not worker.is_ready():
            raise GraderError(f"a worker could not be set up: {worker.printed().strip() or 'it said nothing'}")
        return worker

    def warm(self, packages: Iterable[str], *, off: Off = ()) -> None:
        """Import once, for all workers, those of some packages that take long."""
        modules = set().union(*(WARM_MODULES[package] for package in packages))
        self._ask(off, lambda process: process.warm(modules))

    def _process(self, off: Off) -> _ForkServerProcess | SpawnedWorkers:
        if off not in self._flavours:
            flavour = json.dumps(off)
            self._flavours[off] = _ForkServerProcess(flavour) if can_fork() else SpawnedWorkers(flavour, _environment())
        return self._flavours[off]

    def _ask(self, off: Off, request: Callable[[_ForkServerProcess | SpawnedWorkers], Asked | None]) -> Asked:
        """Ask a process; where it has gone (a worker may have killed it), ask a new one. GraderError if in vain."""
        process = self._process(off)
        reply = request(process)
        if reply is None:
            process = self._flavours[off] = process.restarted()
            reply = request(process)
        if reply is None:
            raise GraderError(f"the worker process does not start: {process.last_line()}")
        return reply


class _ForkServerProcess:
    """One process, its control socket and its workers, whose pids mean something to it alone.

    Every request gives None where it has gone.
    """

    def __init__(self, flavour: str) -> None:
        self._flavour = flavour
        self._warm: set[str] = set()
        self._scratch = Path(tempfile.gettempdir()).resolve() / f"grade-{secrets.token_hex(8)}"
        self._control, theirs = socket.socketpair()
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-I", "-X", "utf8", "-c", BOOTSTRAP, str(theirs.fileno()), str(self._scratch), flavour],
            env=_environment(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=[theirs.fileno()],
            start_new_session=True,  # Ctrl-C is for the grader, which then ends its workers in order
        )
        theirs.close()
        self._scratch.mkdir(0o700)  # only now that there is somebody to remove it, should this process be killed

    def leaks(self) -> list[str] | None:
        """Return what a confined worker could still do, by having one try."""
        scratch, request = self._lodging(Path(os.devnull), Limits(), confined=True)
        reply = self._request({"op": "prove", "secret": str(SECRET), **request})
        scratch_folders.remove(scratch)
        return None if reply is None else list(reply["leaks"])

    def warm(self, modules: set[str]) -> bool | None:
        """Import once, for all workers, what is not imported yet."""
        missing = sorted(modules - self._warm)
        if missing and self._request({"op": "import", "modules": missing}) is None:
            return None
        self._warm |= modules
        return True

    def fork(self, datasets: Path, limits: Limits, confined: bool) -> Worker | None:
        scratch, request = self._lodging(datasets, limits, confined=confined)
        ours, theirs = socket.socketpair()
        reading, writing = socket.socketpair()
        reply = self._request({"op": "fork", **request}, [theirs.fileno(), writing.fileno()])
        theirs.close()
        writing.close()
        if reply is None:
            ours.close()
            reading.close()
            return None
        pipe = Pipe(ours, reading, limits, scratch, reply["pid"])
        return Worker(pipe, functools.partial(self.end, reply["pid"], scratch), limits)

    def end(self, pid: int, scratch: Path) -> int:
        """Kill a worker with all it started and remove its folder; how it ended: its exit code, or minus the signal."""
        reply = self._request({"op": "end", "pid": pid})
        scratch_folders.remove(scratch)
        return int(reply["status"]) if reply else -int(signal.SIGKILL)

    def restarted(self) -> Self:
        """End this process and return a new one, without the libraries that were imported later."""
        self.close()
        return type(self)(self._flavour)

    def close(self) -> None:
        """End the process and all its workers, and remove their scratch folders."""
        self._control.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stderr is not None:
            self._process.stderr.close()
        scratch_folders.remove(self._scratch)

    def last_line(self) -> str:
        stderr = self._process.stderr
        text = stderr.read().decode(errors="replace").strip() if stderr is not None else ""
        return text.splitlines()[-1] if text else "it said nothing"

    def _request(self, request: dict[str, Any], descriptors: list[int] | None = None) -> dict[str, Any] | None:
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], descriptors or [])
            reply = self._control.recv(65536)
        except OSError:
            return None
        return dict(json.loads(reply)) if reply else None

    def _lodging(self, datasets: Path, limits: Limits, *, confined: bool) -> tuple[Path, dict[str, Any]]:
        """Make a folder laid out like the kit: a worker starts in its `exercises`, beside it lie the data sets.

        Return it, and how the worker is to live there, as worker/confine.py reads it.
        """
        scratch = Path(tempfile.mkdtemp(dir=self._scratch))
        (scratch / "exercises").mkdir()
        for place in (scratch / "datasets", scratch / "exercises" / "datasets"):
            place.symlink_to(datasets)
        bounds = {name: getattr(limits, name) for name in ("memory", "file_size", "open_files", "processor_seconds")}
        return scratch, {"scratch": str(scratch), "datasets": str(datasets), "limits": bounds, "confined": confined}


def _environment() -> dict[str, str]:
    """Return a worker's environment, with a folder of ours for matplotlib's font cache.

    It takes seconds to make and must not be a student's to write.
    """
    import platformdirs

    cache = Path(platformdirs.user_cache_dir("backprop-exercises")) / "matplotlib"
    with contextlib.suppress(OSError):
        cache.mkdir(parents=True, exist_ok=True)
    kept = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    return kept | ONE_THREAD | {"MPLBACKEND": "Agg", "MPLCONFIGDIR": str(cache)}
