"""A warm grader in a process of its own: it takes one submission after the other and gives a report for each.

The process is one of ours and trusted, so submissions and reports cross as pickles of our own frozen values; the
students' code runs further down, in the workers of the service's fork server.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import platform
import subprocess
import sys
import threading
import time
from importlib.metadata import version
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from autograder import __version__
from autograder.errors import GraderError, UserError
from autograder.model import (
    Check,
    CheckResult,
    FunctionResult,
    GraderRecord,
    GradingSpec,
    Isolation,
    Problem,
    Report,
    Submission,
    message,
)

if TYPE_CHECKING:
    from autograder.grading.grader import Grader

PACKAGE = Path(__file__).resolve().parents[1]
# -P keeps the current folder, which may hold a student's random.py, off the path.
BOOTSTRAP = (
    f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r}); "
    "from autograder.grading.service import main; main(int(sys.argv[1]))"
)
START_SECONDS = 120.0  # importing torch, twice, on a machine that is busy
PATIENCE = 3.0  # times a submission's own limit, after which the grader itself is taken to hang


class ServiceLost(Exception):
    """The service ended or hangs; the text says how."""


class Service:
    """The grader's process, seen from the one who gives it work; a context manager that ends it."""

    def __init__(self, spec: GradingSpec) -> None:
        """Start the process and return at once, while it imports torch; ServiceLost where it cannot be started."""
        self._spec = spec
        self.connection, theirs = Pipe()
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-P", "-c", BOOTSTRAP, str(theirs.fileno())],
                stdin=subprocess.PIPE,  # by which it sees that we are gone
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C is for the one who gives it work
            )
        except OSError as error:
            self.connection.close()
            raise ServiceLost(f"it cannot be started ({error.strerror})") from None
        finally:
            theirs.close()
        self._is_ready = False
        self._due = time.monotonic() + START_SECONDS
        with contextlib.suppress(OSError):  # it has ended already, as waiting for it will tell
            self.connection.send(spec)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def wait(self) -> Isolation:
        """Wait until it is ready; the isolation found. UserError where the one wanted is not to be had, ServiceLost."""
        isolation: Isolation = self._receive()
        self._is_ready = True
        return isolation

    def turn(self, spec: GradingSpec) -> None:
        """Grade by another spec from now on, in the same process and with the isolation it has; ServiceLost."""
        if not self._is_ready:
            self.wait()
        self._give(spec)
        self._spec, self._is_ready = spec, False
        self._due = time.monotonic() + START_SECONDS

    def send(self, submission: Submission) -> None:
        """Give it a submission; ServiceLost."""
        if not self._is_ready:
            self.wait()
        self._give(submission)
        self._due = time.monotonic() + PATIENCE * self._spec.limits.submission_seconds

    def receive(self) -> Report:
        """Wait for the report on the submission given last; GraderError where the checks do not load, ServiceLost."""
        report: Report = self._receive()
        return report

    def grade(self, submission: Submission) -> Report:
        self.send(submission)
        return self.receive()

    @property
    def is_overdue(self) -> bool:
        """Whether it has taken longer than any submission can."""
        return time.monotonic() > self._due

    def close(self) -> None:
        """End the process: in order where it waits, else by force."""
        self.connection.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._reap()

    def kill(self) -> None:
        """End the process at once; its fork server and workers go with it."""
        self.connection.close()
        self._process.kill()
        self._reap()

    def _reap(self) -> None:
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()

    def _give(self, what: GradingSpec | Submission) -> None:
        try:
            self.connection.send(what)
        except OSError:
            raise ServiceLost(self._ending()) from None

    def _receive(self) -> Any:
        try:
            if not self.connection.poll(max(0.0, self._due - time.monotonic())):
                self.kill()
                raise ServiceLost("it gave no answer any more")
            answer = self.connection.recv()
        except (EOFError, OSError):
            raise ServiceLost(self._ending()) from None
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _ending(self) -> str:
        try:
            status = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return "it closed its pipe"
        return f"it was killed by signal {-status}" if status < 0 else f"it ended with exit code {status}"


