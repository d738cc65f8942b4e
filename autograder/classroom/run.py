"""A class: its submissions are graded, stored one by one, and written out as reports, pages and a table."""

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from autograder import files
from autograder.classroom.archives import open_class
from autograder.classroom.candidates import Found, Refused, refused_of
from autograder.classroom.enrolment import Enrolment
from autograder.classroom.exports import csv
from autograder.classroom.folder import Collected, collect
from autograder.classroom.lateness import Deadline, Rule, counted, handed_in, of_students, seconds_late
from autograder.classroom.names import file_stem, listed
from autograder.classroom.results import write_page
from autograder.classroom.room import has_room, make_folder, remove_unfinished, require_scratch
from autograder.classroom.store import Store, StoredState
from autograder.classroom.versions import exercise_digests, versions
from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.grading.seeds import hidden_seed
from autograder.model import ClassRow, CountedScore, GradingSpec, Report, Submission
from autograder.report import html
from autograder.report import json as json_report
from autograder.submissions.fingerprint import hashes_of
from autograder.submissions.submission import read_any

MEND = "mend that, and run again"
Engine = Callable[[GradingSpec, Iterable[Submission]], Iterator[Report]]


@dataclass(frozen=True)
class Lateness:
    """When submissions are due, when they came where there is a list of that, and what lateness costs."""

    deadline: Deadline | None = None
    rule: Rule | None = None
    times: Mapping[str, datetime] | None = None
    from_files: bool = False  # the files' own times serve for those who are not in the list


@dataclass(frozen=True)
class Plan:
    """A run: which class, into which folder, how. `only` are students to grade again, whatever is stored of them.

    `rule` is stored with the results, and so are a roster and weights; `known` are students who may be in the list of
    times besides those whose work is here. `course` is a whole course's folder, with the store, `output` one in it.
    """

    order: GradingSpec
    submissions: Path
    output: Path
    fresh: bool = False
    only: tuple[str, ...] = ()
    lateness: Lateness = field(default_factory=Lateness)
    rule: str = ""
    roster: Enrolment | None = None
    weights: Mapping[str, float] | None = None
    known: frozenset[str] = frozenset()
    course: Path | None = None

    @property
    def exercise(self) -> Exercise:
        return self.order.exercise


@dataclass(frozen=True)
class ScoreChange:
    """A student's score as it was stored and as it came out again."""

    student: str
    before: int
    after: int


@dataclass(frozen=True)
class Failure:
    """A submission that the grader itself failed on, and what it said."""

    student: str
    how: str


@dataclass(frozen=True)
class RunResult:
    """What a run did: how many it graded and found graded already, what it refused, where the grader itself failed.

    `ignored` are files that are nobody's submission. `gone` were graded earlier and have no submission any more; their
    results stay. `changed` are scores that are not what was stored for the same bytes, which tells that checks or kit
    have changed.
    """

    graded: int
    known: int
    refused: tuple[Refused, ...]
    ignored: tuple[str, ...]
    failed: tuple[Failure, ...]
    gone: tuple[str, ...]
    changed: tuple[ScoreChange, ...]


class Watcher(Protocol):
    """Who is told how a run goes on."""

    def begin(self, total: int) -> None:
        """There are so many submissions."""

    def known(self) -> None:
        """One is not graded: it was earlier and has not changed, or it cannot be read."""

    def graded(self, row: ClassRow) -> None:
        """One has been graded and stored."""


def grade_class(plan: Plan, engine: Engine, watch: Watcher, *, with_page: bool = True) -> RunResult:
    """Grade what is new or changed in a class, and write all that the contract's section 5 names.

    A run may be killed at any moment and started again. UserError for a folder that cannot be used or written to.
    """
    with scratch_folder(plan.output, plan.submissions) as scratch:
        collected = collect(open_class(plan.submissions, scratch / "class"), plan.exercise, scratch / "students")
        outcome = grade_collected(plan, collected, engine, watch)
    if with_page:
        write_page(plan.output)
    return outcome


