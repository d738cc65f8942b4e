"""Submissions made up on the spot, for tests of what runs and judges them."""

import re
from pathlib import Path

from places import KIT

from autograder.authoring.catalog import find_exercise
from autograder.grading.grader import Grader
from autograder.host.fork_server import ForkServer
from autograder.model import Cell, CheckResult, GradingSpec, Report, Submission


def script(code: str, name: str = "exercise1") -> Submission:
    """A script with this text."""
    return Submission("", Path(f"{name}.py"), "0" * 64, (Cell(f"{name}.py", code),))


def notebook(*codes: str) -> Submission:
    """A notebook with these code cells."""
    cells = tuple(Cell(f"cell {number}", code) for number, code in enumerate(codes, 1))
    return Submission("", Path("exercise1.ipynb"), "0" * 64, cells, is_notebook=True)


def solved(name: str, *more: str) -> Submission:
    """The reference solution of an exercise with something added at its end, where the last definition wins."""
    return script("\n\n".join([(KIT / "solutions" / f"{name}.py").read_text(encoding="utf-8"), *more]), name)


def graded(fork_server: ForkServer, name: str, submission: Submission, **options: object) -> Report:
    """The report on a submission for an exercise of the kit."""
    return Grader(GradingSpec(find_exercise(KIT, name), **options), fork_server).grade(submission)


def result(report: Report, check: str) -> CheckResult:
    """The result of one check of a report."""
    return next(result for result in report.checks if result.check.name == check)


def scores(report: Report) -> dict[str, int]:
    """The points of each function that has not all of its points."""
    return {part.name: part.score for part in report.functions if part.score < part.max_score}


def named(value: object) -> str:
    """A value as the name of a test, which is the same in each process."""
    return re.sub(r" at 0x\w+", "", repr(value))
