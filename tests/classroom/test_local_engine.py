"""The pool: each submission gets one report, whatever becomes of the services, fakes that do as told.

A submission's code says what its service does with it: `right`, `dies` (each time), `dies once`, `hangs`, `refuses`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.connection import Pipe
from pathlib import Path

import pytest
from classes import EXERCISE, canned

from autograder.classroom import local_engine
from autograder.classroom.local_engine import grade_all
from autograder.errors import GraderError, UserError
from autograder.grading.service import ServiceLost
from autograder.model import Cell, GradingSpec, Submission

ORDER = GradingSpec(EXERCISE, "sandbox")


class FakeService:
    """In place of the grader's process: answers at once, on a real pipe."""

    starts: Iterator[str]  # what becomes of each service that is started
    events: list[str]
    seen: Counter[str]

    def __init__(self, _order: GradingSpec) -> None:
        self.start = next(self.starts, "ready")
        if self.start == "impossible":
            raise ServiceLost("it cannot be started (Cannot allocate memory)")
        self.connection, self._theirs = Pipe()
        self._theirs.send("sandbox")
        self._given: Submission | None = None
        self.events.append("started")
        self.ended = ""

    def wait(self) -> str:
        if self.start == "dies":
            raise ServiceLost("it was killed by signal 9")
        if self.start == "unwilling":
            raise UserError("no sandbox here; grade elsewhere")
        return str(self.connection.recv())

    def send(self, submission: Submission) -> None:
        if self.start == "dies when idle":
            raise ServiceLost("it was killed by signal 15")
        self._given = submission
        if submission.cells[0].code != "hangs":
            self._theirs.send("finished")

    @property
    def is_overdue(self) -> bool:
        return self._given is not None and self._given.cells[0].code == "hangs"

    def receive(self):
        submission = self._given
        code, self._given = submission.cells[0].code, None
        self.seen[submission.student] += 1
        if code in ("dies", "hangs") or (code == "dies once" and self.seen[submission.student] == 1):
            raise ServiceLost("it was killed by signal 11")
        if code == "refuses":
            raise GraderError("the checks do not load")
        self.connection.recv()
        report = canned(ORDER, Submission(submission.student, submission.path, "0", (Cell("a", "7"),)))
        is_hurried = code == "hurried" and self.seen[submission.student] == 1
        return replace(report, submission=submission, is_hurried=is_hurried)

    def kill(self) -> None:
        self._end("killed")

    def close(self) -> None:
        self._end("closed")

    def _end(self, how: str) -> None:
        self.ended = self.ended or how
        self.events.append(how)
        self.connection.close()
        self._theirs.close()


@pytest.fixture(autouse=True)
def fakes(monkeypatch):
    """Fake services that all start, until a test says otherwise."""
    monkeypatch.setattr(FakeService, "starts", iter([]), raising=False)
    monkeypatch.setattr(FakeService, "events", [], raising=False)
    monkeypatch.setattr(FakeService, "seen", Counter(), raising=False)
    monkeypatch.setattr(local_engine, "Service", FakeService)
    monkeypatch.setattr(local_engine, "LOOK_SECONDS", 0.01)


def starting(monkeypatch, *starts: str) -> None:
    monkeypatch.setattr(FakeService, "starts", iter(starts))


def submissions(*codes: str) -> list[Submission]:
    return [Submission(f"s{at}", Path("a.py"), "0" * 64, (Cell("a.py", code),)) for at, code in enumerate(codes)]


def verdicts(codes: list[str], jobs: int) -> dict[str, str]:
    """Each student's verdict, of which there must be one: points, or what the grader said of its failure."""
    found: dict[str, str] = {}
    for report in grade_all(ORDER, submissions(*codes), jobs):
        assert report.submission.student not in found
        errored = [result for result in report.checks if result.outcome == "errored"]
        found[report.submission.student] = str(errored[0].message) if errored else str(report.score)
    return found


@pytest.mark.parametrize("jobs", [1, 2, 5, 50])
def test_each_submission_gets_one_report(jobs):
    assert verdicts(["right"] * 20, jobs) == {f"s{at}": "30" for at in range(20)}
    assert FakeService.events.count("started") == min(jobs, 20)
    assert FakeService.events.count("closed") == min(jobs, 20)
    assert "killed" not in FakeService.events


def test_no_service_is_started_for_nothing():
    assert verdicts([], 4) == {}
    assert FakeService.events == []


@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize("bad", ["dies", "hangs"])
def test_a_service_that_is_lost_is_replaced_and_its_submission_tried_once_more(jobs, bad):
    found = verdicts(["right", bad, "right", "dies once", "right", bad], jobs)
    assert {name for name, said in found.items() if said == "30"} == {"s0", "s2", "s3", "s4"}
    assert {found["s1"], found["s5"]} == {"the grader failed on this file, twice: it was killed by signal 11"}
    assert FakeService.seen == {"s0": 1, "s1": 2, "s2": 1, "s3": 2, "s4": 1, "s5": 2}


def test_what_was_late_on_a_busy_machine_is_graded_again_at_last_and_alone():
    assert verdicts(["hurried", "right", "hurried", "right"], 2) == {f"s{at}": "30" for at in range(4)}
    assert FakeService.seen == {"s0": 2, "s1": 1, "s2": 2, "s3": 1}
    assert FakeService.events.count("started") == 3


def test_a_lost_submission_at_the_very_end_starts_no_service_but_the_one_it_needs():
    assert verdicts(["dies"], 1) == {"s0": "the grader failed on this file, twice: it was killed by signal 11"}
    assert FakeService.events.count("started") == 2


@pytest.mark.parametrize("start", ["dies", "dies when idle"])
def test_a_service_that_does_not_start_is_started_again(monkeypatch, start):
    starting(monkeypatch, *[start] * 4, "ready")
    assert verdicts(["right"] * 5, 2) == {f"s{at}": "30" for at in range(5)}


@pytest.mark.parametrize(
    ("starts", "says"),
    [
        (["dies"] * 9, "a grader does not start: it was killed by signal 9; try fewer --jobs"),
        (["dies when idle"] * 9, "a grader does not start: it was killed by signal 15; try fewer --jobs"),
        (["ready", "impossible"], "a grader does not start: it cannot be started (Cannot allocate memory); try"),
    ],
)
def test_where_no_service_starts_the_run_ends(monkeypatch, starts, says):
    starting(monkeypatch, *starts)
    with pytest.raises(GraderError) as error:
        verdicts(["right"] * 5, 2)
    assert says in str(error.value)
    assert FakeService.events.count("killed") >= FakeService.events.count("started") - FakeService.events.count(
        "closed"
    )


def test_what_concerns_all_submissions_ends_the_run_and_all_services(monkeypatch):
    with pytest.raises(GraderError, match="the checks do not load"):
        verdicts(["right", "right", "refuses", "right"], 2)
    starting(monkeypatch, "unwilling", "unwilling")
    with pytest.raises(UserError, match="no sandbox here"):
        verdicts(["right"] * 4, 2)
    ended = FakeService.events.count("killed") + FakeService.events.count("closed")
    assert ended >= FakeService.events.count("started") == 4


def test_submissions_are_taken_as_they_are_needed_and_services_end_with_the_taker():
    taken = []

    def given() -> Iterator[Submission]:
        for submission in submissions(*["right"] * 100):
            taken.append(submission)
            yield submission

    reports = grade_all(ORDER, given(), 2)
    next(reports)
    assert len(taken) <= 4
    reports.close()
    assert FakeService.events.count("killed") == 2
