"""What one more submission costs: milliseconds from fork to report on one core, where they go, and what isolation adds.

    python benchmarks/marginal.py [EXERCISE ...] [--submissions N] [--core C]

Grades the reference solution of each exercise (exercise2 alone has targets; by default it is followed by the others)
in rounds of three: confined as a class is, in a worker without confinement, and by the same checks in this process
without any isolation, which is the limit that no grader with workers can reach. All figures are medians over N rounds,
differences and ratios are taken within a round. Grader, template and workers share one core, so the parts add up.

Run it from the kit's folder on a machine with nothing else to do. Where something else runs, the column `cpu` (what
grader, template and worker really computed; the exit of a killed worker is not in it) says more than `wall`.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

KIT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(KIT))

from autograder.authoring import catalog  # noqa: E402
from autograder.exercise import Exercise  # noqa: E402
from autograder.grading import grader  # noqa: E402
from autograder.host.answers import Answer, Case  # noqa: E402
from autograder.host.fork_server import ForkServer, _ForkServerProcess  # noqa: E402
from autograder.host.in_process import ReferenceFunctions  # noqa: E402
from autograder.host.session import Session  # noqa: E402
from autograder.host.worker import Worker  # noqa: E402
from autograder.model import GradingSpec, Isolation, Limits, Submission  # noqa: E402
from autograder.submissions.submission import read_submission  # noqa: E402

WHOLE_TARGET, CONFINEMENT_TARGET = 60.0, 3.0  # milliseconds a submission of exercise2
WARM_UP = 3  # rounds in which caches fill
CONFINED, LOOSE, IN_PROCESS = "confined", "without confinement", "in one process"
ABOUT = {
    "fork": "scratch folder, and the template's fork",
    "set-up": "the worker's descriptors, limits and confinement, until it says hello",
    "load": "the submission's own code",
    "calls": "requests, the submission's functions, answers",
    "probes": "objects made and read in the worker",
    "kill": "until it is reaped, and its scratch folder gone",
    "checks": "cases drawn, answers judged, report made: the grader's own work",
}


class Alternating(ForkServer):
    """A template whose workers are confined or not, as `now` says."""

    now: Isolation = "sandbox"

    def isolation(self, *, off: tuple[str, ...] | None = ()) -> Isolation:
        return self.now


class InProcess:
    """In place of a Session: the submission is run in this process, its functions are called directly."""

    disk_was_full = loads_slowly = is_hurried = False
    student = ReferenceFunctions(ModuleType("submission"))

    def __init__(
        self, _fork_server: ForkServer, exercise: Exercise, submission: Submission, _limits: Limits, **_asked: bool
    ) -> None:
        self.functions, self.forbidden = [name for name, _ in exercise.functions], exercise.forbidden
        self.cells, self.problem, self.notes, self.fingerprint = submission.cells, None, (), ()
        self.printed_at_load, self.is_pristine, self.is_patient, self.questions = "", True, True, 0
        module: ModuleType = self.student._module
        vars(module).clear()
        vars(module).update(__name__=exercise.name, __file__=str(submission.path))
        for cell in submission.cells:
            exec(compile(cell.code, cell.label, "exec", dont_inherit=True), vars(module))
        self.names = self.student.names

    def __enter__(self) -> InProcess:
        return self

    def __exit__(self, *_error: object) -> None:
        """There is nothing to end."""

    def is_unwritten(self, _function: str) -> bool:
        return False

    def above(self, function: str) -> list[str]:
        return self.functions[: self.functions.index(function)]

    def be_patient(self, is_patient: bool) -> None:
        """No call has a deadline."""

    def begin(self, *, hidden: bool = False) -> None:
        """All checks run in this process."""

    def end(self) -> str:
        return ""

    def open_worker(self, *, keep_helpers: bool = False) -> None:
        raise RuntimeError("the reference fails")

    def call(self, function: str, arguments: list[Any], *, twice: bool = False) -> Answer:
        return self.student.call(function, arguments, twice=twice)

    def calls(self, function: str, cases: tuple[Case, ...], *, twice: bool = False) -> Iterator[Answer]:
        return (self.call(function, list(case.arguments), twice=twice) for case in cases)

    def probe(self, name: str, *arguments: Any) -> Any:
        return self.student.probe(name, *arguments)


# Where each part is timed; in this process there is nothing but loading, calls and checks.
HOOKS = (
    ("fork", _ForkServerProcess, "fork"),
    ("set-up", Worker, "is_ready"),
    ("load", Worker, "load"),
    ("calls", Worker, "send_calls"),
    ("calls", Worker, "answer"),
    ("probes", Worker, "probe"),
    ("kill", Worker, "close"),
    ("load", InProcess, "__init__"),
    ("calls", InProcess, "call"),
    ("probes", InProcess, "probe"),
)


class Clock:
    """Adds up, for one submission at a time, the seconds spent in each part: wall time and processor time."""

    def __init__(self) -> None:
        self.wall: Counter[str] = Counter()
        self.workers = 0.0  # seconds that ended workers computed

    def timed(self, part: str, method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def timed(*arguments: Any, **keywords: Any) -> Any:
            started = time.perf_counter()
            try:
                return method(*arguments, **keywords)
            finally:
                self.wall[part] += time.perf_counter() - started

        return timed

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Time all parts while this lasts."""
        kept = [(owner, name, getattr(owner, name)) for _, owner, name in HOOKS]
        end = _ForkServerProcess.end

        def ended(process: _ForkServerProcess, pid: int, scratch: Path) -> int:
            self.workers += computed(pid)
            return end(process, pid, scratch)

        for part, owner, name in HOOKS:
            setattr(owner, name, self.timed(part, getattr(owner, name)))
        _ForkServerProcess.end = ended  # type: ignore[method-assign]
        try:
            yield
        finally:
            _ForkServerProcess.end = end  # type: ignore[method-assign]
            for owner, name, method in kept:
                setattr(owner, name, method)


