"""A class: its submissions are graded, stored one by one, and written out as reports, pages and a table."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from autograder import __version__
from autograder.collecting import Collected, Found, collect, file_stem
from autograder.errors import GraderError, UserError
from autograder.exercise import Exercise
from autograder.exporting import csv
from autograder.files import write_beside
from autograder.lateness import Deadline, Rule, handed_in, penalised, seconds_late
from autograder.model import Graded, Report, Submission
from autograder.report import html
from autograder.report import json as json_report
from autograder.seeds import hidden_seed
from autograder.service import Order
from autograder.similarity import fingerprint
from autograder.store import Entry, Known, Store
from autograder.submission import read_any

PACKAGE = Path(__file__).resolve().parent
LEAST_FREE = 8 << 20  # bytes of disk below which a run does not begin
PAGE_WRITER = (
    f"import sys; sys.path.insert(0, {str(PACKAGE.parent)!r}); from pathlib import Path; "
    "from autograder.classroom import write_page; write_page(Path(sys.argv[1]))"
)

Engine = Callable[[Order, Iterable[Submission]], Iterator[Report]]


@dataclass(frozen=True)
class Lateness:
    """When submissions are due, when they came where a list says so, and what lateness costs."""

    deadline: Deadline | None = None
    rule: Rule | None = None
    times: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """A run: which class, into which folder, how. `only` are students to grade again, whatever is stored of them."""

    order: Order
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
class Outcome:
    """What a run did: how many it graded and found graded already, what it refused, where the grader itself failed.

    `gone` were graded earlier and have no submission any more; their results stay. `changed` are scores that are not
    what was stored for the same bytes, which tells that checks or kit have changed.
    """

    graded: int
    known: int
    collected: Collected
    errored: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[Change, ...]


class Watcher(Protocol):
    """Who is told how a run goes on."""

    def begin(self, total: int) -> None:
        """There are so many submissions."""

    def known(self) -> None:
        """One was graded earlier and has not changed."""

    def graded(self, row: Graded) -> None:
        """One has been graded and stored."""


def grade_class(plan: Plan, engine: Engine, watch: Watcher) -> Outcome:
    """Grade what is new or changed in a class, and write all that the contract's section 5 names.

    A run may be killed at any moment and started again. UserError for a folder that cannot be used.
    """
    collected = _collected(plan)
    _make_folders(plan.output)
    with Store(plan.output, create=plan.exercise) as store:
        run = _Run(plan, store, watch)
        store.put_refused([(one.name, one.reason) for one in collected.refused])
        watch.begin(len(collected.found))
        for report in engine(plan.order, run.todo(collected.found)):
            run.take(report)
        table = csv.render(store.rows(), [name for name, _ in plan.exercise.functions])
        write_beside(plan.output / "grades.csv", table)
        outcome = run.outcome(collected)
    _write_page_elsewhere(plan.output)
    return outcome


def summary(folder: Path) -> Iterator[str]:
    """Yield lines that say how a graded class did: the mean, and each function's mean and share of full marks."""
    with Store(folder) as store:
        functions = store.functions
        number, total = 0, 0.0
        earned = dict.fromkeys((name for name, _ in functions), 0)
        full = dict(earned)
        for row in store.rows():
            if row.is_errored:
                continue
            number, total = number + 1, total + row.score
            for one in row.report["functions"]:
                earned[one["name"]] += one["score"]
                full[one["name"]] += one["score"] == one["max_score"]
    if not number:
        return
    yield f"{number} graded, {total / number:.1f} of {sum(points for _, points in functions)} points on average"
    width = max(len(name) for name, _ in functions)
    for name, points in functions:
        yield f"  {name:{width}}  {earned[name] / number:4.1f} / {points:<2}  {full[name] / number:4.0%} with full marks"


def compare(old: Path, new: Path) -> Iterator[str]:
    """Yield a line for each student whose score differs between two graded folders, and what became of the others."""
    with Store(old) as before:
        scores = {row.student: row.raw_score for row in before.rows() if not row.is_errored}
    same = 0
    with Store(new) as after:
        for row in after.rows():
            was = scores.pop(row.student, None)
            if was == row.raw_score and not row.is_errored:
                same += 1
                continue
            now = "the grader failed" if row.is_errored else f"{row.raw_score}"
            yield f"{row.student}: {'not graded' if was is None else was} before, {now} now"
    yield from (f"{student}: {was} before, no submission now" for student, was in scores.items())
    yield f"{same} students keep their score; nothing was written"


def write_page(folder: Path) -> None:
    """Write the instructor's page about a graded class; UserError where the folder holds none."""
    from autograder.report import classpage  # matplotlib

    with Store(folder) as store:
        exercise = Exercise(store.exercise, store.title, store.functions, folder, folder, folder, None)
        page = classpage.render(exercise, store.rows(), when=datetime.now().astimezone(), refused=store.refused)
    write_beside(folder / "report.html", page)


