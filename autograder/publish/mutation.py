"""What becomes of the mutants of a reference: the checks must refuse each but those that are known to be as right.

Those are listed, with the reason, in `mistakes/equivalent.toml`: a table for each exercise, a line for each mutant.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from autograder.errors import GraderError, UserError
from autograder.exercise import Exercise
from autograder.grading.seeds import course_secret
from autograder.model import GradingSpec, Limits, Report, Submission
from autograder.publish.mutants import Mutant, mutants
from autograder.submissions.submission import decode

# Grades submissions, in no certain order.
Engine = Callable[[GradingSpec, Iterable[Submission]], Iterator[Report]]
LIMITS = Limits(submission_seconds=20.0, load_seconds=10.0, call_seconds=2.0, impatient_seconds=0.5)
LISTED = "equivalent.toml"


@dataclass(frozen=True)
class MutationResult:
    """What became of an exercise's mutants: how many were made and refused, how many are listed, and what is wrong."""

    made: int
    killed: int
    equivalent: int
    faults: list[str]

    def __str__(self) -> str:
        listed = f"{self.equivalent} as right as it, each with a reason"
        return f"{self.made} mutants of the reference: {self.killed} refused, {listed}"


def mutate(exercise: Exercise, engine: Engine) -> MutationResult:
    """Grade the mutants of an exercise's reference as a class is graded; GraderError where one gets no verdict."""
    solution = exercise.solution
    if solution is None:
        raise UserError(f"there is no solutions/{exercise.name}.py to make mutants of; write it")
    reasons = _reasons(exercise)
    graded = dict(exercise.functions)  # what has no points, nobody refuses
    found = [each for each in mutants(solution.read_text(encoding="utf-8")) if each.function in graded]
    made = {f"mutant {place}": mutant for place, mutant in enumerate(found, 1)}
    submissions = (decode(each.text.encode(), solution, name) for name, each in made.items())
    spec = GradingSpec(exercise, secret=course_secret(), limits=LIMITS)
    survivors = [made[report.submission.student] for report in engine(spec, submissions) if _survives(report)]
    faults = list(_faults({each.key for each in made.values()}, survivors, reasons))
    return MutationResult(len(made), len(made) - len(survivors), len(reasons), faults)


def _survives(report: Report) -> bool:
    if any(function.outcome == "errored" for function in report.functions):
        raise GraderError(f"the grader failed on {report.submission.student}; try again")
    return report.score == report.max_score


def _reasons(exercise: Exercise) -> Mapping[str, str]:
    """Return why some mutants are as right as the reference, by their keys."""
    path = exercise.checks.parents[1] / "mistakes" / LISTED
    if not path.is_file():
        return {}
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8")).get(exercise.name, {})
    except tomllib.TOMLDecodeError as error:
        raise GraderError(f"{path} cannot be read: {error}") from error
    return {str(key): str(reason) for key, reason in found.items()}


def _faults(made: set[str], survivors: list[Mutant], reasons: Mapping[str, str]) -> Iterator[str]:
    for each in survivors:
        if each.key not in reasons:
            yield f"no check notices the mutant {each.key!r}; add a case that does, or say in {LISTED} why it is right"
    alive = {each.key for each in survivors}
    for key, reason in reasons.items():
        if key not in made:
            yield f"{LISTED} has {key!r}, which is no mutant of the reference any more; take it out"
        elif key not in alive:
            yield f"{LISTED} calls {key!r} as right as the reference, and a check refuses it; take it out"
        if not reason.strip():
            yield f"{LISTED} gives no reason for {key!r}; say why it is as right as the reference"