def computed(pid: int) -> float:
    """Return the seconds that a process with one thread has computed so far."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0]) / 1e9


class Rounds:
    """The submissions of all rounds, and what each took."""

    def __init__(self, exercise: Exercise, fork_server: Alternating, number: int) -> None:
        assert exercise.solution is not None
        self._submission = read_submission(exercise.solution)
        self._fork_server, self._number = fork_server, number
        self._clock = Clock()
        self.taken: dict[str, list[Counter[str]]] = {CONFINED: [], LOOSE: [], IN_PROCESS: []}

    def run(self, exercise: Exercise) -> None:
        """Grade; the checks are collected and their expected values computed before the first round that counts."""
        grading = grader.Grader(GradingSpec(exercise), self._fork_server)
        with self._clock.watching():
            for number in range(WARM_UP + self._number):
                kinds = list(self.taken)
                for kind in kinds if number % 2 else reversed(kinds):
                    self._round(grading, kind)
        for taken in self.taken.values():
            del taken[:WARM_UP]

    def _round(self, grading: grader.Grader, kind: str) -> None:
        pid = next(iter(self._fork_server._flavours.values()))._process.pid  # type: ignore[union-attr]
        self._fork_server.now = "process" if kind == LOOSE else "sandbox"
        grader.Session = InProcess if kind == IN_PROCESS else Session  # type: ignore[misc, assignment]
        self._clock.wall.clear()
        started, cpu, theirs = time.perf_counter(), time.process_time(), computed(pid) + self._clock.workers
        report = grading.grade(self._submission)
        whole = time.perf_counter() - started
        assert report.score == report.exercise.points, f"{report.score} of {report.exercise.points} points"
        self._clock.wall["cpu"] = time.process_time() - cpu + computed(pid) + self._clock.workers - theirs
        parts = sum(self._clock.wall[part] for part in ABOUT)
        self._clock.wall.update(whole=whole, checks=whole - parts)
        self.taken[kind].append(Counter(self._clock.wall))

    def of(self, kind: str, part: str) -> list[float]:
        """Return the milliseconds of each round."""
        return [1e3 * taken[part] for taken in self.taken[kind]]

    def paired(self, part: str, one: str, other: str) -> Iterator[tuple[float, float]]:
        """Yield the milliseconds that two kinds took in the same round."""
        yield from zip(self.of(one, part), self.of(other, part), strict=True)


def report(name: str, rounds: Rounds) -> None:
    """Print an exercise's table."""
    print(f"\n{name}: milliseconds a submission, median of {len(rounds.taken[CONFINED])} rounds on one core")
    print(f"  {'':22}{'confined':>10}{'loose':>10}{'in process':>12}")
    for part in (*ABOUT, "whole", "cpu"):
        row = [statistics.median(rounds.of(kind, part)) for kind in (CONFINED, LOOSE, IN_PROCESS)]
        if any(row):
            print(f"  {part:22}{row[0]:10.1f}{row[1]:10.1f}{row[2]:12.1f}   {ABOUT.get(part, '')}".rstrip())
    middle = statistics.quantiles(rounds.of(CONFINED, "whole"), n=4)
    print(f"  {'whole, middle half':22}{middle[0]:.1f} to {middle[2]:.1f}")
    for part in ("whole", "cpu"):
        added = statistics.median(ours - theirs for ours, theirs in rounds.paired(part, CONFINED, LOOSE))
        ratio = statistics.median(ours / theirs for ours, theirs in rounds.paired(part, CONFINED, IN_PROCESS))
        word = "wall" if part == "whole" else part
        verdict = _verdict(added, CONFINEMENT_TARGET, name) if part == "whole" else ""
        print(f"  {word + ':':6}confinement adds {added:.1f}{verdict}; {ratio:.2f} x the same in one process")
    whole = statistics.median(rounds.of(CONFINED, "whole"))
    print(f"  whole: {whole:.1f}{_verdict(whole, WHOLE_TARGET, name)}")


def _verdict(value: float, target: float, name: str) -> str:
    if name != "exercise2":
        return ""
    return f" (target {target:g}: {'met' if value <= target else 'MISSED'})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("exercises", nargs="*", default=["exercise2", "exercise1", "exercise3", "exercise4"])
    parser.add_argument("--submissions", type=int, default=60, metavar="N", help="rounds that count")
    parser.add_argument("--core", type=int, help="the core to use; by default the first allowed one")
    given = parser.parse_args()
    core = min(os.sched_getaffinity(0)) if given.core is None else given.core
    os.sched_setaffinity(0, {core})  # the template and its workers inherit it
    for name in given.exercises:
        exercise = catalog.find_exercise(KIT, name)
        fork_server = Alternating()
        with fork_server:
            fork_server._process(exercise.off)
            rounds = Rounds(exercise, fork_server, given.submissions)
            rounds.run(exercise)
        report(name, rounds)


if __name__ == "__main__":
    main()