def _write_page_elsewhere(folder: Path) -> None:
    """Have the page written by a process of its own: drawing needs memory that a long run should not hold."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-c", PAGE_WRITER, str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise GraderError(f"all grades are stored, but report.html is not written: {last}; try `course report`")


def _collected(plan: Plan) -> Collected:
    if plan.output.resolve().is_relative_to(plan.submissions.resolve()):
        raise UserError(f"{plan.output} lies inside the folder of submissions; name an --output outside of it")
    collected = collect(plan.submissions, plan.exercise.name)
    missing = set(plan.only) - {found.student for found in collected.found}
    if missing:
        raise UserError(f"there is no submission of {', '.join(sorted(missing))} in {plan.submissions}")
    if plan.only:
        found = tuple(found for found in collected.found if found.student in plan.only)
        return Collected(found, (), ())
    return collected


def _make_folders(output: Path) -> None:
    try:
        for folder in (output, output / "reports", output / "feedback"):
            folder.mkdir(parents=True, exist_ok=True)
            if not os.access(folder, os.W_OK | os.X_OK):
                raise UserError(f"{folder} may not be written to; change its permissions, or name another --output")
        free = shutil.disk_usage(output).free
    except FileExistsError:
        raise UserError(f"{output} is a file; name a folder with --output") from None
    except OSError as error:
        raise UserError(f"{output} cannot be made ({error.strerror}); name another folder with --output") from None
    if free < LEAST_FREE:
        raise UserError(f"there is no space left in {output}; free some, or name another folder with --output")


class _Run:
    """One run over a class: what it skips, takes and counts."""

    def __init__(self, plan: Plan, store: Store, watch: Watcher) -> None:
        self._plan, self._store, self._watch = plan, store, watch
        self._known = store.known()
        self._in_flight: dict[str, Found] = {}
        self._verdict = _verdict_key(plan.order)
        self._stub = plan.exercise.stub.read_text(encoding="utf-8")
        self._number_graded = self._number_known = 0
        self._errored: list[str] = []
        self._changed: list[Change] = []

    def todo(self, found: Iterable[Found]) -> Iterator[Submission]:
        """Yield what is to be graded; what is stored already only gets its times, and the files that are missing."""
        for one in found:
            submission = read_any(one.path, Path(one.file), one.student)
            known = self._known.get(one.student)
            if known is not None and self._is_current(known, submission):
                self._keep(one, known)
                continue
            self._in_flight[one.student] = one
            yield submission

    def take(self, report: Report) -> None:
        """Store a report, then write its files."""
        submission = report.submission
        student = submission.student
        moment, late = self._lateness(self._in_flight[student])
        graded = self._graded(report, self._in_flight.pop(student), late)
        secret = hidden_seed(self._plan.order.secret, self._plan.order.salt, student)
        key = "" if graded.is_errored else self._key(submission)
        self._store.put(Entry(graded, key, secret, moment, json_report.render(report), html.render(report)))
        self._write_files(student)
        self._number_graded += 1
        if graded.is_errored:
            self._errored.append(student)
        before = self._known.get(student)
        if before is not None and not before.is_errored and before.raw_score != graded.raw_score:
            self._changed.append(Change(student, before.raw_score, graded.raw_score))
        self._watch.graded(graded)

    def outcome(self, collected: Collected) -> Outcome:
        """Return what the run did."""
        here = {found.student for found in collected.found}
        gone = () if self._plan.only else tuple(sorted(self._known.keys() - here))
        errored = tuple(sorted(self._errored))
        changed = tuple(sorted(self._changed, key=lambda change: change.student))
        return Outcome(self._number_graded, self._number_known, collected, errored, gone, changed)

    def _is_current(self, known: Known, submission: Submission) -> bool:
        return not (self._plan.fresh or self._plan.only or known.is_errored) and known.key == self._key(submission)

    def _keep(self, found: Found, known: Known) -> None:
        """Leave a verdict as it is; when it came, or what that costs, may have changed."""
        moment, late = self._lateness(found)
        score = self._counting(known.raw_score, late)
        if (known.handed_in, known.seconds_late, known.score) != (moment, late, score):
            self._store.put_times(found.student, moment, late, score)
        if not known.is_written or not all(path.is_file() for path in self._paths(found.student)):
            self._write_files(found.student)
        self._number_known += 1
        self._watch.known()

    def _key(self, submission: Submission) -> str:
        """Return what the verdict on a submission depends on, as a hash."""
        salted = submission.student if self._plan.order.salt else ""
        kind = submission.path.suffix.lower()
        return _digest(self._verdict, submission.sha256, kind, salted)

    def _graded(self, report: Report, found: Found, late: float) -> Graded:
        return Graded(
            student=found.student,
            file=found.file,
            sha256=report.submission.sha256,
            raw_score=report.score,
            score=self._counting(report.score, late),
            max_score=self._plan.exercise.points,
            seconds_late=late,
            seconds=report.seconds,
            report={},
            fingerprint=fingerprint([cell.code for cell in report.submission.cells], self._stub),
            is_errored=any(function.outcome == "errored" for function in report.functions),
        )

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
            write_beside(path, text)
        self._store.mark_written(student)


def _verdict_key(order: Order) -> str:
    """Return what all verdicts of a run depend on, besides the submission: exercise, kit, torch, seeds, isolation."""
    exercise = order.exercise
    reference = exercise.solution.read_bytes() if exercise.solution else b""
    kit = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*.py")):
        kit.update(path.read_bytes())
    parts = (exercise.name, __version__, kit.hexdigest(), hashlib.sha256(reference).hexdigest())
    how = (importlib.metadata.version("torch"), order.seed, order.secret, order.salt, order.isolation, order.limits)
    return _digest(*parts, *how)


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()
