"""Workers with code made up on the spot, for tests of what they answer and of what becomes of them."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from places import DATASETS
from students import script

from autograder.host.answers import Raised, Returned, WorkerLost
from autograder.host.fork_server import ForkServer
from autograder.host.worker import Worker
from autograder.model import Limits, Submission


@contextlib.contextmanager
def loaded(fork_server: ForkServer, submission: Submission | str, **limits: Any) -> Iterator[Worker]:
    """A worker with a submission that loads without trouble."""
    worker = fork_server.worker(DATASETS, Limits(**limits))
    try:
        outcome = worker.load(script(submission) if isinstance(submission, str) else submission, "exercise1")
        assert not isinstance(outcome, WorkerLost), str(outcome.reason)
        assert not outcome.stopped
        yield worker
    finally:
        worker.close()


def called(fork_server: ForkServer, code: str, *arguments: Any, seconds: float = 10, **limits: Any) -> Any:
    """The answer of the function f of some code."""
    with loaded(fork_server, code, **limits) as worker:
        return worker.call("f", list(arguments), seconds)


def value(fork_server: ForkServer, code: str, *arguments: Any) -> Any:
    """The value that the function f of some code returns."""
    answer = called(fork_server, code, *arguments)
    assert isinstance(answer, Returned), answer
    return answer.value


def raised(fork_server: ForkServer, code: str, *arguments: Any, **limits: Any) -> Raised:
    """The exception of the function f of some code."""
    answer = called(fork_server, code, *arguments, **limits)
    assert isinstance(answer, Raised), answer
    return answer


def lost(answer: Any, kind: str) -> str:
    """Why a worker was lost, which must be of this kind."""
    assert isinstance(answer, WorkerLost), answer
    assert answer.kind == kind
    return str(answer.reason)


def gone(pid: int) -> bool:
    """Whether a process has ended, reaped or not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
