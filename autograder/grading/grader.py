"""From submissions to reports, one after the other."""

import dataclasses
import hashlib
import importlib.util
import platform
import time
from collections.abc import Iterator, Sequence
from types import ModuleType

import torch

from autograder import __version__
from autograder.errors import AuthorError, GraderError
from autograder.exercise import Exercise
from autograder.grading.cases import CaseCache
from autograder.grading.collection import CollectedCheck, collect
from autograder.grading.diagnosis import Diagnoser
from autograder.grading.points import earned
from autograder.grading.seeds import hidden_seed
from autograder.grading.verdict import CheckRunner
from autograder.host.fork_server import ForkServer
from autograder.host.in_process import ReferenceFunctions
from autograder.host.session import Session
from autograder.model import CheckResult, FunctionResult, GraderRecord, GradingSpec, Outcome, Report, Submission
from autograder.submissions.outline import line_of


class Grader:
    """Grades submissions of one exercise; its checks are collected once, when it is made."""

    def __init__(self, spec: GradingSpec, fork_server: ForkServer) -> None:
        """Collect the checks and load the reference; GraderError where they do not load or do not fit together."""
        torch.set_num_threads(1)  # the cases are tiny
        self._spec, self._fork_server = spec, fork_server
        self._collection = collect(spec.exercise)
        wanted = spec.functions or [name for name, _ in spec.exercise.functions]
        self._checks = [each for each in self._collection.checks if each.check.function in wanted]
        reference = load_reference(spec.exercise)
        self._reference = None if reference is None else ReferenceFunctions(reference)
        self._cases = CaseCache()
        self._diagnoser = Diagnoser(self._collection.oracles, self._collection.bank)
        self._checks_sha256 = hashlib.sha256(spec.exercise.checks.read_bytes()).hexdigest()

    def grade(self, submission: Submission) -> Report:
        """Return the report on a submission; GraderError where no worker can be had for it, or the disk is full.

        Where functions chosen wait for another, those above are graded too: only then is it known which one is wrong.
        """
        report = self._report(submission, self._checks)
        if not any(one.outcome == "blocked" and one.message for one in report.checks):
            return report
        names = [name for name, _ in self._spec.exercise.functions]
        last = max(names.index(one.name) for one in report.functions)
        more = [each for each in self._collection.checks if each.check.function in names[: last + 1]]
        return report if len(more) == len(self._checks) else _only(report, self._report(submission, more))

    def _report(self, submission: Submission, checks: Sequence[CollectedCheck]) -> Report:
        started = time.perf_counter()
        spec = self._spec
        secret = hidden_seed(spec.secret, spec.salt, submission.student)
        asked = {"with_fingerprint": spec.with_fingerprint}
        with Session(self._fork_server, spec.exercise, submission, spec.limits, **asked) as session:
            unwritten = frozenset(name for name, _ in spec.exercise.functions if session.is_unwritten(name))
            oracles, reference = self._collection.oracles, self._reference
            # Where a visible check alone earns points, a table of the answers in the students' kit must not have them.
            shared = self._cases, self._diagnoser, secret if spec.credit == "check" else ""
            runner = CheckRunner(session, oracles, reference, spec.seed, secret, unwritten, *shared)
            results = runner.run(checks)
            if spec.with_revealed:
                results = runner.revealed(results)
        scored = earned(results, spec.credit, runner.charged())
        functions = tuple(_functions(spec.exercise, scored, submission))
        if session.disk_was_full and any(one.outcome != "passed" for one in functions):
            raise GraderError("the disk is full; make room, and grade this file again")
        return Report(
            exercise=spec.exercise,
            submission=submission,
            functions=functions,
            checks=scored,
            violations=runner.violations(),
            grader=self._record(),
            seconds=time.perf_counter() - started,
            problem=session.problem,
            notes=session.notes,
            printed="".join([session.printed_at_load, *runner.printed]),
            fingerprint=session.fingerprint or (),
            is_hurried=session.is_hurried,
            credit=spec.credit,
        )

    def _record(self) -> GraderRecord:
        isolation = self._fork_server.isolation(off=self._spec.exercise.off)
        torch_version = str(torch.__version__)  # a class of its own, which a reader would import torch for
        python = platform.python_version()
        return GraderRecord(__version__, self._checks_sha256, python, torch_version, isolation, self._spec.seed)


def _only(some: Report, more: Report) -> Report:
    """Return a report on some functions as far as one on more of them says something else of their checks."""
    names = {one.name for one in some.functions}
    functions = tuple(one for one in more.functions if one.name in names)
    return dataclasses.replace(
        some, functions=functions, checks=tuple(one for one in more.checks if one.check.function in names)
    )


def _functions(exercise: Exercise, scored: Sequence[CheckResult], submission: Submission) -> Iterator[FunctionResult]:
    """Yield the verdict on each function of which checks were run."""
    for name, _ in exercise.functions:
        if own := [result for result in scored if result.check.function == name]:
            score, max_score = sum(result.score for result in own), sum(result.check.points for result in own)
            line = None if submission.is_notebook or not submission.cells else line_of(submission.cells[0].code, name)
            yield FunctionResult(name, score, max_score, _overall([result.outcome for result in own]), line)


def _overall(outcomes: list[Outcome]) -> Outcome:
    if "errored" in outcomes:
        return "errored"
    return outcomes[0] if len(set(outcomes)) == 1 else "failed"


def load_reference(exercise: Exercise) -> ModuleType | None:
    """Load the reference solution, where the kit has one; GraderError where it does not load."""
    if exercise.solution is None:
        return None
    spec = importlib.util.spec_from_file_location(f"reference_{exercise.name}", exercise.solution)
    if spec is None or spec.loader is None:
        raise GraderError(f"{exercise.solution} is no Python file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise AuthorError(f"the reference solution {exercise.solution} does not load: {error!r}") from error
    return module
