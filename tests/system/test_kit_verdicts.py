"""A student kit, which holds no formula, says the same of a submission as the instructor's kit does."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from corpus import submission_of
from places import CORPUS, KIT
from released_kit import exercises_of, grader_of_visible

from autograder.authoring import catalog
from autograder.grading.grader import Grader
from autograder.host.fork_server import ForkServer
from autograder.model import CheckResult, Report

Graders = Callable[[str, int], tuple[Grader, Grader]]
SEEDS = 3
FILES = sorted([*(CORPUS / "right").glob("*/*"), *(CORPUS / "wrong").glob("*/*")])


@pytest.fixture(scope="module")
def graders(tmp_path_factory: pytest.TempPathFactory, fork_server: ForkServer) -> Graders:
    """The graders of the student's and of the instructor's kit, by exercise and seed."""
    at_home = exercises_of(tmp_path_factory.mktemp("release") / "kit")

    @cache
    def pair(name: str, seed: int) -> tuple[Grader, Grader]:
        both = at_home[name], catalog.find_exercise(KIT, name)
        home, here = (grader_of_visible(exercise, fork_server, seed) for exercise in both)
        return home, here

    return pair


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}-{path.parts[-2]}-{path.stem}")
def test_it_says_the_same(path: Path, graders: Graders) -> None:
    """By one of the seeds each. A function waits for its helpers only where one is not right."""
    home, here = (each.grade(submission_of(path)) for each in graders(path.parts[-2], FILES.index(path) % SEEDS))
    assert [said(each) for each in home.checks if each.outcome != "blocked"] == [
        said(each) for each, ours in zip(here.checks, home.checks, strict=True) if ours.outcome != "blocked"
    ]
    for result in home.checks:
        if result.outcome == "blocked" and result.message:
            assert f"first `{waited(home, result)}`" in str(result.message)


def said(result: CheckResult) -> tuple[object, ...]:
    return result.check, result.outcome, result.message, result.diagnosis, result.evidence, result.notes


def waited(report: Report, result: CheckResult) -> str:
    """The function above one that it waits for: the one that is named, if it is not right."""
    named = str(result.message).split("`")[1]
    states = {each.name: each.outcome for each in report.functions}
    assert [*states].index(named) < [*states].index(result.check.function)
    assert states[named] != "passed"
    return named
