"""What runs on the workers of a Dask cluster: each keeps warm graders, as many as it has threads that grade."""

import contextlib
import dataclasses
import pickle
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from autograder.authoring import catalog
from autograder.classroom.versions import exercise_digests, versions
from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.grading.service import PACKAGE, Service, ServiceLost
from autograder.model import GradingSpec

IDLE_SECONDS = 600.0  # after which a warm service of another run is ended, whose coordinator may be gone

Versions = Mapping[str, str]


def grade_there(run: str, needed: Versions, files: Versions, order: bytes, submission: bytes) -> bytes:
    """Grade a pickled submission by a pickled order, with this worker's warm service for the run; a pickled report.

    `needed` are the coordinator's versions, `files` the digests of its exercise. UserError where they differ here or
    the sandbox is not to be had, GraderError where the checks do not load, ServiceLost where the service dies.
    """
    service = _services.take(run, lambda: _service(needed, files, order))
    try:
        report = service.grade(pickle.loads(submission))  # noqa: S301 - of our own coordinator
    except BaseException:
        _services.drop(run, service)
        raise
    _services.give_back(run, service)
    return pickle.dumps(report)


class _Services:
    """The warm services of a Dask worker, by run: as many as it has threads that grade."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[tuple[str, Service, float]] = []
        self._busy: list[tuple[str, Service]] = []
        self._over: set[str] = set()

    def take(self, run: str, start: Callable[[], Service]) -> Service:
        """Return a service of the run that has nothing to do, or start one; ServiceLost where the run is over."""
        self._forget_old()
        with self._lock:
            for entry in self._idle:
                if entry[0] == run:
                    self._idle.remove(entry)
                    self._busy.append((run, entry[1]))
                    return entry[1]
        service = start()
        with self._lock:
            if run not in self._over:
                self._busy.append((run, service))
                return service
        service.kill()
        raise ServiceLost("the run is over")

    def give_back(self, run: str, service: Service) -> None:
        """Keep a service for the run's next submission."""
        with self._lock:
            self._busy.remove((run, service))
            if run not in self._over:
                self._idle.append((run, service, time.monotonic()))

    def drop(self, run: str, service: Service) -> None:
        """End a service that has failed."""
        with self._lock:
            self._busy.remove((run, service))
        service.kill()

    def end(self, run: str) -> None:
        """End all services of a run, those at work by force."""
        with self._lock:
            self._over.add(run)
            busy = [entry[1] for entry in self._busy if entry[0] == run]
            idle = [entry[1] for entry in self._idle if entry[0] == run]
            self._idle = [entry for entry in self._idle if entry[0] != run]
        for service in busy:
            service.kill()
        for service in idle:
            service.close()

    def _forget_old(self) -> None:
        """End what a coordinator that was killed has left behind."""
        with self._lock:
            old = [entry for entry in self._idle if entry[2] < time.monotonic() - IDLE_SECONDS]
            self._idle = [entry for entry in self._idle if entry not in old]
        for _, service, _ in old:
            service.close()


_services = _Services()


def end_services(run: str) -> None:
    """End this worker's services for a run, whatever they are doing."""
    _services.end(run)


def _service(needed: Versions, files: Versions, order: bytes) -> Service:
    from distributed import get_worker

    who = f"the worker {get_worker().address}"
    require_versions(who, needed, versions(), tuple(needed))
    wanted: GradingSpec = pickle.loads(order)  # noqa: S301 - of our own coordinator
    try:
        service = Service(dataclasses.replace(wanted, exercise=_exercise_here(wanted.exercise, files)))
        with contextlib.ExitStack() as stack:
            stack.callback(service.kill)
            service.wait()
            stack.pop_all()
    except UserError as error:
        raise UserError(f"{who}: {error}") from None
    return service


def require_versions(who: str, needed: Versions, theirs: Versions, names: Iterable[str]) -> None:
    """Raise a UserError that says which of some versions somebody has in another form than is needed."""
    for name in names:
        if (found := theirs.get(name)) != needed[name]:
            raise UserError(f"{who} has {name} {found}, and this run has {needed[name]}; install the same on both")


def _exercise_here(wanted: Exercise, files: Versions) -> Exercise:
    """Return an exercise with the paths it has on this machine; UserError where it is not here, or is another."""
    if exercise_digests(wanted) == files:
        return wanted
    differing = []
    for start in (wanted.kit, Path.cwd(), PACKAGE.parent):
        with contextlib.suppress(UserError):
            found = catalog.read_exercise(catalog.find_kit(start), wanted.name)
            found = dataclasses.replace(found, solution=found.solution if wanted.solution else None)
            here = exercise_digests(found)
            if here == files:
                return found
            names = [name for name in {**files, **here} if here.get(name) != files.get(name)]
            differing.append(f"in {found.kit} {', '.join(names)} differ")
    why = "; ".join(dict.fromkeys(differing)) or "it is a folder with exercises/, solutions/ and datasets/"
    raise UserError(f"the kit of {wanted.name} is not here ({why}); start the worker in a folder with the same kit")
