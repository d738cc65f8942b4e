"""Submissions become reports: pytest collects an exercise's checks once, and its run loop goes over submissions."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import importlib.util
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

import pytest
import torch

from autograder import __version__
from autograder.errors import GraderError
from autograder.exercise import Exercise
from autograder.grading.cases import CaseCache, CaseGenerator, CaseRecorder
from autograder.grading.oracles import Oracles
from autograder.grading.seeds import hidden_seed
from autograder.grading.verdict import CheckRunner
from autograder.host.fork_server import ForkServer
from autograder.host.in_process import ReferenceFunctions
from autograder.host.session import Session
from autograder.model import Check, CheckResult, FunctionResult, Grader, Limits, Outcome, Report, Submission, message
from autograder.submissions.definitions import Definition, definitions

# A user's own pytest settings are not ours.
PYTEST_VARIABLES = ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DEBUG")
# Plugins that only cost time here; unraisableexception alone collects garbage for 0.1 s at each end.
UNUSED = "terminal cacheprovider logging faulthandler unraisableexception threadexception junitxml doctest debugging"


@dataclasses.dataclass(frozen=True)
class Options:
    """How to grade: `seed` of the visible cases, `secret` that the hidden ones also depend on, only some functions.

    With a `salt`, the hidden cases also depend on the student, who gets the same ones each time.
    """

    seed: int = 0
    secret: str = ""
    salt: str = ""
    functions: tuple[str, ...] = ()
    limits: Limits = dataclasses.field(default_factory=Limits)


def grade_one(
    exercise: Exercise,
    submission: Submission,
    *,
    seed: int = 0,
    functions: tuple[str, ...] = (),
    fork_server: ForkServer | None = None,
) -> Report:
    """Grade one submission; hidden cases also depend on the environment's COURSE_SECRET."""
    options = Options(seed, os.environ.get("COURSE_SECRET", ""), functions=functions)
    reports: list[Report] = []
    with contextlib.ExitStack() as stack:
        running = fork_server or stack.enter_context(ForkServer.start(by_hand=exercise.by_hand))
        grade(exercise, [submission], reports.append, running, options)
    return reports[0]


def grade(
    exercise: Exercise,
    submissions: Iterable[Submission],
    emit: Callable[[Report], None],
    fork_server: ForkServer,
    options: Options,
) -> None:
    """Grade submissions one after the other, giving each report to `emit`; GraderError where the checks do not load."""
    torch.set_num_threads(1)  # the cases are tiny
    plugin = _Grading(exercise, submissions, emit, fork_server, options)
    arguments = [str(exercise.checks), "-c", os.devnull, "--rootdir", str(exercise.checks.parent)]
    arguments += [word for name in UNUSED.split() for word in ("-p", f"no:{name}")]
    arguments += ["--import-mode=importlib", "--assert=plain", "--capture=no", "--noconftest"]
    with _pytest_environment():
        arguments += ["-o", "python_files=*.py", "-o", "python_functions=check_*"]
        sys.modules.pop(exercise.name, None)  # pytest would keep the checks of an earlier grading
        if pytest.main(arguments, plugins=[plugin]) == pytest.ExitCode.INTERRUPTED:
            raise KeyboardInterrupt  # which pytest has caught
    if plugin.problem is not None:
        raise GraderError(plugin.problem)


class _Grading:
    """The pytest plugin: its run loop takes each submission through all checks."""

    def __init__(
        self,
        exercise: Exercise,
        submissions: Iterable[Submission],
        emit: Callable[[Report], None],
        fork_server: ForkServer,
        options: Options,
    ) -> None:
        self._exercise, self._submissions, self._emit = exercise, submissions, emit
        self._fork_server, self._options = fork_server, options
        self._reference = _reference(exercise)
        self._repertoire = CaseCache()
        self.problem: str | None = f"the checks of {exercise.name} could not be collected"

    @pytest.fixture
    def judge(self) -> None:
        """Known to pytest by name only: each way of running a check makes its own."""

    @pytest.fixture
    def draw(self) -> None:
        """Known to pytest by name only: each way of running a check makes its own."""

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Keep why a checks file does not load."""
        if report.failed:
            self.problem = f"the checks of {self._exercise.name} do not load: {report.longreprtext.splitlines()[-1]}"

    def pytest_internalerror(self, excrepr: object) -> None:
        """Keep why the grader failed outside of all checks."""
        self.problem = f"the grader failed: {str(excrepr).strip().splitlines()[-1]}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Take each submission through the checks."""
        items = [item for item in session.items if isinstance(item, pytest.Function)]
        if session.testsfailed or not items:
            return True
        self.problem = _backward_need([_check(item) for item in items])
        if self.problem is not None:
            return True
        oracles = Oracles(items[0].module)
        for submission in self._submissions:
            self._emit(self._report(items, oracles, submission))
        return True

    def _report(self, items: Sequence[pytest.Function], oracles: Oracles, submission: Submission) -> Report:
        started = time.perf_counter()
        defined = {} if submission.is_notebook or not submission.cells else definitions(submission.cells[0].code)
        unwritten = frozenset(name for name, found in defined.items() if found.unwritten)
        with Session(self._fork_server, self._exercise, submission, self._options.limits) as session:
            secret = hidden_seed(self._options.secret, self._options.salt, submission.student)
            decider = CheckRunner(
                session, oracles, self._reference, self._options.seed, secret, unwritten, self._repertoire
            )
            selected = self._selected(items)
            results = _results(decider, selected)
        checks, functions = _scored(self._exercise, results, defined)
        return Report(
            exercise=self._exercise,
            submission=submission,
            functions=functions,
            checks=checks,
            violations=tuple(decider.violations),
            grader=self._grader(),
            seconds=time.perf_counter() - started,
            problem=session.problem,
            notes=session.notes,
            printed="".join([session.printed_at_load, *decider.printed]),
        )

    def _selected(self, items: Sequence[pytest.Function]) -> list[pytest.Function]:
        wanted = self._options.functions
        return [item for item in items if not wanted or _check(item).function in wanted]

    def _grader(self) -> Grader:
        digest = hashlib.sha256(self._exercise.checks.read_bytes()).hexdigest()
        isolation = self._fork_server.isolation(by_hand=self._exercise.by_hand)
        torch_version = str(torch.__version__)  # a class of its own, which a reader would import torch for
        return Grader(__version__, digest, platform.python_version(), torch_version, isolation, self._options.seed)