@contextmanager
def scratch_folder(output: Path, submissions: Path) -> Iterator[Path]:
    """Say where zips may be unpacked while a class is graded; UserError where results would lie among submissions."""
    if Path(os.path.realpath(output)).is_relative_to(os.path.realpath(submissions)):
        raise UserError(f"{output} lies inside the folder of submissions; name an --output outside of it")
    scratch = output / f".zips.{os.getpid()}.new"  # where the next run finds it, if this one is killed
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        yield scratch
    finally:
        if scratch.is_dir():
            shutil.rmtree(scratch, ignore_errors=True)
            with suppress(OSError):  # which is as it should be: there are results in it
                output.rmdir()


def grade_collected(plan: Plan, collected: Collected, engine: Engine, watch: Watcher) -> RunResult:
    """Grade what is new or changed of the submissions of an exercise, and write all but the page about the class."""
    collected = only_those(plan, collected)
    plan = with_times(plan, collected)
    home = plan.course or plan.output
    if plan.course is None:
        _require_no_part(plan)
    make_folder(home)
    require_scratch()
    with Store(home, create=plan.exercise, is_course=plan.course is not None) as store:
        for folder in (plan.output, plan.output / "reports", plan.output / "feedback"):
            make_folder(folder)
            remove_unfinished(folder)
        if plan.rule:
            store.put_rule(plan.rule)
        if plan.roster is not None:
            store.put_roster(plan.roster)
        if plan.weights is not None:
            store.put_weights(plan.weights)
        return _graded(plan, collected, store, engine, watch)


def _graded(plan: Plan, collected: Collected, store: Store, engine: Engine, watch: Watcher) -> RunResult:
    run = _ClassRun(plan, store, watch)
    watch.begin(len(collected.found))
    try:
        for report in engine(replace(plan.order, with_fingerprint=True), run.todo(collected.found)):
            run.take(report)
    finally:  # what has failed may have failed for that
        run.require_room()
    outcome = run.outcome(collected)
    if not plan.only:
        refused = [(one.name, one.reason, "" if one.is_missing else one.student) for one in outcome.refused]
        store.put_refused(refused)
    table = csv.render(store.rows(), [name for name, _ in plan.exercise.functions])
    files.write(plan.output / "grades.csv", table, MEND)
    files.write(plan.output / "mistakes.csv", csv.render_mistakes(store.rows()), MEND)
    return outcome


def _require_no_part(plan: Plan) -> None:
    """Stop before a class of its own would overwrite the tables and pages of an exercise of a whole course."""
    course = plan.output.absolute().parent
    is_part = False
    with suppress(UserError), Store(course) as store:  # whatever else lies there is no course
        is_part = store.is_course and plan.output.name in store.exercises
    if is_part:
        how = "grade it with `course grade all`, and a single student with --only"
        raise UserError(f"{plan.output} is a part of the course in {course}; {how}, or name another folder")


def only_those(plan: Plan, collected: Collected) -> Collected:
    """Return the submissions of those whom the run is about."""
    if not plan.only:
        return collected
    missing = sorted(set(plan.only) - {found.student for found in collected.found})
    if missing and not plan.course:
        raise UserError(missing_student(missing[0], collected))
    found = tuple(one for one in collected.found if one.student in plan.only)
    return Collected(found, refused_of(plan.only, collected.refused), ())


def with_times(plan: Plan, collected: Collected) -> Plan:
    """Return the plan with the students' times.

    Stops where the list lacks a student: a file's own time in its place took 14 points from a class. It stops at a name
    that is nobody's, too: it may be a student's in another spelling.
    """
    lateness = plan.lateness
    if lateness.times is None:
        return plan
    students = [one.student for one in collected.found]
    times = of_students(lateness.times, students)
    if not lateness.from_files:
        _require_times(plan, times, collected, students)
    return replace(plan, lateness=replace(lateness, times=times))


