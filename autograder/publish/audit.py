"""The kit audits itself: what `course check` finds. A finding is a step that went well, or a fault and what to do."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring import catalog, stubs
from autograder.errors import GraderError, UserError
from autograder.exercise import Exercise
from autograder.grading.grader import Grader
from autograder.grading.seeds import course_secret
from autograder.host.fork_server import ForkServer
from autograder.model import Check, CheckResult, GradingSpec, Report
from autograder.publish import mutation, release, sharpness
from autograder.publish.rehearsal import Rehearsal
from autograder.submissions.definitions import FunctionNode
from autograder.submissions.submission import decode, read_submission


@dataclass(frozen=True)
class AuditLine:
    """One line of an audit; `about` is an exercise, or "kit"."""

    about: str
    text: str
    is_fault: bool

    def __str__(self) -> str:
        return f"{'fault' if self.is_fault else 'ok':<5}  {self.about}: {self.text}"


def audit(
    kit: Path, names: list[str], *, is_quick: bool = False, engine: mutation.Engine | None = None
) -> Iterator[AuditLine]:
    """Yield what is found in the exercises of these names, as soon as it is found; nothing in the kit makes it stop.

    With `is_quick` the known mistakes are not tried out; with an `engine`, by which a class is graded, mutants of the
    references are.
    """
    yield from _step("kit", "the generated files are up to date", _stale_files(kit, names))
    yield from _step("kit", "the release leaks nothing", release.faults(kit))
    with ForkServer.start() as fork_server:
        for name in names:
            try:
                is_sound = True
                for line in _audit_exercise(kit, name, fork_server):
                    yield line
                    is_sound = is_sound and not line.is_fault
                if is_sound:  # or what follows would say the same in other words
                    yield from _audit_checks(catalog.read_exercise(kit, name), engine, is_quick=is_quick)
            except (UserError, GraderError) as error:  # the kit's faults are what is looked for
                yield AuditLine(name, str(error), is_fault=True)


def _step(about: str, well: str, faults: list[str]) -> Iterator[AuditLine]:
    if not faults:
        yield AuditLine(about, well, is_fault=False)
    for fault in faults:
        yield AuditLine(about, fault, is_fault=True)


def _stale_files(kit: Path, names: list[str]) -> list[str]:
    try:
        statuses = stubs.compare(kit)
    except (UserError, GraderError) as error:
        return [str(error)]
    left = set(catalog.exercise_names()) - set(names)
    return [str(status) for status in statuses if not status.is_current and status.path.stem not in left]


def _audit_exercise(kit: Path, name: str, fork_server: ForkServer) -> Iterator[AuditLine]:
    exercise = catalog.read_exercise(kit, name)
    if exercise.solution is None:
        raise UserError(f"there is no solutions/{name}.py, so nothing shows that its checks can be passed; write it")
    stub = stubs.stub_text(exercise)
    well = "each graded function has a region and a docstring of one line"
    yield from _step(name, well, _undocumented(exercise, stub))
    grader = Grader(GradingSpec(exercise, secret=course_secret()), fork_server)
    reference = grader.grade(read_submission(exercise.solution))
    checks = [result.check for result in reference.checks]
    yield from _step(name, f"{len(checks)} checks, fit to be read", _unfit_checks(exercise, checks))
    well = f"the reference earns {reference.score} of {exercise.points}"
    yield from _step(name, well, _reference_faults(exercise, reference))
    # As generated, not the one in exercises/, in which somebody may be at work.
    untouched = grader.grade(decode(stub.encode(), exercise.stub, ""))
    yield from _step(name, f"the stub earns 0 of {exercise.points}, no check attempted", _stub_faults(untouched))


def _audit_checks(exercise: Exercise, engine: mutation.Engine | None, *, is_quick: bool) -> Iterator[AuditLine]:
    if not is_quick:
        rehearsal = Rehearsal(exercise)
        well = "its checks refuse what is slightly off, and what is right for one sample or for the visible cases only"
        yield from _step(exercise.name, well, sharpness.blunt_checks(rehearsal))
        known = sum(map(len, rehearsal.bank.mistakes.values()))
        well = f"{known} known mistakes, each costs its function alone, and is named"
        yield from _step(exercise.name, well, sharpness.mistake_faults(rehearsal))
    if engine is not None:
        result = mutation.mutate(exercise, engine)
        yield from _step(exercise.name, str(result), result.faults)


def _undocumented(exercise: Exercise, stub: str) -> list[str]:
    defined = [node for node in ast.parse(stub).body if isinstance(node, FunctionNode)]
    said = {node.name: ast.get_docstring(node) or "" for node in defined}
    return [
        f"the docstring of {name} is not one line; say there what it returns, with the shape"
        for name, _ in exercise.functions
        if not said[name] or "\n" in said[name]
    ]


def _unfit_checks(exercise: Exercise, checks: list[Check]) -> list[str]:
    faults = [
        f"{name} earns {points} points; give its checks points" for name, points in exercise.functions if points < 1
    ]
    visible = {check.function for check in checks if check.visibility == "visible"}
    faults += [f"{name} has no visible check; add one" for name, _ in exercise.functions if name not in visible]
    run = {name: sum(check.points for check in checks if check.function == name) for name, _ in exercise.functions}
    if run != dict(exercise.functions) or len(exercise.functions) != len({check.function for check in checks}):
        faults.append("its checks as run give other points than its decorators say; keep to plain decorators")
    asked = {check.hint for check in checks if check.visibility == "visible"}
    for check in checks:
        if check.visibility == "hidden" and check.hint in asked:
            where = f"give the hints of {check.function} in autograder/mistakes/hints/{exercise.name}.py a `hidden`"
            faults.append(f"{check.name} is hidden and asks what a visible check does; {where}, about what it looks at")
        if not check.hint.rstrip().endswith("?"):
            faults.append(f"the hint of {check.name} is no question; ask one leading question")
        if not check.summary.strip():
            faults.append(f"{check.name} has no summary; say in its docstring what it looks at")
    return faults


def _reference_faults(exercise: Exercise, report: Report) -> list[str]:
    if report.problem:
        return [f"the reference cannot be loaded: {report.problem.text}; correct solutions/{exercise.name}.py"]
    faults = [f"the reference fails {_told(result)}" for result in report.checks if result.outcome != "passed"]
    faults += [f"the reference breaks a rule in line {each.line}: {each.text}" for each in report.violations]
    if not faults and report.score != exercise.points:
        faults.append(f"the reference earns {report.score} of {exercise.points}; look at `grade {exercise.name}`")
    return faults


def _told(result: CheckResult) -> str:
    reason = f" ({result.message})" if result.message else ""
    return f"{result.check.name}: {result.outcome}{reason}; correct the check or the reference"


def _stub_faults(report: Report) -> list[str]:
    if report.problem:
        return [f"the stub cannot be loaded: {report.problem.text}; keep what it needs outside the regions"]
    faults = [
        f"the stub is graded in {result.check.name}: {result.outcome}; let the region hold the whole function body"
        for result in report.checks
        if result.outcome != "not_attempted"
    ]
    if report.score:
        faults.append(f"the stub earns {report.score} points; it must earn none")
    return faults
