"""A class graded on this machine: warm services, one a core, each with one submission at a time."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from multiprocessing.connection import wait

from autograder.errors import GraderError
from autograder.model import Report, Submission
from autograder.service import Order, Service, ServiceLost, errored_report

LOOK_SECONDS = 1.0  # between looks for a service that hangs


def grade_all(order: Order, submissions: Iterable[Submission], jobs: int) -> Iterator[Report]:
    """Yield the report on each submission as it is finished, in no certain order.

    A service that dies or hangs is replaced, and its submission tried once more; after that its report is errored.
    UserError where the isolation that is insisted on is not to be had, GraderError where the checks do not load.
    """
    pool = _Pool(order, submissions)
    try:
        pool.open(jobs)
        while pool.busy:
            yield from pool.finished()
    finally:
        pool.close()


class _Pool:
    """Services, what each one is grading, and what is still to come."""

    def __init__(self, order: Order, submissions: Iterable[Submission]) -> None:
        self._order, self._rest = order, iter(submissions)
        self._again: list[Submission] = []
        self._tried: set[str] = set()
        self.busy: dict[Service, Submission] = {}

    def open(self, jobs: int) -> None:
        """Start as many services as are wanted and there is work for, all at once, for each takes two seconds."""
        first = [submission for _, submission in zip(range(jobs), self._rest, strict=False)]
        self.busy = {Service(self._order): submission for submission in first}
        for service, submission in self.busy.items():
            try:
                service.wait()
            except ServiceLost as lost:
                raise GraderError(f"a grader does not start: {lost}; see `course check`") from None
            service.send(submission)

    def close(self) -> None:
        for service in self.busy:
            service.kill()

    def finished(self) -> Iterator[Report]:
        """Yield what is finished now, having given each service its next submission first."""
        ready = wait([service.connection for service in self.busy], LOOK_SECONDS)
        for service in [service for service in self.busy if service.connection in ready or service.is_overdue]:
            submission = self.busy.pop(service)
            try:
                report: Report | None = service.receive()
            except ServiceLost as lost:
                report = self._lost(service, submission, str(lost))
                service = Service(self._order)
            except BaseException:
                service.kill()
                raise
            self._feed(service)
            if report is not None:
                yield report

    def _lost(self, service: Service, submission: Submission, how: str) -> Report | None:
        """Have a submission tried again, once; then report that it could not be graded."""
        with contextlib.suppress(OSError):
            service.kill()
        if submission.student in self._tried:
            return errored_report(self._order, submission, how)
        self._tried.add(submission.student)
        self._again.append(submission)
        return None

    def _feed(self, service: Service) -> None:
        """Give a service the next submission, or end it."""
        submission = self._again.pop() if self._again else next(self._rest, None)
        if submission is None:
            service.close()
            return
        self.busy[service] = submission
        try:
            service.send(submission)
        except ServiceLost:
            self.busy.pop(service)
            self._again.append(submission)
            self._feed(Service(self._order))
