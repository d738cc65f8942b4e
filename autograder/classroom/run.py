"""A class: its submissions are graded, stored one by one, and written out as reports, pages and a table."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from autograder import __version__
from autograder.classroom.exports import csv
from autograder.classroom.folder import Collected, Found, Refused, collect, file_stem
from autograder.classroom.lateness import Deadline, Rule, handed_in, penalised, seconds_late
from autograder.classroom.similarity import fingerprint
from autograder.classroom.store import Entry, Store, StoredState
from autograder.errors import GraderError, UserError
from autograder.exercise import Exercise
from autograder.files import write_beside
from autograder.grading.seeds import hidden_seed
from autograder.grading.service import PACKAGE, end_with_starter, sources
from autograder.model import ClassRow, GradingSpec, Report, Submission
from autograder.report import html
from autograder.report import json as json_report
from autograder.submissions.submission import read_any

LEAST_FREE = 8 << 20  # bytes of disk below which a run does not begin
UNFINISHED = re.compile(r"\..+\.\d+\.new", re.DOTALL)  # what `write_beside` leaves of a file when it is killed
PAGE_WRITER = (
    f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r}); "
    "from autograder.classroom.run import page_writer; page_writer(sys.argv[1])"
)

Engine = Callable[[GradingSpec, Iterable[Submission]], Iterator[Report]]


@dataclass(frozen=True)
class Lateness:
    """When submissions are due, when they came where a list says so, and what lateness costs."""

    deadline: Deadline | None = None
    rule: Rule | None = None
    times: Mapping[str, datetime] = field(default_factory=dict)


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
        """The exercise."""
        return self.order.exercise


@dataclass(frozen=True)
class Change:
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
class Outcome:
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
    changed: tuple[Change, ...]


class Watcher(Protocol):
    """Who is told how a run goes on."""

    def begin(self, total: int) -> None:
        """There are so many submissions."""

    def known(self) -> None:
        """One is not graded: it was earlier and has not changed, or it cannot be read."""

    def graded(self, row: ClassRow) -> None:
        """One has been graded and stored."""


def grade_class(plan: Plan, engine: Engine, watch: Watcher, *, with_page: bool = True) -> Outcome:
    """Grade what is new or changed in a class, and write all that the contract's section 5 names.

    A run may be killed at any moment and started again. UserError for a folder that cannot be used or written to.
    """
    collected = _collected(plan)
    _make_folder(plan.output)
    with Store(plan.output, create=plan.exercise) as store:
        for folder in (plan.output / "reports", plan.output / "feedback"):
            _make_folder(folder)
            _remove_unfinished(folder)
        _remove_unfinished(plan.output)
        run = _Run(plan, store, watch)
        watch.begin(len(collected.found))
        for report in engine(plan.order, run.todo(collected.found)):
            run.take(report)
        outcome = run.outcome(collected)
        if not plan.only:
            store.put_refused([(one.name, one.reason) for one in outcome.refused])
        table = csv.render(store.rows(), [name for name, _ in plan.exercise.functions])
        _write(plan.output / "grades.csv", table)
    if with_page:
        _write_page_elsewhere(plan.output)
    return outcome


def summary(folder: Path) -> Iterator[str]:
    """Yield lines that say how a graded class did: the mean, and each function's mean and share of full marks."""
    with Store(folder) as store:
        functions = store.functions
        number, total = 0, 0.0
        earned = {name: 0 for name, _ in functions}
        full = dict(earned)
        for row in store.rows():
            if row.is_errored:
                continue
            number, total = number + 1, total + row.score
            for one in row.report["functions"]:
                if one["name"] in earned:  # what is stored may be older than the exercise
                    earned[one["name"]] += one["score"]
                    full[one["name"]] += one["score"] == one["max_score"]
    if not number:
        return
    yield f"{number} graded, {total / number:.1f} of {sum(points for _, points in functions)} points on average"
    width = max(len(name) for name, _ in functions)
    for name, points in functions:
        mean, share = earned[name] / number, full[name] / number
        yield f"  {name:{width}}  {mean:4.1f} / {points:<2}  {share:4.0%} with full marks"


def compare(old: Path, plan: Plan) -> Iterator[str]:
    """Yield a line for each student whose score in a folder graded earlier is not what a run has come to."""
    with Store(old) as before:
        require_exercise(before, plan.exercise)
        scores = {row.student: row.raw_score for row in before.rows() if not row.is_errored}
    same = 0
    with Store(plan.output) as after:
        for row in after.rows():
            was = scores.pop(row.student, None)
            if was == row.raw_score and not row.is_errored:
                same += 1
                continue
            now = "the grader failed" if row.is_errored else f"{row.raw_score}"
            yield f"{row.student}: {'not graded' if was is None else was} before, {now} now"
    if not plan.only:
        yield from (f"{student}: {was} before, no submission now" for student, was in scores.items())
    yield f"{same} students keep their score; nothing was written"


