"""The fork server, from which workers are forked, and the scratch folders they live in."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from autograder.errors import GraderError, UserError
from autograder.host import disk_quota
from autograder.host.pipe import Pipe
from autograder.host.spawned import SpawnedWorkers, can_fork
from autograder.host.worker import Worker
from autograder.model import Isolation, Limits
from autograder.worker import scratch as scratch_folders

# A file that no worker may read: its readability is tried.
SECRET = Path(__file__).resolve().parents[1] / "checks" / "__init__.py"
# All that a worker's environment may hold besides what confine.py sets: where libraries lie, how numpy computes.
ENVIRONMENT = ("LD_LIBRARY_PATH", "OPENBLAS_CORETYPE", "SYSTEMROOT")
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
# -I keeps the current folder and PYTHON* variables out; the package's own folder is on the path for one import only.
BOOTSTRAP = (
    f"import sys; sys.path.insert(0, {str(Path(__file__).resolve().parents[2])!r}); "
    "from autograder.worker.fork_server import main; del sys.path[0]; "
    "main(int(sys.argv[1]), sys.argv[2], by_hand_exercises=sys.argv[3] == 'by-hand')"
)
# Libraries that a submission may draw with; imported in the fork server when asked for, since they take long.
WARM_MODULES = {"matplotlib": "matplotlib.pyplot"}


class ForkServer:
    """Processes that hold torch and nothing secret, and fork workers: one for by-hand exercises, one for the others."""

    def __init__(self, wanted: Isolation | None = None) -> None:
        """`wanted`: the isolation to insist on; by default a sandbox where the system has what it takes."""
        self._wanted = wanted
        self._flavours: dict[bool, _Process | SpawnedWorkers] = {}

    @classmethod
    def start(cls, *, by_hand: bool = True, isolation: Isolation | None = None) -> Self:
        """Start one of the processes and return at once, while it imports torch; the other comes when it is needed."""
        fork_server = cls(isolation)
        fork_server._process(by_hand)
        return fork_server

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the processes and all their workers."""
        for process in self._flavours.values():
            process.close()

    def isolation(self, *, by_hand: bool = True) -> Isolation:
        """Return how workers are kept apart, as tried out; UserError where a sandbox is wanted and does not hold."""
        if self._wanted == "process":
            return "process"
        leaks = self._process(by_hand).leaks()
        if leaks and self._wanted == "sandbox":
            missing = "; ".join(leaks)
            raise UserError(f"no sandbox here ({missing}); grade on Linux 5.13 or later, or use --isolation process")
        return "process" if leaks else "sandbox"

    def worker(self, datasets: Path, limits: Limits, *, by_hand: bool = True) -> Worker:
        """Fork a worker in a scratch folder of its own, from which it sees the data sets where the kit has them."""
        process = self._process(by_hand)
        confined = self.isolation(by_hand=by_hand) == "sandbox"
        worker = process.fork(datasets, limits, confined) or process.restarted().fork(datasets, limits, confined)
        if worker is None:
            raise GraderError(f"the worker process does not start: {process.last_words()}")
        if not worker.is_ready():
            raise GraderError(f"a worker could not be set up: {worker.printed().strip() or 'it said nothing'}")
        return worker

    def warm(self, packages: Iterable[str], *, by_hand: bool = True) -> None:
        """Import once, for all workers, the drawing libraries among some packages."""
        self._process(by_hand).warm({WARM_MODULES[package] for package in packages if package in WARM_MODULES})

    def _process(self, by_hand: bool) -> _Process | SpawnedWorkers:
        if by_hand not in self._flavours:
            self._flavours[by_hand] = _Process(by_hand) if can_fork() else SpawnedWorkers(by_hand, _environment())
        return self._flavours[by_hand]