class RestartingService:
    """A service that is started when it is first needed, and again where it was lost or whoever waited was interrupted.

    It turns to each spec as it comes, and takes up changed checks.
    """

    def __init__(self) -> None:
        self._service: Service | None = None
        self._spec: tuple[GradingSpec, int] | None = None
        atexit.register(self.close)

    def grade(self, spec: GradingSpec, submission: Submission) -> Report:
        """Grade one submission, if need be twice; GraderError, and UserError where the isolation is not to be had."""
        try:
            return self._grade(spec, submission)
        except ServiceLost:
            self.close()
        try:
            return self._grade(spec, submission)
        except ServiceLost as error:
            raise GraderError(f"the grader ended twice: {error}") from error

    def close(self) -> None:
        if self._service is not None:
            self._service.kill()
            self._service = None

    def _grade(self, spec: GradingSpec, submission: Submission) -> Report:
        wanted = spec, spec.exercise.checks.stat().st_mtime_ns
        try:
            if self._service is None:
                self._service = Service(spec)
            elif self._spec != wanted:
                self._service.turn(spec)
            self._spec = wanted
            return self._service.grade(submission)
        except BaseException:  # an answer may still be on its way, which is not to be taken for the next one's
            self.close()
            raise


def sources() -> str:
    """Return the SHA-256 of the kit's own files, on which every verdict depends."""
    digest = hashlib.sha256()
    for path in sorted(path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".j2")):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def errored_report(spec: GradingSpec, submission: Submission, how: str) -> Report:
    """Return the report on a submission that the grader failed on twice: no verdict, and nobody's points."""
    exercise = spec.exercise
    text = message("the grader failed on this file, twice: {how}", how=how)
    functions = tuple(FunctionResult(name, 0, points, "errored", None) for name, points in exercise.functions)
    results = tuple(
        CheckResult(Check(name, name, "could not be judged", "visible", points, (), ""), "errored", 0, text)
        for name, points in exercise.functions
    )
    checks = hashlib.sha256(exercise.checks.read_bytes()).hexdigest()
    record = GraderRecord(
        __version__, checks, platform.python_version(), version("torch"), spec.isolation or "process", spec.seed
    )
    return Report(exercise, submission, functions, results, (), record, 0.0, Problem(text))


def main(descriptor: int) -> None:
    """Serve until the other side hangs up; what goes wrong is sent as an exception."""
    end_with_starter()
    _be_patient()
    connection: Connection[Any, Any] = Connection(descriptor)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            _serve(connection)
        except (UserError, GraderError, ServiceLost) as error:
            connection.send(error)
        except OSError as error:  # as while a submission fills the disk: another try may have more luck
            connection.send(ServiceLost(f"it cannot be set up ({error.strerror})"))
        except Exception as error:  # noqa: BLE001 - told to whom it concerns, who decides
            connection.send(GraderError(f"{type(error).__name__}: {error}"))
    connection.close()
    os._exit(0)  # tearing torch down takes a quarter of a second


def end_with_starter() -> None:
    """End this process, whatever it is doing, as soon as the one who started it, and holds its input, has gone.

    A coordinator that is killed can end nobody. The fork server sees that this process has gone, and ends all below it.
    """

    def watch() -> None:
        os.read(0, 1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _be_patient() -> None:
    """Let a worker go on computing when an answer of its arrives here, for several are read as fast as one (Linux).

    It is a tenth of what a submission takes; and whoever works at this machine is disturbed less.
    """
    with contextlib.suppress(AttributeError, OSError):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def _serve(connection: Connection[Any, Any]) -> None:
    from autograder.host.fork_server import ForkServer

    spec: GradingSpec = connection.recv()
    with ForkServer.start(off=spec.exercise.off, isolation=spec.isolation) as fork_server:
        from autograder.grading.grader import Grader

        while True:
            connection.send(fork_server.isolation(off=spec.exercise.off))
            spec = _grade_until_next(Grader(spec, fork_server), connection)


def _grade_until_next(grader: Grader, connection: Connection[Any, Any]) -> GradingSpec:
    """Grade the submissions that arrive, until there is another spec to grade by; EOFError once nobody is there."""
    while True:
        received = connection.recv()
        if isinstance(received, GradingSpec):
            return received
        try:
            report = grader.grade(received)
        except Exception as error:
            raise ServiceLost(f"the grader failed: {error}") from error  # one submission's, not all submissions'
        connection.send(report)