def require_exercise(store: Store, exercise: Exercise) -> None:
    """Raise a UserError where a store holds the grades of another exercise."""
    if store.exercise != exercise.name:
        raise UserError(f"{store.folder} holds the grades of {store.exercise}; name a folder of {exercise.name}")


def write_page(folder: Path) -> None:
    """Write the instructor's page about a graded class; UserError where the folder holds none."""
    from autograder.classroom.page import render  # matplotlib

    with Store(folder) as store:
        exercise = Exercise(store.exercise, store.title, store.functions, folder, folder, folder, None)
        page = render(exercise, store.rows(), when=datetime.now().astimezone(), refused=store.refused)
    _write(folder / "report.html", page)


def page_writer(folder: str) -> None:
    """Write the page in a process that was started for it; what the user can mend is told on standard error."""
    end_with_starter()
    try:
        write_page(Path(folder))
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


def _write_page_elsewhere(folder: Path) -> None:
    """Have the page written by a process of its own: drawing needs memory that a long run should not hold."""
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-c", PAGE_WRITER, str(folder)],
        stdin=subprocess.PIPE,  # by which it sees that we are gone
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        said = process.stderr.read() if process.stderr else ""
        code = process.wait()
    last = (said.strip().splitlines() or ["it said nothing"])[-1]
    if code == 2:
        raise UserError(f"all grades are stored, but not shown: {last}")
    if code != 0:
        raise GraderError(f"all grades are stored, but report.html is not written: {last}; try `course report`")


def _collected(plan: Plan) -> Collected:
    output, submissions = (Path(os.path.realpath(path)) for path in (plan.output, plan.submissions))
    if output.is_relative_to(submissions):
        raise UserError(f"{plan.output} lies inside the folder of submissions; name an --output outside of it")
    collected = collect(plan.submissions, plan.exercise.name)
    if not plan.only:
        return collected
    missing = sorted(set(plan.only) - {found.student for found in collected.found})
    if missing:
        raise UserError(_missing(missing[0], collected))
    found = tuple(found for found in collected.found if found.student in plan.only)
    return Collected(found, (), ())


def _missing(student: str, collected: Collected) -> str:
    from difflib import get_close_matches  # only for a slip of the pen

    refused = [f"{one}" for one in collected.refused if one.name.startswith(student)]
    near = get_close_matches(student, [found.student for found in collected.found], 1)
    advice = "name a student as the file or folder is called"
    if refused or near:
        advice = refused[0] if refused else f"did you mean {near[0]}?"
    return f"there is no submission of {student} to be graded; {advice}"


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except FileExistsError:
        raise UserError(f"{folder} is a file; move it away, or name another folder with --output") from None
    except OSError as error:
        raise UserError(f"{folder} cannot be made ({error.strerror}); name another folder with --output") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UserError(f"{folder} may not be written to; change its permissions, or name another --output")
    if free < LEAST_FREE:
        raise UserError(f"there is no space left in {folder}; free some, or name another folder with --output")


def _remove_unfinished(folder: Path) -> None:
    """Remove what an earlier run was writing when it was killed; the store's lock says that none is at work."""
    with os.scandir(folder) as entries:
        unfinished = [entry.path for entry in entries if UNFINISHED.fullmatch(entry.name)]
    for path in unfinished:
        Path(path).unlink(missing_ok=True)


def _write(path: Path, text: str) -> None:
    try:
        write_beside(path, text)
    except OSError as error:
        raise UserError(f"{path} cannot be written ({error.strerror}); mend that, and run again") from None


@dataclass(frozen=True)
class _InFlight:
    """A submission that is being graded: by which key it will be known, when it came, and what was known so far."""

    found: Found
    key: str
    moment: str | None
    late: float
    known: StoredState | None


