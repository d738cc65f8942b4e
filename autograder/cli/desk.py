"""Grades as the command line asks for it, and delivers the reports. Checks are collected once for each exercise."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli import formats, hints, last_scores, listing, running, streams
from autograder.files import write

if TYPE_CHECKING:
    from autograder.exercise import Exercise
    from autograder.grading.grader import Grader
    from autograder.host.fork_server import ForkServer
    from autograder.model import Credit, Isolation, Report, Submission

FULL_MARKS, POINTS_MISSING = 0, 1

tell = partial(streams.tell, "grade")


@dataclass(frozen=True)
class Choices:
    """The options of the command line."""

    form: str
    output: Path | None
    functions: tuple[str, ...]
    watch: bool
    hint: str | None
    plot: Path | None
    seed: int
    isolation: Isolation | None
    student: str
    everything: bool = False
    read: bool = False
    reset: str | None = None
    solution: bool = False
    reveal: bool = False
    credit: Credit = "function"

    @property
    def is_to_terminal(self) -> bool:
        """Whether reports go to a terminal."""
        return self.output is None and sys.stdout is not None and sys.stdout.isatty()


class Desk:
    """The graders at hand, with one worker process, and what becomes of their reports."""

    def __init__(self, choices: Choices, fork_server: ForkServer) -> None:
        self._choices, self._fork_server = choices, fork_server
        self._graders: dict[tuple[str, tuple[str, ...]], Grader] = {}

    def grade(self, exercise: Exercise, submission: Submission, functions: tuple[str, ...] = ()) -> Report:
        """Return the report; of some functions only where they are named."""
        key = exercise.name, functions
        if key not in self._graders:
            self._graders[key] = self._grader(exercise, functions)
        return self._graders[key].grade(submission)

    def _grader(self, exercise: Exercise, functions: tuple[str, ...]) -> Grader:
        from autograder.grading.grader import Grader
        from autograder.grading.seeds import course_secret
        from autograder.model import GradingSpec

        asked = self._choices
        spec = GradingSpec(
            exercise,
            seed=asked.seed,
            secret=course_secret(),
            functions=functions,
            credit=asked.credit,
            with_revealed=asked.reveal,
        )
        return Grader(spec, self._fork_server)

    def deliver(self, report: Report, before: str = "", *, is_full: bool = False) -> bool:
        """Show the report after some text, or write it where it was asked for; whether anybody still reads it.

        With `is_full`, all that there is to say of every check that failed.
        """
        choices = self._choices
        upcoming = listing.upcoming(report)
        view = formats.View(
            self._fork_server,
            upcoming,
            choices.is_to_terminal,
            is_full=is_full or choices.everything,
            is_revealing=choices.reveal,
        )
        shown = formats.rendered(report, choices.form, view)
        if choices.output is None:
            return streams.show(before + shown)
        write(choices.output, shown, "write the report to another file")
        tell(f"the report is in {choices.output}")
        return True

    def follow_up(self, report: Report) -> None:
        """Do what is left once a report has been delivered: tell of a failure of ours, remember, draw, sum up."""
        if running.is_errored(report):
            tell("the grader itself failed in a check, which is not your mistake; tell your instructor")
        else:
            last_scores.remember(report)
            wrong = [result.name for result in report.functions if result.outcome == "failed"]
            hints.remember(report, wrong if self._choices.everything else wrong[:1])
        if self._choices.form == "github" and (trouble := formats.add_summary(report)):
            tell(trouble)
        if self._choices.plot is not None:
            from autograder.report.plots import draw

            draw(report.exercise, report.submission, self._fork_server, self._choices.plot)
            tell(f"the picture is in {self._choices.plot}")


def exit_code(report: Report) -> int:
    """Return what the command's exit code says of a report."""
    if running.is_errored(report):
        return running.GRADER_FAILED
    return FULL_MARKS if report.problem is None and report.score == report.max_score > 0 else POINTS_MISSING
