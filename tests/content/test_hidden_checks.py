"""Hidden checks that fail: instructors learn all of each, students' pages nothing of its numbers."""

import re
import warnings
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from example_reports import RIGHT
from places import KIT

from autograder.authoring.catalog import exercises
from autograder.exercise import Exercise
from autograder.grading.comparing import mapped
from autograder.grading.grader import load_reference
from autograder.grading.mistakes import altered
from autograder.grading.seeds import seed_of
from autograder.grading.verdict import CheckRunner
from autograder.host.in_process import ReferenceFunctions
from autograder.model import CheckResult, FunctionResult, Report
from autograder.publish import rehearsal
from autograder.publish.rehearsal import Rehearsal
from autograder.report import classroom50, github, gradescope, html, junit, text
from autograder.report import json as json_report

EXERCISES = {exercise.name: exercise for exercise in exercises(KIT)}
SECRET = "only-the-course-knows"


def failing(exercise: Exercise, monkeypatch: pytest.MonkeyPatch) -> tuple[CheckResult, ...]:
    """All hidden checks of an exercise, failed by wrong numbers."""
    reference = ReferenceFunctions(load_reference(exercise))

    class Revealing(CheckRunner):
        def run(self, checks: Sequence[Any]) -> tuple[CheckResult, ...]:
            results = super().run(checks)
            self._reference = reference
            return self.revealed(results)

        def _second_pass(self, *_: Any) -> None:
            """Try nothing again: it fails by itself."""

        def _explain(self, own: Sequence[Any]) -> None:
            """Name no mistake: that takes nearly all of the time, and the sentences have tests of their own."""
            if exercise.name == "exercise1":
                super()._explain(own)

    monkeypatch.setenv("COURSE_SECRET", SECRET)
    monkeypatch.setattr(rehearsal, "CheckRunner", Revealing)
    tried = Rehearsal(exercise)
    results: list[CheckResult] = []
    for name, _ in exercise.functions:
        own = [each for each in tried.checks if (each.check.function, each.check.visibility) == (name, "hidden")]
        wrong = altered(name, lambda due, *_: mapped(due, lambda value: value * 2.375))
        results += tried.results(name, wrong, own)
    return tuple(results)


def reported(exercise: Exercise, checks: tuple[CheckResult, ...]) -> Report:
    functions = tuple(FunctionResult(name, 0, points, "failed", 1) for name, points in exercise.functions)
    return replace(RIGHT, exercise=exercise, functions=functions, checks=checks)


def for_students(report: Report) -> str:
    """All that a student may get: page, text, what GitHub, GitLab, Gradescope, Classroom 50 and nbgrader show."""
    cells = [text.render_function(report, one.name, width=80) for one in report.functions]
    parts = (
        html.render(report),
        text.render(report, width=80, color=False, in_full=True),
        github.render(report),
        github.summary(report),
        gradescope.render(report),
        classroom50.render(report, {}, datetime.now(UTC)),
        junit.render(report),
        text.render_remarks(report, width=80),
        *cells,
    )
    return "\n".join(parts)


@pytest.mark.parametrize("name", EXERCISES)
def test_only_an_instructor_sees_a_hidden_case(name, monkeypatch):
    exercise = EXERCISES[name]
    with warnings.catch_warnings(action="ignore"):
        checks = failing(exercise, monkeypatch)
    hidden = [each for each in checks if each.check.visibility == "hidden"]
    assert hidden
    numbers: set[str] = set()
    for each in hidden:
        said = each.revealed
        assert (each.outcome, said is not None) == ("failed", True), each.check.name
        assert said.case
        assert said.parts
        assert all(part.expected and part.reference for part in said.parts), each.check.name
        for value in (
            *(value for _, value in said.case),
            *(word for part in said.parts for word in vars(part).values()),
        ):
            numbers |= set(re.findall(r"\d+\.\d{4,}", value))
    report = reported(exercise, checks)
    seen = for_students(report)
    seeds = {str(seed_of(0, SECRET, "hidden", each.check.name)) for each in hidden}
    assert not {number for number in numbers if number in seen}
    assert not {secret for secret in (SECRET, *seeds) if secret in seen}
    for shown in (text.render(report, width=80, color=False, reveal=True), html.render(report, reveal=True)):
        told = set(re.findall(r"\d+\.\d{4,}", shown))
        assert len(numbers - told) <= len(numbers) // 10  # a line may break in a number's middle
    assert not {secret for secret in (SECRET, *seeds) if secret in json_report.render(report)}


@pytest.mark.parametrize("name", EXERCISES)
def test_each_hidden_check_asks_about_what_it_looks_at(name):
    checks = Rehearsal(EXERCISES[name]).checks
    seen = {each.check.hint for each in checks if each.check.visibility == "visible"}
    for each in checks:
        if each.check.visibility == "hidden":
            assert each.check.hint not in seen
            assert each.check.hint.count("?") == 1
            assert each.check.hint.endswith("?")
            assert max(len(sentence.split()) for sentence in re.split(r"(?<=\.) ", each.check.hint)) <= 20