class _Run:
    """One run over a class: what it skips, takes and counts."""

    def __init__(self, plan: Plan, store: Store, watch: Watcher) -> None:
        self._plan, self._store, self._watch = plan, store, watch
        self._in_flight: dict[str, _InFlight] = {}
        self._verdict = _verdict_key(plan.order)
        self._stub = plan.exercise.stub.read_text(encoding="utf-8") if plan.exercise.stub.is_file() else ""
        self._number_graded = self._number_known = 0
        self._refused: list[Refused] = []
        self._failed: list[Failure] = []
        self._changed: list[Change] = []

    def todo(self, found: Iterable[Found]) -> Iterator[Submission]:
        """Yield what is to be graded; what is stored already only gets its times, and the files that are missing."""
        for one in found:
            try:
                moment, late = self._lateness(one)
                one.path.open("rb").close()
            except OSError as error:  # no verdict on a student whose file cannot be had
                reason = f"cannot be read ({error.strerror}); see to it, and run again"
                self._refused.append(Refused(one.file, reason))
                self._watch.known()
                continue
            submission = read_any(one.path, Path(one.file), one.student)
            known, key = self._store.known(one.student), self._key(submission)
            if known is not None and known.key == key and not self._is_again():
                self._keep(one, known, moment, late)
            else:
                self._in_flight[one.student] = _InFlight(one, key, moment, late, known)
                yield submission

    def take(self, report: Report) -> None:
        """Store a report, then write its files."""
        student = report.submission.student
        flight = self._in_flight.pop(student)
        graded = self._graded(report, flight)
        secret = hidden_seed(self._plan.order.secret, self._plan.order.salt, student)
        key = "" if graded.is_errored else flight.key
        self._store.put(Entry(graded, key, secret, flight.moment, json_report.render(report), html.render(report)))
        self._write_files(student)
        self._number_graded += 1
        if graded.is_errored:
            self._failed.append(Failure(student, _failing(report)))
        else:
            self._note_change(graded, flight.known)
        self._watch.graded(graded)

    def outcome(self, collected: Collected) -> Outcome:
        """Return what the run did."""
        here = {found.student for found in collected.found}
        gone = () if self._plan.only else tuple(name for name in self._store.students() if name not in here)
        return Outcome(
            graded=self._number_graded,
            known=self._number_known,
            refused=tuple(sorted((*collected.refused, *self._refused), key=lambda one: one.name)),
            ignored=collected.ignored,
            failed=tuple(sorted(self._failed, key=lambda failure: failure.student)),
            gone=gone,
            changed=tuple(sorted(self._changed, key=lambda change: change.student)),
        )

    def _is_again(self) -> bool:
        """Whether all that comes along is graded, whatever is stored."""
        return self._plan.fresh or bool(self._plan.only)

    def _keep(self, found: Found, known: StoredState, moment: str | None, late: float) -> None:
        """Leave a verdict as it is; when it came, or what that costs, may have changed."""
        score = self._counting(known.raw_score, late)
        if (known.handed_in, known.seconds_late, known.score) != (moment, late, score):
            self._store.put_times(found.student, moment, late, score)
        if not known.is_written or not all(path.is_file() for path in self._paths(found.student)):
            self._write_files(found.student)
        self._number_known += 1
        self._watch.known()

    def _key(self, submission: Submission) -> str:
        """Return what the verdict on a submission depends on, as a hash; reports name its path."""
        salted = submission.student if self._plan.order.salt else ""
        return _digest(self._verdict, submission.sha256, submission.path, salted)

    def _graded(self, report: Report, flight: _InFlight) -> ClassRow:
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
            fingerprint=fingerprint([cell.code for cell in report.submission.cells], self._stub),
            is_errored=any(function.outcome == "errored" for function in report.functions),
        )

    def _note_change(self, graded: ClassRow, known: StoredState | None) -> None:
        if known is None or known.is_errored or known.sha256 != graded.sha256:
            return
        if known.raw_score != graded.raw_score:
            self._changed.append(Change(graded.student, known.raw_score, graded.raw_score))

    def _lateness(self, found: Found) -> tuple[str | None, float]:
        """Return when a submission came, as text, and how many seconds late; None and 0 where no deadline is set."""
        lateness = self._plan.lateness
        if lateness.deadline is None:
            return None, 0.0
        moment = handed_in(found.student, found.path, lateness.times).moment
        return moment.astimezone(UTC).isoformat(timespec="seconds"), seconds_late(moment, lateness.deadline)

    def _counting(self, raw: int, late: float) -> float:
        rule = self._plan.lateness.rule
        return float(raw) if rule is None else penalised(raw, self._plan.exercise.points, late, rule)

    def _paths(self, student: str) -> tuple[Path, Path]:
        stem, output = file_stem(student), self._plan.output
        return output / "reports" / f"{stem}.json", output / "feedback" / f"{stem}.html"

    def _write_files(self, student: str) -> None:
        for path, text in zip(self._paths(student), self._store.files_of(student), strict=True):
            _write(path, text)
        self._store.mark_written(student)


def _failing(report: Report) -> str:
    """Return what the grader said of its failure."""
    said = (str(result.message) for result in report.checks if result.outcome == "errored" and result.message)
    return next(said, "the grader failed")


def _verdict_key(order: GradingSpec) -> str:
    """Return what all verdicts of a run depend on, besides the submission: exercise, kit, torch, seeds, isolation."""
    exercise, files = order.exercise, hashlib.sha256()
    own = [path for path in (exercise.checks, exercise.solution) if path is not None]
    for path in (*own, *sorted((exercise.kit / "datasets").glob("*.csv"))):
        files.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    versions = (__version__, platform.python_version(), importlib.metadata.version("torch"))
    how = (order.seed, order.secret, order.salt, order.isolation, order.functions, order.limits)
    return _digest(exercise.name, sources(), files.hexdigest(), *versions, *how)


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()
