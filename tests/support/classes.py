"""Classes made up on the spot: folders of submissions, and an engine that judges each by what its file says."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from places import KIT

from autograder.authoring.catalog import find_exercise
from autograder.classroom.run import Plan, RunResult, grade_class
from autograder.classroom.store import Store
from autograder.exercise import Exercise
from autograder.grading.service import errored_report
from autograder.model import (
    Check,
    CheckResult,
    ClassRow,
    FunctionResult,
    GraderRecord,
    GradingSpec,
    Report,
    Submission,
    message,
)

EXERCISE = find_exercise(KIT, "exercise2")
GRADER = GraderRecord("0.1.0", "1" * 64, "3.11.7", "2.13.0", "sandbox", 0)


def write_class(folder: Path, files: dict[str, str]) -> Path:
    """Write files by their paths in a folder of submissions."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def canned(order: GradingSpec, submission: Submission) -> Report:
    """The report on a file that says how many of its functions are right, as in `5`; `lost` is the grader's fault."""
    code = submission.cells[0].code.strip() if submission.cells else "0"
    if code == "lost":
        return errored_report(order, submission, "it was killed by signal 9")
    right = int(code)
    checks, functions = [], []
    for at, (name, points) in enumerate(order.exercise.functions):
        outcome = "passed" if at < right else "failed"
        score = points if at < right else 0
        check = Check(name, name, "gives the right values", "visible", points, (), "And for one sample?")
        said = None if at < right else message("the values are wrong in case {case}", case=f"{order.seed}")
        checks.append(CheckResult(check, outcome, score, said, seconds=0.01))
        functions.append(FunctionResult(name, score, points, outcome, 3 + at))
    grader = replace(GRADER, seed=order.seed)
    return Report(order.exercise, submission, tuple(functions), tuple(checks), (), grader, 0.125, submission.problem)


class Engine:
    """Grades as the files say, and remembers whom; `backwards`: the last of each three comes first."""

    def __init__(self, *, backwards: bool = False) -> None:
        self.graded: list[str] = []
        self._step = -1 if backwards else 1

    def __call__(self, order: GradingSpec, submissions: Iterable[Submission]) -> Iterator[Report]:
        kept: list[Report] = []
        for submission in submissions:
            self.graded.append(submission.student)
            kept.append(canned(order, submission))
            if len(kept) == 3:
                yield from kept[:: self._step]
                kept = []
        yield from kept[:: self._step]


class Watch:
    """Counts what a run says of its progress."""

    def __init__(self) -> None:
        self.total = self.done = 0

    def begin(self, total: int) -> None:
        self.total = total

    def known(self) -> None:
        self.done += 1

    def graded(self, _row: ClassRow) -> None:
        self.done += 1


def plan_of(submissions: Path, output: Path, exercise: Exercise = EXERCISE, **more: object) -> Plan:
    """A plan by default options; `more` are the plan's own, or its order's."""
    own = {name: more.pop(name) for name in ("fresh", "only", "lateness", "known") if name in more}
    return Plan(GradingSpec(exercise, "sandbox", **more), submissions, output, **own)


def run(plan: Plan, *, with_page: bool = False, backwards: bool = False) -> tuple[RunResult, list[str]]:
    """Grade a class with canned reports; the outcome, and whom the engine was given."""
    engine, watch = Engine(backwards=backwards), Watch()
    outcome = grade_class(plan, engine, watch, with_page=with_page)
    assert watch.done == watch.total
    return outcome, engine.graded


def row(student: str = "ann", **more: object) -> ClassRow:
    """A student with five points."""
    return replace(ClassRow(student, f"{student}.py", "0" * 64, 5, 5.0, 30, 0.0, 1.5, {}, (1, 2**32 - 1)), **more)


def put(store: Store, student: str = "ann", **more: object) -> None:
    """Store a row of a student with five points."""
    own = {name: more.pop(name) for name in list(more) if hasattr(row(), name) and name != "report"}
    values = {"key": "k", "hidden_seed": "h", "report": '{"score": 5}', "page": "<p>ä"}
    store.put(row(student, **own), **values | more)


def processes_of(folder: Path) -> list[str]:
    """The processes whose folder for temporary files is this one, or is told to them; each as its command."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            environment = (process / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if int(process.name) != os.getpid() and command and f"{folder}" in command + environment:
            found.append(f"{process.name} {command[-200:]}")
    return found


def nothing_is_left(folder: Path, seconds: float = 30.0) -> None:
    """Wait until no process and no scratch folder is left of what used a folder for temporary files."""
    deadline = time.monotonic() + seconds
    while processes_of(folder) or list(folder.iterdir()):
        assert time.monotonic() < deadline, (processes_of(folder), list(folder.iterdir()))
        time.sleep(0.05)


def script(code: str, *arguments: object, **more: object) -> subprocess.Popen[str]:
    """Start Python code that can import the package and these helpers."""
    folders = [str(KIT), *(str(KIT / "tests" / name) for name in ("support", "classroom"))]
    path = f"import sys; sys.path[:0] = {folders!r}\n"
    command = [sys.executable, "-P", "-c", path + code, *map(str, arguments)]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
    return subprocess.Popen(command, text=True, **streams)
