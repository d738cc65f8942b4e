"""One submission's functions, called in a worker: one that serves as long as it can, a new one on demand."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from autograder.exercise import Exercise
from autograder.host import disk_quota
from autograder.host.answers import (
    CALL,
    Answer,
    Answerer,
    Case,
    Loaded,
    NotCallable,
    ProbeFailed,
    Question,
    Raised,
    Returned,
    WorkerLost,
    stopped,
)
from autograder.host.fork_server import ForkServer
from autograder.host.worker import Kind, Worker
from autograder.model import Limits, Problem, Submission, message
from autograder.submissions.outline import is_unwritten
from autograder.submissions.submission import is_exported

NOT_BY_HAND = message(
    "autograd could not be switched off in the torch that is installed here, so the by-hand rule was not checked"
)
SLOW_LOAD_SECONDS = 3.0
BUSY = 0.1  # of the time others had the processors: then a deadline may decide otherwise another time
SETTLING_SECONDS = 1.0  # for calls under way whose answers matter no more
MOST_NOTES = 10  # cells of a notebook whose stopping is told
MOST_LEFT_OUT = 200  # cells that may end or hold their process
HURRY = 3  # times less than a cell's time is what the others get, once one has used it up
STOPPED, WENT_ON = "{label} stopped: {text}", "{label} goes on without this: {text}"
LEFT_OUT = "{label} was left out, and the rest graded: {text}"
DRAWS = re.compile(r"^(?:import|from)\s+matplotlib\b|^%(?:matplotlib|pylab)\b", re.MULTILINE)
SLOW = "no time is left: all functions together get {seconds} seconds, and those before it took them"

Given = TypeVar("Given")


class Session(AbstractContextManager["Session"]):
    """A submission while it is graded; a context manager that ends its worker.

    `problem` says why the file cannot be graded at all, `cells` what stands in it, `notes` which cells of a notebook
    stopped, `names` what can be called. `is_pristine` tells that the worker in use had done nothing but load the file
    when the last check began, `questions` how many calls of the student's the reference was asked to answer since, and
    `first_asked` the function that was called first.
    `loads_slowly`: each new worker takes seconds. `disk_was_full`: something failed while the disk was full, perhaps
    with the files of others, so that this session gives no verdict. `was_late`: a deadline has decided something.
    """

    def __init__(
        self,
        fork_server: ForkServer,
        exercise: Exercise,
        submission: Submission,
        limits: Limits,
        *,
        with_fingerprint: bool = False,
    ) -> None:
        self.fingerprint: tuple[int, ...] | None = None if with_fingerprint else ()
        self._fork_server, self._exercise, self._submission, self._limits = fork_server, exercise, submission, limits
        self._end = math.inf  # of the time that the submission has, which begins when it is loaded
        self._late = 0
        self._kind: Kind = "notebook" if submission.is_notebook else "script"
        self._left_out: dict[int, tuple[str, WorkerLost]] = {}  # cells that have ended or held their worker
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
        self.disk_was_full = self.loads_slowly = self.was_late = False
        self._workers: list[Worker] = []
        self._began = time.monotonic()
        self.questions, self.first_asked = 0, ""
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

    @property
    def is_hurried(self) -> bool:
        """Whether a deadline has decided something while the machine was busy with other things."""
        starved = sum(worker.starved for worker in self._workers)
        return self.was_late and starved > BUSY * (time.monotonic() - self._began)

    def be_patient(self, is_patient: bool = True) -> None:
        """Give the next calls their full time, whatever was late before; or the time that is left to the impatient."""
        self._late = 0 if is_patient else self._limits.patience

    def is_unwritten(self, function: str) -> bool:
        """Whether a script has a function as it was handed out, with an empty body."""
        return self._kind != "notebook" and any(is_unwritten(cell.code, function) for cell in self.cells)

    @property
    def forbidden(self) -> tuple[str, ...]:
        """What is switched off by name."""
        return self._exercise.forbidden

    @property
    def functions(self) -> list[str]:
        """The functions of the exercise, in the order of its table."""
        return [name for name, _ in self._exercise.functions]

    def above(self, function: str) -> list[str]:
        """Return the functions above one in its exercise's table."""
        return self.functions[: self.functions.index(function)]

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
        loaded = worker.load(self._submission, self._exercise.name, self._kind, self._left_out, seconds)
        self._load_failure = loaded if isinstance(loaded, WorkerLost) else None
        if not isinstance(loaded, WorkerLost) and loaded.stopped and self._kind == "script":
            text = message("the file could be loaded once, but not a second time")
            self._load_failure = WorkerLost("died", text)
        worker.printed()  # shown already, from the first time
        self._answered.clear()
        if not keep_helpers:
            self._helpers, self._answerer = (), None

    @property
    def answered(self) -> frozenset[str]:
        """The functions whose calls are answered by the reference in the worker in use, whoever makes them."""
        return frozenset(self._answered)

    def answer_by_reference(self, helpers: Sequence[str], answerer: Answerer) -> None:
        """From the next check on have the student's calls to some functions answered, until a worker is opened anew."""

        def counted(question: Question) -> Any:
            self.first_asked = question.function if not self.questions else self.first_asked
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
        self._require_own(function)
        seconds = self._seconds()
        return self._noted(self._lost or self._serving.call(function, arguments, seconds, self._answerer, twice=twice))

    def calls(self, function: str, cases: tuple[Case, ...], *, twice: bool = False) -> Iterator[Answer]:
        """Call a function with one case after the other; all of them are on their way before an answer is read."""
        self._require_own(function)
        seconds = self._seconds()
        self._noted(self._lost or self._serving.send_calls(function, cases, seconds, twice=twice))
        for _ in cases:
            seconds = self._seconds()
            yield self._noted(self._lost or self._serving.answer(seconds, self._answerer))

    def rest(self, cases: int) -> Iterator[Answer]:
        """Yield what else comes of the calls under way, as far as it comes soon; it counts for nothing but evidence."""
        deadline = time.monotonic() + SETTLING_SECONDS
        for _ in range(cases):
            if self._lost is not None or not self._serving.is_due or not self._serving.alive:
                return
            yield self._serving.answer(max(0.01, deadline - time.monotonic()), self._answerer)

    def _require_own(self, function: str) -> None:
        """RuntimeError where the reference would answer for the function that is judged."""
        if function in self._answered:
            raise RuntimeError(f"{function} is answered by the reference in this worker")

    def probe(self, name: str, *arguments: Any) -> Any:
        """Make or read an object that stays in the current worker, or call one of the submission's functions (CALL).

        ProbeFailed where that cannot be done.
        """
        if name == CALL:
            function, *given = arguments
            answer = self.call(function, given)
        else:
            seconds = self._seconds()
            answer = self._noted(self._lost or self._serving.probe(name, list(arguments), seconds))
        if isinstance(answer, Returned):
            return answer.value
        if isinstance(answer, WorkerLost | NotCallable):
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
            if self._lost is None and answer.kind == "late":
                self._late += 1
                self.was_late = True
            self._lost = answer
        if isinstance(answer, Raised) or (isinstance(answer, WorkerLost) and answer.kind != "protocol"):
            self.disk_was_full = self.disk_was_full or self._is_full()
        return answer

    def _load(self) -> None:
        """Load the file for the first time; a script that stops cannot be graded, a notebook's other cells can."""
        self._warm()
        started = time.monotonic()
        loaded = self._loaded()
        starved = sum(worker.starved for worker in self._workers)
        self.loads_slowly = time.monotonic() - started - starved > SLOW_LOAD_SECONDS
        if self._kind == "script" and (not _is_whole(loaded) or self._lacking(loaded)):
            loaded = self._loaded_as_exported(loaded)
        self.disk_was_full = not _is_whole(loaded) and self._is_full()
        lost = [loaded, *(lost for _, lost in self._left_out.values())]
        self.was_late = any(isinstance(each, WorkerLost) and each.kind == "late" for each in lost)
        if isinstance(loaded, WorkerLost):
            self.problem = Problem(loaded.reason)
            return
        self.names = loaded.names
        if self._exercise.by_hand and not self._serving.is_by_hand:
            self.notes = (Problem(NOT_BY_HAND),)
        if self._kind == "notebook" or (self._kind == "exported" and self.names):
            self.notes += tuple(self._cell_notes(loaded))
        elif loaded.stopped:
            self.problem = stopped(loaded.stopped[0][1])

    def _warm(self) -> None:
        codes = [cell.code for cell in self._submission.cells]
        packages = {"matplotlib"} if any(map(DRAWS.search, codes)) else set()
        packages |= {"IPython"} if self._kind != "script" else set()
        self._fork_server.warm(packages, off=self._exercise.off)

    def _loaded(self) -> Loaded | WorkerLost:
        """Load the file in a new worker, and again without a notebook's cell that has ended or held that one."""
        seconds = self._limits.load_seconds
        while True:
            self._worker = worker = self._start()
            self._end = min(self._end, time.monotonic() + self._limits.submission_seconds)
            if self.fingerprint is None and isinstance(self._fingerprint_in(worker), WorkerLost):
                continue
            deadline = max(0.1, min(seconds, self._left()))
            loaded = worker.load(self._submission, self._exercise.name, self._kind, self._left_out, deadline)
            self.printed_at_load = worker.printed()
            is_over = self._left() <= 0 or len(self._left_out) == MOST_LEFT_OUT
            if isinstance(loaded, Loaded) or worker.reached is None or self._kind == "script" or is_over:
                return loaded
            number, label = worker.reached
            self._left_out[number] = label, loaded
            if loaded.kind == "late":
                seconds = self._limits.load_seconds / HURRY

    def _fingerprint_in(self, worker: Worker) -> tuple[int, ...] | WorkerLost:
        """Have the text parsed, once; one that cannot be in time, or in its memory, is run all the same."""
        read = worker.fingerprint(self._submission)
        self.fingerprint = () if isinstance(read, WorkerLost) else read
        return read

    def _loaded_as_exported(self, as_script: Loaded | WorkerLost) -> Loaded | WorkerLost:
        """Read a script that cannot be loaded as what a notebook's export is; what it was before, where it is none.

        One that lacks a function, too: an export makes comments of the cells that have a magic.
        """
        (cell,) = self._submission.cells
        is_marked = is_exported(cell.code)
        if not is_marked and not _is_no_python(as_script):
            return as_script
        before, printed = self._serving, self.printed_at_load
        self._kind = "exported"
        self._warm()
        loaded = self._loaded()
        is_better = not _is_whole(as_script) or self._lacking(loaded) < self._lacking(as_script)
        if isinstance(loaded, Loaded) and is_better and (is_marked or not _is_no_python(loaded)):
            before.close()
            return loaded
        self._serving.close()
        self._kind, self._worker, self.printed_at_load = "script", before, printed
        return as_script

    def _lacking(self, loaded: Loaded | WorkerLost) -> set[str]:
        """Return the functions of the exercise that are not there."""
        return {name for name, _ in self._exercise.functions}.difference(getattr(loaded, "names", ()))

    def _cell_notes(self, loaded: Loaded) -> Iterator[Problem]:
        """Yield a note for each cell that did not come to its end, up to a number."""
        found: list[tuple[str, str, Problem]] = [
            (LEFT_OUT, label, Problem(lost.reason)) for label, lost in self._left_out.values()
        ]
        found += [(STOPPED, label, stopped(error)) for label, error in loaded.stopped]
        found += [(WENT_ON, label, stopped(error)) for label, error in loaded.absent]
        for template, label, problem in found[:MOST_NOTES]:
            yield Problem(message(template, label=label, text=problem.text), problem.lines)
        if len(found) > MOST_NOTES:
            yield Problem(message("and so did later cells: {number}", number=len(found) - MOST_NOTES))

    def _left(self) -> float:
        """Seconds that the submission may still take."""
        return self._end - time.monotonic()

    def _is_full(self) -> bool:
        """Whether the disk is full, or was while the worker in use had it: by now the space may be free again."""
        return disk_quota.is_full() or (self._worker is not None and self._worker.disk_was_full)

    def _start(self) -> Worker:
        datasets = self._exercise.kit / "datasets"
        worker = self._fork_server.worker(datasets, self._limits, off=self._exercise.off)
        self._workers.append(worker)
        return worker


def _is_no_python(loaded: Loaded | WorkerLost) -> bool:
    """Whether any part of a file is not Python."""
    errors = loaded.stopped if isinstance(loaded, Loaded) else ()
    return any(error.type_name in ("SyntaxError", "IndentationError", "TabError") for _, error in errors)


def _is_whole(loaded: Loaded | WorkerLost) -> bool:
    return isinstance(loaded, Loaded) and not loaded.stopped
