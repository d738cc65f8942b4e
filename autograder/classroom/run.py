"""A class: its submissions are graded, stored one by one, and written out as reports, pages and a table."""

import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from autograder import files
from autograder.classroom.archives import open_class
from autograder.classroom.candidates import Found, Refused
from autograder.classroom.exports import csv
from autograder.classroom.folder import Collected, collect
from autograder.classroom.lateness import Deadline, Rule, handed_in, of_students, penalised, seconds_late
from autograder.classroom.names import file_stem
from autograder.classroom.results import write_page
from autograder.classroom.store import Store, StoredState
from autograder.classroom.versions import exercise_digests, versions
from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.grading.seeds import hidden_seed
from autograder.host import disk_quota
from autograder.model import ClassRow, GradingSpec, Report, Submission
from autograder.report import html
from autograder.report import json as json_report
from autograder.submissions.fingerprint import hashes_of
from autograder.submissions.submission import read_any

MEND = "mend that, and run again"
LEAST_FREE, NEXT_TO_NOTHING = 8 << 20, 1 << 20  # bytes of disk below which a run does not begin, or go on
PATIENCE = 10.0  # seconds in which a disk that a submission has filled is free again: its worker is ended sooner
UNFINISHED = re.compile(r"\..+\.\d+\.new", re.DOTALL)  # what `write_beside` leaves of a file when it is killed
Engine = Callable[[GradingSpec, Iterable[Submission]], Iterator[Report]]


@dataclass(frozen=True)
class Lateness:
    """When submissions are due, when they came where there is a list of that, and what lateness costs."""

    deadline: Deadline | None = None
    rule: Rule | None = None
    times: Mapping[str, datetime] | None = None


@dataclass(frozen=True)
class Plan:
    """A run: which class, into which folder, how. `only` are students to grade again, whatever is stored of them."""

    order: GradingSpec
    submissions: Path
    output: Path
    fresh: bool = False
    only: tuple[str, ...] = ()
    lateness: Lateness = field(default_factory=Lateness)

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

    `ignored` are files that are nobody's submission, `unlisted` names in the list of times that are nobody's. `gone`
    were graded earlier and have no submission any more; their results stay. `changed` are scores that are not what was
    stored for the same bytes, which tells that checks or kit have changed.
    """

    graded: int
    known: int
    refused: tuple[Refused, ...]
    ignored: tuple[str, ...]
    failed: tuple[Failure, ...]
    gone: tuple[str, ...]
    changed: tuple[ScoreChange, ...]
    unlisted: tuple[str, ...] = ()


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
    scratch = plan.output / f".zips.{os.getpid()}.new"  # where the next run finds it, if this one is killed
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        outcome = _grade_class(plan, _collected(plan, scratch), engine, watch)
    finally:
        if scratch.is_dir():
            shutil.rmtree(scratch, ignore_errors=True)
            with suppress(OSError):  # which is as it should be: there are results in it
                plan.output.rmdir()
    if with_page:
        write_page(plan.output)
    return outcome


def _grade_class(plan: Plan, collected: Collected, engine: Engine, watch: Watcher) -> RunResult:
    plan = _with_times(plan, collected)
    _make_folder(plan.output)
    _require_scratch()
    with Store(plan.output, create=plan.exercise) as store:
        for folder in (plan.output / "reports", plan.output / "feedback"):
            _make_folder(folder)
            _remove_unfinished(folder)
        _remove_unfinished(plan.output)
        run = _ClassRun(plan, store, watch)
        watch.begin(len(collected.found))
        try:
            for report in engine(replace(plan.order, with_fingerprint=True), run.todo(collected.found)):
                run.take(report)
        finally:  # what has failed may have failed for that
            run.require_room()
        outcome = run.outcome(collected)
        if not plan.only:
            store.put_refused([(one.name, one.reason) for one in outcome.refused])
        table = csv.render(store.rows(), [name for name, _ in plan.exercise.functions])
        files.write(plan.output / "grades.csv", table, MEND)
        files.write(plan.output / "mistakes.csv", csv.render_mistakes(store.rows()), MEND)
    return outcome


def _collected(plan: Plan, scratch: Path) -> Collected:
    output, submissions = (Path(os.path.realpath(path)) for path in (plan.output, plan.submissions))
    if output.is_relative_to(submissions):
        raise UserError(f"{plan.output} lies inside the folder of submissions; name an --output outside of it")
    collected = collect(open_class(plan.submissions, scratch / "class"), plan.exercise, scratch / "students")
    if not plan.only:
        return collected
    missing = sorted(set(plan.only) - {found.student for found in collected.found})
    if missing:
        raise UserError(_missing(missing[0], collected))
    found = tuple(found for found in collected.found if found.student in plan.only)
    return Collected(found, (), ())


def _with_times(plan: Plan, collected: Collected) -> Plan:
    """Return the plan with the students' times.

    Stops where the list lacks a student: a file's own time in its place took 14 points from a class.
    """
    if plan.lateness.times is None:
        return plan
    students = [one.student for one in collected.found]
    times = of_students(plan.lateness.times, students)
    if late := [student for student in students if student not in times]:
        nobodys = [] if plan.only else _nobodys(times, collected.refused, students)
        more = f" (and nobody here is {', '.join(nobodys)})" if nobodys else ""
        raise UserError(f"--times has no time for {', '.join(late)}; add when each handed in, and run again{more}")
    return replace(plan, lateness=replace(plan.lateness, times=times))


def _nobodys(times: Iterable[str], refused: Iterable[Refused], students: Iterable[str]) -> list[str]:
    """Return the names in a list of times that are neither a student's nor that of what was refused."""
    names = [one.name.split("/")[0] for one in refused]
    return sorted(set(times) - {*students, *names, *(Path(name).stem for name in names)})


