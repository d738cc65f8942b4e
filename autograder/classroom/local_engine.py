"""A class graded on this machine: warm services, one a core, each with one submission at a time."""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from multiprocessing.connection import wait

from autograder.errors import GraderError
from autograder.grading.service import Service, ServiceLost, errored_report
from autograder.model import GradingSpec, Report, Submission

LOOK_SECONDS = 1.0  # between looks for a service that hangs


def grade_all(order: GradingSpec, submissions: Iterable[Submission], jobs: int) -> Iterator[Report]:
    """Yield the report on each submission as it is finished, in no certain order.

    Those on which a deadline has decided while the machine was busy are graded again at last, one by one.
    A service that dies or hangs is replaced, and its submission tried once more; after that its report is errored.
    UserError where the isolation that is insisted on is not to be had, GraderError where the checks do not load.
    """
    hurried: list[Submission] = []
    for report in _reports(order, submissions, jobs):
        if report.is_hurried:
            hurried.append(report.submission)
        else:
            yield report
    if hurried:
        yield from _reports(order, hurried, 1)


def _reports(order: GradingSpec, submissions: Iterable[Submission], jobs: int) -> Iterator[Report]:
    pool = _Pool(order, submissions, jobs)
    try:
        pool.open()
        while pool.busy or pool.starting:
            yield from pool.finished()
    finally:
        pool.close()


class _Pool:
    """Services, what each one is grading, and what is still to come."""

    def __init__(self, order: GradingSpec, submissions: Iterable[Submission], jobs: int) -> None:
        self._order, self._rest, self._jobs = order, iter(submissions), jobs
        self._waiting: deque[Submission] = deque()
        self._tried: set[str] = set()
        self.starting: set[Service] = set()
        self.busy: dict[Service, Submission] = {}
        self._over: list[Service] = []
        self._failed_starts = 0

    def open(self) -> None:
        """Start as many services as are wanted and there is work for, all at once, for each takes two seconds."""
        self._waiting.extend(islice(self._rest, self._jobs))
        for _ in list(self._waiting):
            self._start()

    def close(self) -> None:
        """End all services: in order those that have nothing to do, the others at once."""
        for service in (*self.busy, *self.starting):
            service.kill()
        for service in self._over:
            service.close()

    def finished(self) -> Iterator[Report]:
        """Wait for what happens next; yield the reports that it brings, each service having its next submission."""
        running = [*self.starting, *self.busy]
        ready = wait([service.connection for service in running], LOOK_SECONDS)
        for service in running:
            if service.connection not in ready and not service.is_overdue:
                continue
            if service in self.starting:
                self._started(service)
            elif report := self._answered(service):
                yield report

    def _start(self) -> None:
        try:
            self.starting.add(Service(self._order))
        except ServiceLost as lost:
            raise _not_starting(lost) from None

    def _started(self, service: Service) -> None:
        """Give a service that is ready its first submission, or replace one that could not start."""
        try:
            service.wait()
        except ServiceLost as lost:
            self._started_in_vain(service, lost)
        else:
            self._feed(service)
        self.starting.remove(service)

    def _started_in_vain(self, service: Service, lost: ServiceLost) -> None:
        service.kill()
        self._failed_starts += 1
        if self._failed_starts > 2 * self._jobs:  # and no report since: it is not for want of memory for a moment
            raise _not_starting(lost) from None
        self._start()

    def _answered(self, service: Service) -> Report | None:
        """Take a report, and give its service the next submission; None where it is lost, for the first time."""
        try:
            report = service.receive()
        except ServiceLost as lost:
            return self._replaced(service, str(lost))
        self._failed_starts = 0
        del self.busy[service]
        self._feed(service)
        return report

    def _replaced(self, service: Service, how: str) -> Report | None:
        """Have a lost service's submission tried again, once; then return a report that it could not be graded."""
        submission = self.busy.pop(service)
        service.kill()
        is_tried = submission.student in self._tried
        if not is_tried:
            self._tried.add(submission.student)
            self._waiting.append(submission)
        if self._has_work():
            self._start()
        return errored_report(self._order, submission, how) if is_tried else None

    def _feed(self, service: Service) -> None:
        """Give a service the next submission, or let it end."""
        if not self._has_work():
            service.connection.close()
            self._over.append(service)
            return
        submission = self._waiting.popleft()
        try:
            service.send(submission)
        except ServiceLost as lost:  # it has seen nothing of the submission
            self._waiting.appendleft(submission)
            self._started_in_vain(service, lost)
            return
        self.busy[service] = submission

    def _has_work(self) -> bool:
        if not self._waiting:
            self._waiting.extend(islice(self._rest, 1))
        return bool(self._waiting)


def _not_starting(lost: ServiceLost) -> GraderError:
    return GraderError(f"a grader does not start: {lost}; try fewer --jobs, and see `course check`")