def _require_times(plan: Plan, times: Mapping[str, datetime], collected: Collected, students: list[str]) -> None:
    late = [student for student in students if student not in times]
    nobodys = [] if plan.only else _nobodys(times, collected.refused, (*students, *plan.known))
    nobodys = [name for name in nobodys if not (plan.roster and plan.roster.find(name))]
    if late:
        more = f" (and nobody here is {listed(nobodys)})" if nobodys else ""
        advice = "add when each handed in, or let the files' own times serve for them with --times-from-files"
        raise UserError(f"--times has no time for {listed(late)}; {advice}{more}")
    if nobodys:
        advice = "correct or remove the lines, or go on all the same with --times-from-files"
        raise UserError(f"nobody here is {listed(nobodys)}, of whom --times has a time; {advice}")


def _nobodys(times: Iterable[str], refused: Iterable[Refused], students: Iterable[str]) -> list[str]:
    """Return the names in a list of times that are neither a student's nor that of what was refused."""
    names = [one.name.split("/")[0] for one in refused]
    return sorted(set(times) - {*students, *names, *(Path(name).stem for name in names)})


def missing_student(student: str, collected: Collected) -> str:
    """Say that there is no submission of a student, and who may have been meant."""
    from difflib import get_close_matches  # only for a slip of the pen

    refused = [str(one) for one in collected.refused if one.name.startswith(student)]
    near = get_close_matches(student, [found.student for found in collected.found], 1)
    advice = [*refused, *(f"did you mean {name}?" for name in near), "name a student as the file or folder is called"]
    return f"there is no submission of {student} to be graded; {advice[0]}"


@dataclass(frozen=True)
class _InFlight:
    """A submission that is being graded: by which key it will be known, when it came, and what was known so far."""

    found: Found
    key: str
    moment: str | None
    late: float
    known: StoredState | None


