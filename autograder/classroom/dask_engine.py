"""A class graded on a Dask cluster: submissions go to its workers, and reports come back.

A task is plain text and bytes, so that the scheduler unpickles nothing of ours and a worker can compare versions
before it reads an order. Workers that join later, or come back, prove themselves with their first task.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import logging
import pickle
import queue
import signal
import tempfile
import time
import uuid
import warnings
from collections.abc import Iterable, Iterator
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any

from autograder.classroom.dask_worker import end_services, grade_there, require_versions
from autograder.classroom.versions import exercise_digests, versions
from autograder.errors import GraderError, UserError
from autograder.grading.service import ServiceLost, errored_report
from autograder.model import GradingSpec, Report, Submission

if TYPE_CHECKING:
    from distributed import Client, Future

AHEAD = 3  # submissions in flight for each thread of the cluster: one graded, one waiting beside it, one on its way
CONNECT_SECONDS = 10
LOOK_SECONDS = 1.0  # between looks at how many workers there are
WORKERLESS_SECONDS = 300.0  # an image to be pulled takes minutes
LOGGERS = ("distributed", "tornado", "asyncio")
SETTINGS = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.multiprocessing-method": "spawn",
    "distributed.worker.daemon": True,
    # Dask watches itself a hundred times a second, which costs a grader more than handing it work does.
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    # What Dask remembers of finished tasks holds their submissions, a thousand of them by default.
    "distributed.admin.low-level-log-length": 100,
    "distributed.diagnostics.computations.max-history": 10,
    "distributed.admin.large-graph-warning-threshold": "1GB",  # a notebook with pictures
}
# Run in each process of a cluster here: Ctrl-C is for the coordinator; what a worker starts is as free as elsewhere.
DEAF = (
    "import signal; signal.signal(signal.SIGINT, lambda *_: None); "
    "signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})"
)
INSTALL = 'install the extra: pip install "backprop-exercises[dask]"'


def grade_all(
    order: GradingSpec, submissions: Iterable[Submission], scheduler: str | None, jobs: int
) -> Iterator[Report]:
    """Yield the report on each submission as it is finished, in no certain order.

    `scheduler` is the address of a Dask scheduler; without one, a cluster of `jobs` processes is started here. Dask has
    what was on a lost worker done elsewhere. A submission whose grader dies is tried once more; after that, or when
    it has lost more workers than the scheduler allows, its report is errored. UserError where there is no cluster, or
    a machine of it has another kit, torch or Python; GraderError where the checks do not load.
    """
    rest = iter(submissions)
    first = list(itertools.islice(rest, 1 if scheduler else jobs))
    if not first:
        return
    with _quiet(), _client(scheduler, len(first)) as client:
        run = _ClusterRun(client, order)
        try:
            run.compare_versions()
            yield from run.reports(itertools.chain(first, rest))
        finally:
            run.end()


class _ClusterRun:
    """What is on its way to the cluster and back."""

    def __init__(self, client: Client, order: GradingSpec) -> None:
        self._client, self._order = client, order
        self._name = uuid.uuid4().hex
        self._versions = versions()
        self._files = exercise_digests(order.exercise)
        self._pickled_order = pickle.dumps(order)
        self._in_flight: dict[str, tuple[Future[Any], Submission]] = {}
        self._finished: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._tried: set[str] = set()
        self._room = 1
        self._looked = self._had_workers = time.monotonic()

    def compare_versions(self) -> None:
        """Raise a UserError that names the first machine of the cluster which has other versions than this one."""
        found: dict[str, Any] = {}
        try:
            found["the scheduler"] = self._client.run_on_scheduler(versions)
            answers = self._client.run(versions, on_error="return")
        except (ImportError, AttributeError) as error:
            found["the scheduler"], answers = error, {}
        except Exception as error:
            raise self._failure(error) from error
        found.update((f"the worker {address}", answer) for address, answer in sorted(answers.items()))
        for who, theirs in found.items():
            if isinstance(theirs, Exception):
                raise UserError(f"{who} has not the kit of this machine ({theirs}); install the same there")
            # The scheduler runs no student's code: torch may be missing there.
            names = ("kit", "Python") if who == "the scheduler" else tuple(self._versions)
            require_versions(who, self._versions, theirs, names)

    def reports(self, submissions: Iterator[Submission]) -> Iterator[Report]:
        """Yield each report, taking no more submissions than the cluster can begin with soon."""
        self._look()
        while True:
            for submission in itertools.islice(submissions, max(0, self._room - len(self._in_flight))):
                self._send(submission)
            if not self._in_flight:
                return
            with contextlib.suppress(queue.Empty):
                report = self._report(self._finished.get(timeout=LOOK_SECONDS))
                if report is not None:
                    yield report
            if time.monotonic() - self._looked > LOOK_SECONDS:
                self._look()

    def end(self) -> None:
        """Have the workers end their services of this run, whatever those are doing."""
        for future, _ in self._in_flight.values():
            future.release()
        with contextlib.suppress(Exception):  # the cluster may be what has failed
            self._client.run(end_services, self._name, on_error="ignore")

    def _send(self, submission: Submission) -> None:
        key = f"grade-{uuid.uuid4().hex}"
        run = self._name, dict(self._versions), dict(self._files), self._pickled_order
        future = self._client.submit(grade_there, *run, pickle.dumps(submission), key=key, pure=False)
        self._in_flight[key] = (future, submission)
        future.add_done_callback(lambda _: self._finished.put(key))

    def _report(self, key: str) -> Report | None:
        """Return the report of a finished task; None where its submission is tried once more."""
        from distributed import KilledWorker

        future, submission = self._in_flight.pop(key)
        try:
            report: Report = pickle.loads(future.result(WORKERLESS_SECONDS))  # noqa: S301 - of our own workers
        except (UserError, GraderError):
            raise
        except ServiceLost as lost:
            if submission.student not in self._tried:
                self._tried.add(submission.student)
                self._send(submission)
                return None
            return errored_report(self._order, submission, str(lost))
        except KilledWorker as killed:
            return errored_report(self._order, submission, f"{killed.allowed_failures + 1} Dask workers were lost")
        except Exception as error:
            if future.status == "error":
                raise GraderError(f"a Dask worker failed: {type(error).__name__}: {error}") from error
            raise self._failure(error) from error
        return dataclasses.replace(report, exercise=self._order.exercise, submission=submission)

    def _look(self) -> None:
        """See how much the cluster can take; UserError where nothing of it is left."""
        self._looked = time.monotonic()
        try:
            threads = sum(self._client.nthreads().values())
        except Exception as error:
            raise self._failure(error) from error
        if threads:
            self._had_workers = self._looked
        elif self._looked - self._had_workers > WORKERLESS_SECONDS:
            raise UserError(f"{_scheduler_of(self._client)} has no workers; start some, and run again: nothing is lost")
        self._room = max(1, AHEAD * threads)

    def _failure(self, error: Exception) -> Exception:
        from distributed import CancelledError

        if isinstance(error, CancelledError | OSError):
            return UserError(f"{_scheduler_of(self._client)} is gone; run again: what is graded is stored")
        return GraderError(f"the Dask cluster failed: {type(error).__name__}: {error}")


@contextlib.contextmanager
def _client(scheduler: str | None, jobs: int) -> Iterator[Client]:
    """Connect to a cluster, or start one here that ends with the block."""
    import dask
    from distributed import Client
    from distributed.security import Security

    if scheduler and scheduler.startswith("tls:") and not Security().get_connection_args("client").get("ssl_context"):
        raise UserError(f"{scheduler} needs certificates; name them in Dask's settings, as docs/scaling.md says")
    with dask.config.set(SETTINGS), contextlib.ExitStack() as stack:
        with warnings.catch_warnings(action="ignore"):  # of versions, which are compared more strictly later
            where = scheduler or stack.enter_context(_local_cluster(jobs))
            try:
                client = Client(where, timeout=CONNECT_SECONDS, set_as_default=False)
            except (OSError, ValueError) as error:
                what = f"no Dask scheduler answers at {scheduler or where} ({error})"
                raise UserError(f"{what}; check the address, and that it is running") from None
        yield stack.enter_context(client)


@contextlib.contextmanager
def _local_cluster(jobs: int) -> Iterator[Any]:
    """Start a cluster on this machine: processes of one thread, which nobody else on it can talk to."""
    import dask
    from distributed import LocalCluster
    from distributed.security import Security

    temporary = tempfile.TemporaryDirectory(prefix="course-", ignore_cleanup_errors=True)
    with temporary as folder, dask.config.set({"temporary-directory": folder}):
        with _interrupts_later():
            cluster = LocalCluster(
                n_workers=jobs,
                threads_per_worker=1,
                processes=True,
                dashboard_address="127.0.0.1:0",  # which listens all the same, and has nothing to serve
                memory_limit=0,  # submissions have limits of their own
                local_directory=folder,
                silence_logs=logging.CRITICAL,
                security=Security.temporary(),  # who reaches a port of Dask may run code
                preload=[DEAF],
            )
        with cluster:
            yield cluster


@contextlib.contextmanager
def _interrupts_later() -> Iterator[None]:
    """Have the threads started in the block, and so their processes, never see Ctrl-C; this thread sees it after it."""
    resource_tracker.ensure_running()  # it would unblock the signal in the thread that needs it first
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what dask and its libraries log off the terminal; UserError where they are not installed."""
    try:
        import cryptography  # noqa: F401 - distributed needs it for certificates and does not ask for it
        import distributed  # noqa: F401
    except ImportError:
        raise UserError(f"`--engine dask` needs the packages distributed and cryptography; {INSTALL}") from None
    # Those below `distributed` have levels of their own.
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in LOGGERS]
    levels = {logger: logger.level for logger in map(logging.getLogger, names)}
    try:
        for logger in levels:
            logger.setLevel(logging.CRITICAL + 1)
        yield
    finally:
        for logger, level in levels.items():
            logger.setLevel(level)


def _scheduler_of(client: Client) -> str:
    return f"the Dask scheduler at {client.scheduler.address}" if client.scheduler else "the Dask scheduler"