def _results(decider: CheckRunner, items: Sequence[pytest.Function]) -> list[CheckResult]:
    """Run the visible checks, then the hidden ones and the visible ones that waited for those; in order.

    A worker that has seen hidden cases serves no visible check any more, and a new one takes time.
    """
    visible = [item for item in items if _check(item).visibility == "visible"]
    first = {item: _decided(decider, item, may_wait=True) for item in visible}
    results = []
    for item in items:
        result = first.get(item) or _decided(decider, item)
        assert result is not None  # noqa: S101 - only what may wait has none
        results.append(result)
    return results


def _decided(decider: CheckRunner, item: pytest.Function, *, may_wait: bool = False) -> CheckResult | None:
    """Run a check; one that raises anything but a verdict is the grader's fault, and is reported as such.

    pytest's own protocol around an item (fixtures, reports, outcomes) has nothing to do here, and takes as long as
    the check.
    """
    body: Callable[[CaseRecorder, CaseGenerator], None] = item.obj
    try:
        return decider.decide(_check(item), body, may_wait=may_wait)
    except (Exception, pytest.skip.Exception, pytest.fail.Exception) as error:  # noqa: BLE001
        return CheckResult(_check(item), "errored", 0, message("the grader failed: {error}", error=repr(error)))


def _backward_need(checks: Sequence[Check]) -> str | None:
    """Say which visible check needs a hidden one: those run later, in a worker that then knows their cases."""
    hidden = {check.name for check in checks if check.visibility == "hidden"}
    backward = [check.name for check in checks if check.visibility == "visible" and hidden.intersection(check.needs)]
    return f"the visible check {backward[0]} needs a hidden one; turn that round" if backward else None


def _check(item: pytest.Function) -> Check:
    check: Check = vars(item.obj)["check"]
    return check


def _scored(
    exercise: Exercise, results: Sequence[CheckResult], defined: dict[str, Definition]
) -> tuple[tuple[CheckResult, ...], tuple[FunctionResult, ...]]:
    """A function earns all its points or none: right in some cases is not right."""
    functions = []
    for name, _ in exercise.functions:
        own = [result for result in results if result.check.function == name]
        if own:
            outcome = _overall([result.outcome for result in own])
            most = sum(result.check.points for result in own)
            line = defined[name].line if name in defined else None
            functions.append(FunctionResult(name, most if outcome == "passed" else 0, most, outcome, line))
    passed = {function.name for function in functions if function.outcome == "passed"}
    checks = [result if result.check.function in passed else dataclasses.replace(result, score=0) for result in results]
    return tuple(checks), tuple(functions)


def _overall(outcomes: list[Outcome]) -> Outcome:
    if "errored" in outcomes:
        return "errored"
    return outcomes[0] if len(set(outcomes)) == 1 else "failed"


def _reference(exercise: Exercise) -> ReferenceFunctions | None:
    """Load the reference solution, where the kit has one."""
    if exercise.solution is None:
        return None
    spec = importlib.util.spec_from_file_location(f"reference_{exercise.name}", exercise.solution)
    if spec is None or spec.loader is None:
        raise GraderError(f"{exercise.solution} is no Python file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise GraderError(f"the reference solution {exercise.solution} does not load: {error!r}") from error
    return ReferenceFunctions(module)


@contextlib.contextmanager
def _pytest_environment() -> Iterator[None]:
    """Keep a user's pytest settings and installed plugins away from the checks."""
    kept = {name: os.environ.pop(name) for name in PYTEST_VARIABLES if name in os.environ}
    before = os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        os.environ.update(kept)
        if before is None:
            del os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"]