def _missing(student: str, collected: Collected) -> str:
    from difflib import get_close_matches  # only for a slip of the pen

    refused = [str(one) for one in collected.refused if one.name.startswith(student)]
    near = get_close_matches(student, [found.student for found in collected.found], 1)
    advice = [*refused, *(f"did you mean {name}?" for name in near), "name a student as the file or folder is called"]
    return f"there is no submission of {student} to be graded; {advice[0]}"


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise UserError(f"{folder} is a file; move it away, or name another folder with --output") from None
    except OSError as error:
        raise UserError(f"{folder} cannot be made ({error.strerror}); name another folder with --output") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UserError(f"{folder} may not be written to; change its permissions, or name another --output")
    if disk_quota.free(folder) < LEAST_FREE:
        raise UserError(f"there is no space left in {folder}; free some, or name another folder with --output")


def _require_scratch() -> None:
    """See that one submission cannot fill the disk of the scratch folders: that would cost others their points."""
    needed = disk_quota.MAX_BYTES + disk_quota.LEAST_FREE
    try:
        folder = tempfile.gettempdir()
        free = disk_quota.free(Path(folder))
    except OSError:  # not even a file to try it with
        folder, free = "the folders for temporary files", 0
    if free < needed:
        advice = f"free {needed >> 20} MB, or name another folder in TMPDIR"
        raise UserError(f"there is no space left in {folder}, where submissions are run; {advice}")


def _remove_unfinished(folder: Path) -> None:
    """Remove what an earlier run was writing when it was killed; the store's lock says that none is at work."""
    for path in folder.iterdir():
        # What this process writes is this run's.
        if not UNFINISHED.fullmatch(path.name) or path.name.endswith(f".{os.getpid()}.new"):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


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
            if not self._has_room():
                self._is_stopped = True
                return
            try:
                moment, late = self._lateness(one)
                one.path.open("rb").close()
            except (OSError, ValueError) as error:  # no verdict on a student whose file or time cannot be had
                why = f"cannot be read ({files.reason(error)}); see to it, and run again"
                self._refused.append(Refused(one.file if isinstance(error, OSError) else f"{one.student}'s time", why))
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
        self._has_room()
        student = report.submission.student
        flight = self._in_flight.pop(student)
        old, row = flight.known, self._row(report, flight)
        secret = hidden_seed(self._plan.order.secret, self._plan.order.salt, student)
        key = "" if row.is_errored else flight.key
        self._store.put(row, key, secret, flight.moment, json_report.render(report), html.render(report))
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
        if self._is_stopped or not self._has_room():
            advice = "make room, and run again: what is graded is stored"
            raise UserError(f"there is no space left in {self._plan.output} or {tempfile.gettempdir()}; {advice}")

    def _has_room(self) -> bool:
        """Wait while the disk is full, for a while; whether it is not."""
        deadline = time.monotonic() + PATIENCE
        while disk_quota.is_full() or disk_quota.free(self._plan.output) < NEXT_TO_NOTHING:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True

    def outcome(self, collected: Collected) -> RunResult:
        here = {found.student for found in collected.found}
        gone = () if self._plan.only else tuple(name for name in self._store.students() if name not in here)
        refused = tuple(sorted((*collected.refused, *self._refused), key=lambda one: one.name))
        failed = tuple(sorted(self._failed, key=lambda one: one.student))
        changed = tuple(sorted(self._changed, key=lambda one: one.student))
        unlisted = [] if self._plan.only else _nobodys(self._plan.lateness.times or (), refused, here)
        return RunResult(self._graded, self._known, refused, collected.ignored, failed, gone, changed, tuple(unlisted))

    def _keep(self, found: Found, known: StoredState, moment: str | None, late: float) -> None:
        """Leave a verdict as it is; when it came, or what that costs, may have changed."""
        score = self._counting(known.raw_score, late)
        if (known.handed_in, known.seconds_late, known.score) != (moment, late, score):
            self._store.put_times(found.student, moment, late, score)
        if not known.is_written or not all(path.is_file() for path in self._paths(found.student)):
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
            score=self._counting(report.score, flight.late),
            max_score=self._plan.exercise.points,
            seconds_late=flight.late,
            seconds=report.seconds,
            report={},
            fingerprint=tuple(sorted(set(report.fingerprint) - self._stub)),
            is_errored=any(function.outcome == "errored" for function in report.functions),
        )

    def _lateness(self, found: Found) -> tuple[str | None, float]:
        """Return when a submission came, as text, and how many seconds late; None and 0 where no deadline is set."""
        lateness = self._plan.lateness
        if lateness.deadline is None:
            return None, 0.0
        moment = handed_in(found.student, found.path, lateness.times or {})
        return moment.astimezone(UTC).isoformat(timespec="seconds"), seconds_late(moment, lateness.deadline)

    def _counting(self, raw: int, late: float) -> float:
        rule = self._plan.lateness.rule
        return float(raw) if rule is None else penalised(raw, self._plan.exercise.points, late, rule)

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
