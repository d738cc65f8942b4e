"""Workers where no process can be forked: each is a fresh interpreter, started ahead of time."""

import contextlib
import functools
import hmac
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from autograder.host.pipe import Pipe
from autograder.host.worker import Worker
from autograder.model import Limits
from autograder.worker import scratch as scratch_folders

TOKEN_BYTES = 16
HOMES = ("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP")
PATIENCE = 0.1  # seconds between looks at whether a starting interpreter still runs


def bootstrap(module: str, arguments: str) -> str:
    """Return what an interpreter runs that is to become one of ours: a module's `main`, with these arguments.

    -I keeps the current folder and PYTHON* variables out; the package's own folder is on the path for one import only.
    """
    folder = str(Path(__file__).resolve().parents[2])
    imported = f"sys.path.insert(0, {folder!r}); from autograder.worker.{module} import main; del sys.path[0]"
    return f"import sys; {imported}; main({arguments})"


BOOTSTRAP = bootstrap("spawned", "int(sys.argv[1]), input(), sys.argv[2]")


def can_fork() -> bool:
    """Whether workers can be forked here: macOS does not fork what has used its frameworks, as numpy has."""
    return hasattr(os, "fork") and hasattr(socket, "send_fds") and sys.platform != "darwin"


class SpawnedWorkers:
    """Starts an interpreter for each worker, and always one more, which imports torch until it is needed."""

    def __init__(self, flavour: str, environment: Mapping[str, str]) -> None:
        self._scratch = Path(tempfile.mkdtemp(prefix="grade-")).resolve()
        # Windows finds libraries by the path.
        environment = {"PATH": os.environ.get("PATH", os.defpath), **environment}
        self._started = functools.partial(_Interpreter, flavour, environment, self._scratch)
        self._next = self._started()
        self._workers: list[_Interpreter] = []

    def leaks(self) -> list[str]:
        """Say why these workers are not confined."""
        return ["this system cannot fork a process"]

    def warm(self, modules: set[str]) -> bool:
        """Do nothing: what each worker needs it imports."""
        return True

    def fork(self, datasets: Path, limits: Limits, confined: bool) -> Worker | None:
        """Give a worker in a scratch folder of its own; None where its interpreter has ended. It is never confined."""
        worker, self._next = self._next, self._started()
        self._workers.append(worker)
        return worker.serving(datasets, limits)

    def restarted(self) -> Self:
        """Return itself: the next worker's interpreter is a new one anyway."""
        return self

    def last_line(self) -> str:
        return self._workers[-1].last_line() if self._workers else "it said nothing"

    def close(self) -> None:
        for worker in (self._next, *self._workers):
            worker.close()
        scratch_folders.remove(self._scratch)


class _Interpreter:
    """One interpreter, and the address where it is to call."""

    def __init__(self, flavour: str, environment: Mapping[str, str], scratch: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(dir=scratch))
        (self._folder / "exercises").mkdir()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(PATIENCE)
        port = self._listener.getsockname()[1]
        self._token = secrets.token_bytes(TOKEN_BYTES)
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-I", "-X", "utf8", "-c", BOOTSTRAP, str(port), flavour],
            env={**environment, **dict.fromkeys(HOMES, str(self._folder)), "USER": "student", "USERNAME": "student"},
            cwd=self._folder / "exercises",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # where there are process groups, it is ended with all it started
        )
        with contextlib.suppress(OSError):  # it has ended already
            if self._process.stdin is not None:
                self._process.stdin.write(f"{self._token.hex()}\n".encode())
                self._process.stdin.close()
        # Windows waits for sockets only, so what is printed goes through one.
        self._printed, self._printing = socket.socketpair()
        self._copying = threading.Thread(target=self._copy, daemon=True)
        self._copying.start()

    def serving(self, datasets: Path, limits: Limits) -> Worker | None:
        """Give this interpreter as a worker, once it is ready; None where it has ended."""
        for place in (self._folder / "datasets", self._folder / "exercises" / "datasets"):
            if datasets.is_dir():  # it may have got lost, and grading needs none
                shutil.copytree(datasets, place)  # Windows lets few people make links
        frames = self._connected()
        return None if frames is None else Worker(Pipe(frames, self._printed, limits, self._folder), self.end, limits)

    def end(self) -> int:
        """Kill the process, with all it started where the system knows groups; how it ended, as Popen tells it."""
        self._listener.close()
        if self._process.returncode is None:  # else its number may be another's by now
            with contextlib.suppress(OSError, AttributeError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
        status = self._process.wait()
        self._copying.join(PATIENCE)  # what it started may have survived and still hold the other end
        scratch_folders.remove(self._folder)
        return status

    def close(self) -> None:
        self.end()
        self._printed.close()

    def last_line(self) -> str:
        self._printed.settimeout(PATIENCE)
        text = b""
        with contextlib.suppress(OSError):
            while part := self._printed.recv(65536):
                text = (text + part)[-65536:]
        return text.decode(errors="replace").strip().rpartition("\n")[2] or "it said nothing"

    def _connected(self) -> socket.socket | None:
        """Wait for the interpreter's call; who does not know the token is somebody else."""
        while self._process.poll() is None:
            with contextlib.suppress(TimeoutError):
                caller, _ = self._listener.accept()
                caller.settimeout(PATIENCE)
                with contextlib.suppress(OSError):
                    if hmac.compare_digest(caller.recv(TOKEN_BYTES), self._token):
                        caller.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                        return caller
                caller.close()
        return None

    def _copy(self) -> None:
        if self._process.stdout is None:
            return
        with self._printing, self._process.stdout as output, contextlib.suppress(OSError):
            while part := os.read(output.fileno(), 65536):
                self._printing.sendall(part)
