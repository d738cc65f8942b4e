"""One submission's functions, called in workers: a shared one for speed, fresh ones where a verdict hangs on it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Self

from autograder.exercise import Exercise
from autograder.host.answers import Answer, Answerer, Case, ProbeFailed, Question, Returned, WorkerLost, stopped
from autograder.host.fork_server import ForkServer
from autograder.host.worker import Worker
from autograder.model import Cell, Limits, Problem, Submission, message
from autograder.submissions.definitions import imports

NOT_BY_HAND = message(
    "autograd could not be switched off in the torch that is installed here, so the by-hand rule was not checked"
)
SETTLING_SECONDS = 1.0  # for calls under way whose answers matter no more
MOST_NOTES = 10  # cells of a notebook whose stopping is told
SLOW = "no time is left: all functions together get {seconds} seconds, and those before it took them"


class Way(Enum):
    """The ways in which a function may turn out to be right, in the order in which they are tried.

    SHARED and ALONE are the function as it stands, which in a worker of its own is free of what others left behind (a
    default dtype, a patched module). HELPED, in one too, answers its calls to the functions above it by the reference's
    values. COMPOSED compares it with the right composition of the student's own functions.
    """

    SHARED = "shared"
    HELPED = "helped"
    ALONE = "alone"
    COMPOSED = "composed"


@dataclass
class _Running:
    """A worker, whether it has done anything but load the file, and whether a hidden case is known in it."""

    worker: Worker
    is_used: bool = False
    has_seen_hidden: bool = False


class Session:
    """A submission while it is graded; a context manager that ends its workers.

    `problem` says why the file cannot be graded at all, `notes` which cells of a notebook stopped, `names` what can be
    called, `is_whole` whether all of it ran when it was loaded. `pristine` tells that the worker in use has done
    nothing but load the file, `questions` how many calls of the student's were answered since `begin`.
    """

    def __init__(self, fork_server: ForkServer, exercise: Exercise, submission: Submission, limits: Limits) -> None:
        self._fork_server, self._exercise, self._submission, self._limits = fork_server, exercise, submission, limits
        self._running: dict[tuple[Way, str], _Running] = {}  # by way and function, which share one where that is ""
        self._current: tuple[Way, str] | None = None
        self._lost: WorkerLost | None = None
        self._answerer: Answerer | None = None
        self._late = 0
        self._end = time.monotonic() + limits.submission_seconds
        self.problem = submission.problem
        self.notes: tuple[Problem, ...] = ()
        self.names: tuple[str, ...] = ()
        self.is_whole = False
        self.printed_at_load = ""
        self.pristine = True
        self.questions = 0
        if self.problem is None:
            self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for running in self._running.values():
            running.worker.close()

    def begin(self, way: Way, function: str, answerer: Answerer, *, hidden: bool = False) -> None:
        """Choose the worker for the calls of one check: a fresh one, or the one kept for this way and function.

        `answerer` serves the questions of way HELPED.
        """
        self._lost = self._answerer = None
        self.questions = 0
        self._current = way, "" if way is Way.SHARED else function
        running = self._usable(self._current, hidden)
        if running is None:
            running = self._running[self._current] = _Running(self._fresh())
            if way is Way.HELPED and self._lost is None:
                self._lost = running.worker.answer_by_reference(self.above(function))
        if way is Way.HELPED:
            self._answerer = self._counted(answerer)
        self.pristine = not running.is_used
        running.is_used, running.has_seen_hidden = True, running.has_seen_hidden or hidden

    def _usable(self, key: tuple[Way, str], hidden: bool) -> _Running | None:
        """Return a worker that is there, unless it has gone, or could print a hidden case in a visible check."""
        running = self._running.get(key)
        if running is None:
            return None
        if (hidden or not running.has_seen_hidden) and running.worker.settled(SETTLING_SECONDS):
            return running
        self._close(key)
        return None

    def _close(self, key: tuple[Way, str]) -> None:
        self._running.pop(key).worker.close()

    def end(self, *, keep: bool = False) -> str:
        """Let go of the worker of the last `begin`, unless it is shared or to be kept; what was printed in it."""
        if self._current is None:
            return ""
        worker = self._worker
        if not keep and self._current[0] is not Way.SHARED:
            self._close(self._current)
        self._current = None
        return worker.printed()

    @property
    def _worker(self) -> Worker:
        if self._current is None:
            raise RuntimeError("begin comes first")
        return self._running[self._current].worker

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The submission's cells."""
        return self._submission.cells

    @property
    def patient(self) -> bool:
        """Whether calls still get their full time."""
        return self._late < self._limits.patience

    def above(self, function: str) -> list[str]:
        """Return the functions above one in its exercise's table."""
        names = [name for name, _ in self._exercise.functions]
        return names[: names.index(function)]

    def call(self, function: str, arguments: list[Any], *, twice: bool = False) -> Answer:
        """Call a function in the current worker, once or twice. Late answers use up patience for later ones."""
        seconds = self._seconds()
        answer = self._lost or self._worker.call(function, arguments, seconds, self._answerer, twice=twice)
        if isinstance(answer, WorkerLost):
            self._lose(answer)
        return answer

    def calls(self, function: str, cases: tuple[Case, ...], *, twice: bool = False) -> Iterator[Answer]:
        """Call a function with one case after the other; all of them are on their way before an answer is read."""
        seconds = self._seconds()
        lost = self._lost or self._worker.send_calls(function, cases, seconds, twice=twice)
        if lost is not None:
            self._lose(lost)
        for _ in cases:
            seconds = self._seconds()
            answer = self._lost or self._worker.answer(seconds, self._answerer)
            if isinstance(answer, WorkerLost):
                self._lose(answer)
            yield answer

    def probe(self, name: str, *arguments: Any) -> Any:
        """Make or read an object that stays in the current worker; ProbeFailed where that cannot be done."""
        seconds = self._seconds()
        answer = self._lost or self._worker.probe(name, list(arguments), seconds)
        if isinstance(answer, Returned):
            return answer.value
        if isinstance(answer, WorkerLost):
            self._lose(answer)
            raise ProbeFailed(str(answer.reason))
        raise ProbeFailed(f"{answer.type_name}: {answer.text}")

    def _seconds(self) -> float:
        """Return how long an answer may take now; where the submission has had its time, the worker is lost."""
        if self._lost is None and self._left() <= 0:
            self._lose(WorkerLost("late", message(SLOW, seconds=f"{self._limits.submission_seconds:g}")))
        seconds = self._limits.call_seconds if self.patient else self._limits.impatient_seconds
        return min(seconds, self._left())

    def _lose(self, lost: WorkerLost) -> None:
        """Let a lost worker answer the rest of its check; a late one uses up patience."""
        self._late += self._lost is None and lost.kind == "late"
        self._lost = lost

    def _open(self) -> None:
        """Load the file for the first time; a script that stops cannot be graded, a notebook's other cells can."""
        packages = {package for cell in self._submission.cells for package in imports(cell.code)}
        self._fork_server.warm(packages, by_hand=self._exercise.by_hand)
        worker = self._start()
        self._running[Way.SHARED, ""] = _Running(worker)
        loaded = worker.load(self._submission, self._exercise.name)
        self.printed_at_load = worker.printed()
        if isinstance(loaded, WorkerLost):
            self.problem = Problem(loaded.reason)
            return
        names, errors = loaded
        self.names = tuple(names)
        self.is_whole = not errors
        if self._exercise.by_hand and not worker.is_by_hand:
            self.notes = (Problem(NOT_BY_HAND),)
        if self._submission.is_notebook:
            problems = [(label, stopped(error)) for label, error in errors[:MOST_NOTES]]
            self.notes += tuple(
                Problem(message("{label} stopped: {text}", label=label, text=problem.text), problem.lines)
                for label, problem in problems
            )
            if len(errors) > MOST_NOTES:
                self.notes += (Problem(message("and so did later cells: {number}", number=len(errors) - MOST_NOTES)),)
        elif errors:
            self.problem = stopped(errors[0][1])

    def _left(self) -> float:
        """Seconds that the submission may still take."""
        return self._end - time.monotonic()

    def _start(self) -> Worker:
        return self._fork_server.worker(self._exercise.kit / "datasets", self._limits, by_hand=self._exercise.by_hand)

    def _fresh(self) -> Worker:
        """Start a worker and load the file, which loaded before; what goes wrong now answers all calls of the check."""
        worker = self._start()
        seconds = min(self._limits.load_seconds, max(0.1, self._left()))
        loaded = worker.load(self._submission, self._exercise.name, seconds)
        if isinstance(loaded, WorkerLost):
            self._lost = loaded
        elif loaded[1] and not self._submission.is_notebook:
            self._lost = WorkerLost("died", message("the file could be loaded once, but not a second time"))
        worker.printed()  # shown already, from the first time
        return worker

    def _counted(self, answerer: Answerer) -> Answerer:
        def answer(question: Question) -> Any:
            self.questions += 1
            return answerer(question)

        return answer
