"""One submission's functions, called in a worker: one that serves as long as it can, a new one on demand."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from autograder.exercise import Exercise
from autograder.host.answers import Answer, Answerer, Case, ProbeFailed, Question, Returned, WorkerLost, stopped
from autograder.host.fork_server import ForkServer
from autograder.host.worker import Worker
from autograder.model import Limits, Problem, Submission, message
from autograder.submissions.definitions import imports

NOT_BY_HAND = message(
    "autograd could not be switched off in the torch that is installed here, so the by-hand rule was not checked"
)
SETTLING_SECONDS = 1.0  # for calls under way whose answers matter no more
MOST_NOTES = 10  # cells of a notebook whose stopping is told
SLOW = "no time is left: all functions together get {seconds} seconds, and those before it took them"

Given = TypeVar("Given")


class Session(AbstractContextManager["Session"]):
    """A submission while it is graded; a context manager that ends its worker.

    `problem` says why the file cannot be graded at all, `cells` what stands in it, `notes` which cells of a notebook
    stopped, `names` what can be called. `is_pristine` tells that the worker in use had done nothing but load the file
    when the last check began, `questions` how many calls of the student's the reference has answered since.
    """

    def __init__(self, fork_server: ForkServer, exercise: Exercise, submission: Submission, limits: Limits) -> None:
        self._fork_server, self._exercise, self._submission, self._limits = fork_server, exercise, submission, limits
        self._end = math.inf  # of the time that the submission has, which begins when it is loaded
        self._late = 0
        self._worker: Worker | None = None
        self._load_failure: WorkerLost | None = None  # of the worker in use, which then answers nothing
        self._lost: WorkerLost | None = None  # what became of the calls since the last check began
        self._helpers: Sequence[str] = ()
        self._answerer: Answerer | None = None
        self._answered: set[str] = set()  # the helpers that are answered in the worker in use
        self._is_used = self._has_seen_hidden = False
        self.problem, self.cells = submission.problem, submission.cells
        self.notes: tuple[Problem, ...] = ()
        self.names: tuple[str, ...] = ()
        self.printed_at_load = ""
        self.is_pristine = True
        self.questions = 0
        if self.problem is None:
            self._load()

    def __exit__(self, *_error: object) -> None:
        if self._worker is not None:
            self._worker.close()

    @property
    def is_patient(self) -> bool:
        """Whether calls still get their full time."""
        return self._late < self._limits.patience

    @property
    def has_time(self) -> bool:
        """Whether the submission may still take some."""
        return self._left() > 0

    def above(self, function: str) -> list[str]:
        """Return the functions above one in its exercise's table."""
        names = [name for name, _ in self._exercise.functions]
        return names[: names.index(function)]

    def begin(self, *, hidden: bool = False) -> None:
        """Begin a check, in the worker that is there if it can serve.

        One that knows hidden cases serves no visible check: it could print them, where the student reads it.
        """
        worker = self._worker
        if worker is None or (self._has_seen_hidden and not hidden) or not worker.settled(SETTLING_SECONDS):
            self.open_worker(keep_helpers=True)
        self._answer_helpers()
        self._lost, self.questions = self._load_failure, 0
        self.is_pristine = not self._is_used
        self._is_used, self._has_seen_hidden = True, self._has_seen_hidden or hidden

    def end(self) -> str:
        """Return what was printed since the check began."""
        return "" if self._worker is None else self._worker.printed()

    def open_worker(self, *, keep_helpers: bool = False) -> None:
        """Go on in a new worker, in which nothing has run but the file, with or without the helpers that are answered.

        What goes wrong while it loads the file, which could be loaded before, answers all calls in it.
        """
        if self._worker is not None:
            self._worker.close()
        self._worker = worker = self._start()
        self._is_used = self._has_seen_hidden = False
        seconds = min(self._limits.load_seconds, max(0.1, self._left()))
        loaded = worker.load(self._submission, self._exercise.name, seconds)
        self._load_failure = loaded if isinstance(loaded, WorkerLost) else None
        if not isinstance(loaded, WorkerLost) and loaded[1] and not self._submission.is_notebook:
            text = message("the file could be loaded once, but not a second time")
            self._load_failure = WorkerLost("died", text)
        worker.printed()  # shown already, from the first time
        self._answered.clear()
        if not keep_helpers:
            self._helpers, self._answerer = (), None

    def answer_by_reference(self, helpers: Sequence[str], answerer: Answerer) -> None:
        """From the next check on have the student's calls to some functions answered, until a worker is opened anew."""

        def counted(question: Question) -> Any:
            self.questions += 1
            return answerer(question)

        self._helpers, self._answerer = helpers, counted

    def _answer_helpers(self) -> None:
        further = [name for name in self._helpers if name not in self._answered]
        if further and self._load_failure is None:
            self._load_failure = self._serving.answer_by_reference(further)
            self._answered.update(further)

    def call(self, function: str, arguments: list[Any], *, twice: bool = False) -> Answer:
        """Call a function in the current worker, once or twice. Late answers use up patience for later ones."""
        seconds = self._seconds()
        return self._noted(self._lost or self._serving.call(function, arguments, seconds, self._answerer, twice=twice))

    def calls(self, function: str, cases: tuple[Case, ...], *, twice: bool = False) -> Iterator[Answer]:
        """Call a function with one case after the other; all of them are on their way before an answer is read."""
        seconds = self._seconds()
        self._noted(self._lost or self._serving.send_calls(function, cases, seconds, twice=twice))
        for _ in cases:
            seconds = self._seconds()
            yield self._noted(self._lost or self._serving.answer(seconds, self._answerer))

    def probe(self, name: str, *arguments: Any) -> Any:
        """Make or read an object that stays in the current worker; ProbeFailed where that cannot be done."""
        seconds = self._seconds()
        answer = self._noted(self._lost or self._serving.probe(name, list(arguments), seconds))
        if isinstance(answer, Returned):
            return answer.value
        if isinstance(answer, WorkerLost):
            raise ProbeFailed(str(answer.reason))
        raise ProbeFailed(f"{answer.type_name}: {answer.text}")

    @property
    def _serving(self) -> Worker:
        if self._worker is None:
            raise RuntimeError("begin comes first")
        return self._worker

    def _seconds(self) -> float:
        """Return how long an answer may take now; where the submission has had its time, the worker is lost."""
        if self._lost is None and self._left() <= 0:
            self._noted(WorkerLost("late", message(SLOW, seconds=f"{self._limits.submission_seconds:g}")))
        seconds = self._limits.call_seconds if self.is_patient else self._limits.impatient_seconds
        return min(seconds, self._left())

    def _noted(self, answer: Given) -> Given:
        """Let a worker that is lost answer the rest of its check; a late one uses up patience."""
        if isinstance(answer, WorkerLost):
            self._late += self._lost is None and answer.kind == "late"
            self._lost = answer
        return answer

    def _load(self) -> None:
        """Load the file for the first time; a script that stops cannot be graded, a notebook's other cells can."""
        packages = {package for cell in self._submission.cells for package in imports(cell.code)}
        self._fork_server.warm(packages, by_hand=self._exercise.by_hand)
        self._worker = worker = self._start()
        self._end = time.monotonic() + self._limits.submission_seconds
        loaded = worker.load(self._submission, self._exercise.name)
        self.printed_at_load = worker.printed()
        if isinstance(loaded, WorkerLost):
            self.problem = Problem(loaded.reason)
            return
        names, errors = loaded
        self.names = tuple(names)
        if self._exercise.by_hand and not worker.is_by_hand:
            self.notes = (Problem(NOT_BY_HAND),)
        if self._submission.is_notebook:
            for label, error in errors[:MOST_NOTES]:
                why = stopped(error)
                self.notes += (Problem(message("{label} stopped: {text}", label=label, text=why.text), why.lines),)
            if errors[MOST_NOTES:]:
                self.notes += (Problem(message("and so did later cells: {number}", number=len(errors) - MOST_NOTES)),)
        elif errors:
            self.problem = stopped(errors[0][1])

    def _left(self) -> float:
        """Seconds that the submission may still take."""
        return self._end - time.monotonic()

    def _start(self) -> Worker:
        return self._fork_server.worker(self._exercise.kit / "datasets", self._limits, by_hand=self._exercise.by_hand)