class _ClassRun:
    """One run over a class: what it skips, takes and counts."""

    def __init__(self, plan: Plan, store: Store, watch: Watcher) -> None:
        self._plan, self._store, self._watch = plan, store, watch
        self._in_flight: dict[str, _InFlight] = {}
        self._verdict = _verdict_key(plan.order)
        stub = plan.exercise.stub
        self._stub = hashes_of([stub.read_text(encoding="utf-8")] if stub.is_file() else [])
        self._graded = self._known = 0
        self._is_stopped = False
        self._refused: list[Refused] = []
        self._failed: list[Failure] = []
        self._changed: list[ScoreChange] = []

    def todo(self, found: Iterable[Found]) -> Iterator[Submission]:
        """Yield what is to be graded; what is stored already only gets its times, and the files that are missing."""
        for one in found:
            if not has_room(self._plan.output):
                self._is_stopped = True
                return
            try:
                moment, late = self._lateness(one)
                one.path.open("rb").close()
            except (OSError, ValueError) as error:  # no verdict on a student whose file or time cannot be had
                why = f"cannot be read ({files.reason(error)}); see to it, and run again"
                name = one.file if isinstance(error, OSError) else f"{one.student}'s time"
                self._refused.append(Refused(name, why, student=one.student))
                self._watch.known()
                continue
            submission = read_any(one.path, Path(one.file), one.student)
            known, key = self._store.known(one.student), self._key(submission)
            if known is not None and known.key == key and not (self._plan.fresh or self._plan.only):
                self._keep(one, known, moment, late)
            else:
                self._in_flight[one.student] = _InFlight(one, key, moment, late, known)
                yield submission

    def take(self, report: Report) -> None:
        """Store a report, then write its files."""
        has_room(self._plan.output)
        student = report.submission.student
        flight = self._in_flight.pop(student)
        old, row = flight.known, self._row(report, flight)
        secret = hidden_seed(self._plan.order.secret, self._plan.order.salt, student)
        key = "" if row.is_errored else flight.key
        self._store.put(row, key, secret, json_report.render(report), html.render(report, with_source=True))
        self._write_files(student)
        self._graded += 1
        if row.is_errored:
            said = (str(result.message) for result in report.checks if result.outcome == "errored" and result.message)
            self._failed.append(Failure(student, next(said, "the grader failed")))
        elif old and (old.sha256, old.is_errored) == (row.sha256, False) and old.raw_score != row.raw_score:
            self._changed.append(ScoreChange(student, old.raw_score, row.raw_score))
        self._watch.graded(row)

    def require_room(self) -> None:
        """UserError where the run has stopped before its end, for the disk was full, or where it is."""
        if self._is_stopped or not has_room(self._plan.output):
            advice = "make room, and run again: what is graded is stored"
            raise UserError(f"there is no space left in {self._plan.output} or {tempfile.gettempdir()}; {advice}")

    def outcome(self, collected: Collected) -> RunResult:
        here = {found.student for found in collected.found}
        gone = () if self._plan.only else tuple(name for name in self._store.students() if name not in here)
        refused = tuple(sorted((*collected.refused, *self._refused), key=lambda one: one.name))
        failed = tuple(sorted(self._failed, key=lambda one: one.student))
        changed = tuple(sorted(self._changed, key=lambda one: one.student))
        return RunResult(self._graded, self._known, refused, collected.ignored, failed, gone, changed)

    def _keep(self, found: Found, known: StoredState, moment: str | None, late: float) -> None:
        """Leave a verdict as it is; when it came, or what that costs, may have changed."""
        score = float(self._counted(known.raw_score, late).counts)
        if (known.handed_in, known.seconds_late, known.score) != (moment, late, score):
            self._store.put_times(found.student, moment, late, score)
            self._write_files(found.student)
        elif not known.is_written or not all(path.is_file() for path in self._paths(found.student)):
            self._write_files(found.student)
        self._known += 1
        self._watch.known()

    def _key(self, submission: Submission) -> str:
        """Return what the verdict on a submission depends on, as a hash; reports name its path."""
        salted = submission.student if self._plan.order.salt else ""
        return _digest(self._verdict, submission.sha256, submission.path, salted)

    def _row(self, report: Report, flight: _InFlight) -> ClassRow:
        return ClassRow(
            student=flight.found.student,
            file=flight.found.file,
            sha256=report.submission.sha256,
            raw_score=report.score,
            score=float(self._counted(report.score, flight.late).counts),
            max_score=self._plan.exercise.points,
            seconds_late=flight.late,
            seconds=report.seconds,
            report={},
            fingerprint=tuple(sorted(set(report.fingerprint) - self._stub)),
            is_errored=any(function.outcome == "errored" for function in report.functions),
            handed_in=flight.moment,
        )

    def _lateness(self, found: Found) -> tuple[str | None, float]:
        """Return when a submission came, as text, and how many seconds late; None and 0 where no deadline is set."""
        lateness = self._plan.lateness
        if lateness.deadline is None:
            return None, 0.0
        moment = handed_in(found.student, found.path, lateness.times or {})
        return moment.astimezone(UTC).isoformat(timespec="seconds"), seconds_late(moment, lateness.deadline)

    def _counted(self, earned: int, late: float) -> CountedScore:
        return counted(earned, self._plan.exercise.points, late, self._plan.lateness.rule)

    def _paths(self, student: str) -> tuple[Path, Path]:
        stem, output = file_stem(student), self._plan.output
        return output / "reports" / f"{stem}.json", output / "feedback" / f"{stem}.html"

    def _write_files(self, student: str) -> None:
        for path, text in zip(self._paths(student), self._store.files_of(student), strict=True):
            files.write(path, text, MEND)
        self._store.mark_written(student)


def _verdict_key(order: GradingSpec) -> str:
    """Return what all verdicts of a run depend on, besides the submission: exercise, kit, torch, seeds, isolation."""
    exercise = order.exercise
    how = (order.seed, order.secret, order.salt, order.isolation, order.functions, order.limits, order.credit)
    return _digest(exercise.name, exercise_digests(exercise), versions(), *how)


def _digest(*parts: object) -> str:
    return files.sha256(json.dumps([str(part) for part in parts]).encode())