class _Process:
    """One fork server and its control socket."""

    def __init__(self, by_hand: bool) -> None:
        self._by_hand = by_hand
        self._leaks: list[str] | None = None
        self._launch()

    def _launch(self) -> None:
        self._warm: set[str] = set()
        self._scratch = Path(tempfile.gettempdir()).resolve() / f"grade-{secrets.token_hex(8)}"
        self._control, theirs = socket.socketpair()
        flavour = "by-hand" if self._by_hand else "any"
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

    def leaks(self) -> list[str]:
        """Return what a confined worker could still do, by having one try, once."""
        if self._leaks is None:
            scratch = self.scratch_folder(Path(os.devnull))
            request = {"op": "prove", "scratch": str(scratch), "secret": str(SECRET)}
            self._leaks = list(self.insist({**request, "limits": _resource_limits(Limits())})["leaks"])
            scratch_folders.remove(scratch)
        return self._leaks

    def scratch_folder(self, datasets: Path) -> Path:
        """Make a folder laid out like the kit: a worker starts in its `exercises`, beside it lie the data sets."""
        scratch = Path(tempfile.mkdtemp(dir=self._scratch))
        (scratch / "exercises").mkdir()
        for place in (scratch / "datasets", scratch / "exercises" / "datasets"):
            place.symlink_to(datasets)
        return scratch

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

    def warm(self, modules: set[str]) -> None:
        """Import once, for all workers, what is not imported yet."""
        if modules - self._warm:
            self.insist({"op": "import", "modules": sorted(modules - self._warm)})
            self._warm |= modules

    def fork(self, datasets: Path, limits: Limits, confined: bool) -> Worker | None:
        """Fork a worker in a scratch folder of its own; None where this process has gone."""
        scratch = self.scratch_folder(datasets)
        ours, theirs = socket.socketpair()
        reading, writing = socket.socketpair()
        request = {"op": "fork", "scratch": str(scratch), "datasets": str(datasets), "confined": confined}
        reply = self._request({**request, "limits": _resource_limits(limits)}, [theirs.fileno(), writing.fileno()])
        theirs.close()
        writing.close()
        full = functools.partial(disk_quota.is_overfull, scratch)
        pipe = Pipe(ours, reading, most=limits.answer, kept=limits.output, is_overfull=full)
        if reply is None:
            pipe.close()
            return None
        pid = reply["pid"]

        def end() -> int:
            status = self.end(pid)
            scratch_folders.remove(scratch)
            return status

        return Worker(pipe, end, limits)

    def end(self, pid: int) -> int:
        """Kill a worker with all it started; how it ended: its exit code, or minus the signal."""
        reply = self._request({"op": "end", "pid": pid})
        return int(reply["status"]) if reply else -int(signal.SIGKILL)

    def insist(self, request: dict[str, Any]) -> dict[str, Any]:
        """Ask; where the process has gone (a worker may have killed it), ask a new one. GraderError if in vain."""
        reply = self._request(request) or self.restarted()._request(request)
        if reply is None:
            raise GraderError(f"the worker process does not start: {self.last_words()}")
        return reply

    def restarted(self) -> Self:
        """Start anew, without the libraries that were imported later."""
        self.close()
        self._launch()
        return self

    def _request(self, request: dict[str, Any], descriptors: list[int] | None = None) -> dict[str, Any] | None:
        """Ask the fork server; None where it has gone."""
        try:
            socket.send_fds(self._control, [json.dumps(request).encode()], descriptors or [])
            reply = self._control.recv(65536)
        except OSError:
            return None
        return dict(json.loads(reply)) if reply else None

    def last_words(self) -> str:
        """Return the last line that the process wrote before it went."""
        stderr = self._process.stderr
        text = stderr.read().decode(errors="replace").strip() if stderr is not None else ""
        return text.splitlines()[-1] if text else "it said nothing"


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
    return kept | ONE_THREAD | {"MPLBACKEND": "Agg", "MPLCONFIGDIR": str(_matplotlib_cache())}


def _resource_limits(limits: Limits) -> dict[str, int]:
    wanted = ("memory", "file_size", "open_files", "processor_seconds")
    return {name: value for name, value in dataclasses.asdict(limits).items() if name in wanted}


def _matplotlib_cache() -> Path:
    """A folder of ours for matplotlib's font cache: it takes seconds to make and must not be a student's to write."""
    import platformdirs

    folder = Path(platformdirs.user_cache_dir("backprop-exercises")) / "matplotlib"
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return folder
