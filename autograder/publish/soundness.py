"""Does an exercise fit together? What its author wrote, that its reference earns all points, and its stub none."""

import ast
from collections.abc import Iterator
from pathlib import Path

from autograder.authoring import catalog, stubs
from autograder.errors import AuthorError, UserError
from autograder.exercise import Exercise
from autograder.grading.collection import collect
from autograder.grading.grader import Grader, load_reference
from autograder.host.in_process import ReferenceFunctions
from autograder.model import Check, CheckResult, Report
from autograder.publish.audit_line import AuditLine, step
from autograder.publish.authors import author_faults
from autograder.report.words import several
from autograder.submissions.definitions import FunctionNode
from autograder.submissions.submission import decode, read_submission

WELL = ("passed", "blocked")  # what waits for another check is no fault of its own


def written_for(kit: Path, name: str) -> Exercise:
    """Return an exercise whose files can be used: its checks load, and each can be judged.

    AuthorError, a line for each fault, or UserError.
    """
    exercise = catalog.read_exercise(kit, name)
    _solution(exercise)
    collection = collect(exercise)
    stubs.stub_text(exercise)
    reference = load_reference(exercise)
    faults = [] if reference is None else author_faults(collection, ReferenceFunctions(reference))
    if faults:
        raise AuthorError("\n".join(f"{exercise.checks}: {fault}" for fault in faults))
    return exercise


def _solution(exercise: Exercise) -> Path:
    if exercise.solution is None:
        what = "so nothing shows that its checks can be passed; write it"
        raise UserError(f"there is no solutions/{exercise.name}.py, {what}")
    return exercise.solution


def soundness(exercise: Exercise, grader: Grader) -> Iterator[AuditLine]:
    """Yield what is found in an exercise's files, and in grading its reference and its stub."""
    name, stub = exercise.name, stubs.stub_text(exercise)
    well = "each graded function has a region and a docstring of one line"
    yield from step(name, well, _undocumented(exercise, stub))
    reference = grader.grade(read_submission(_solution(exercise)))
    checks = [result.check for result in reference.checks]
    yield from step(name, f"{several(len(checks), 'check')}, fit to be read", _unfit_checks(exercise, checks))
    well = f"the reference earns {reference.score} of {exercise.points}"
    yield from step(name, well, _reference_faults(exercise, reference))
    # As generated, not the one in exercises/, in which somebody may be at work.
    untouched = grader.grade(decode(stub.encode(), exercise.stub, ""))
    yield from step(name, f"the stub earns 0 of {exercise.points}, no check attempted", _stub_faults(untouched))


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
    failed = {result.check.function: result for result in reversed(report.checks) if result.outcome not in WELL}
    faults = [f"the reference fails {_told(result)}" for result in reversed(failed.values())]  # each function once
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
