"""A student kit, which holds no formula, says the same of a submission as the instructor's kit does."""

import dataclasses
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from corpus import submission_of
from places import CORPUS, KIT
from released_kit import exercises_of, grader_of_visible, released_kit

from autograder.authoring import catalog
from autograder.grading.grader import Grader
from autograder.host.fork_server import ForkServer
from autograder.model import CheckResult

Graders = Callable[[str, int], tuple[Grader, Grader]]
SEEDS = 3
# Of what is right, which test_corpus grades file by file, every third.
FILES = sorted([*sorted((CORPUS / "right").glob("*/*"))[::3], *(CORPUS / "wrong").glob("*/*")])


@pytest.fixture(scope="module")
def graders(tmp_path_factory: pytest.TempPathFactory, fork_server: ForkServer) -> Graders:
    """The graders of the student's and of the instructor's kit, by exercise and seed."""
    at_home = exercises_of(released_kit(tmp_path_factory))

    @cache
    def pair(name: str, seed: int) -> tuple[Grader, Grader]:
        both = at_home[name], catalog.find_exercise(KIT, name)
        home, here = (grader_of_visible(exercise, fork_server, seed) for exercise in both)
        return home, here

    return pair


# In these a function fails with helpers of its own that pass all visible checks; without the
# reference's values nobody knows better.
ONLY_AT_HAND_IN = {
    "right-exercise1-endless_scratch_cell",  # waits for deadlines, a minute in each kit
    "right-exercise2-everything_computed_once",
    "wrong-exercise1-gradient_from_a_step",  # an endless recursion, which ends elsewhere each time
    "wrong-exercise1-hard_coded_size",
    "wrong-exercise1-not_implemented_for_want_of_a_helper",
    "wrong-exercise1-return_on_one_path_only",
    "wrong-exercise1-rounded_by_python",
}


def name_of(path: Path) -> str:
    return f"{path.parts[-3]}-{path.parts[-2]}-{path.stem}"


@pytest.mark.parametrize("path", [path for path in FILES if name_of(path) not in ONLY_AT_HAND_IN], ids=name_of)
def test_it_says_the_same(path: Path, graders: Graders) -> None:
    """By one of the seeds each. A function may wait for a helper that has not been right as submitted."""
    home, here = (each.grade(submission_of(path)) for each in graders(path.parts[-2], FILES.index(path) % SEEDS))
    assert [said(each) for each in home.checks if each.outcome != "blocked"] == [
        said(each) for each, ours in zip(here.checks, home.checks, strict=True) if ours.outcome != "blocked"
    ]
    outcomes = {each.name: each.outcome for each in home.functions}
    for result in home.checks:
        if result.outcome == "blocked" and result.message:
            waits, named = str(result.message).startswith("waits for `"), str(result.message).split("`")[1]
            assert [*outcomes].index(named) < [*outcomes].index(result.check.function)
            assert waits == (outcomes[named] != "passed")


def said(result: CheckResult) -> tuple[object, ...]:
    """What is said of a check; the lines of an endless recursion are not the same each time."""
    shown = result.evidence and dataclasses.replace(result.evidence, trace=())
    return result.check, result.outcome, result.message, result.diagnosis, shown, result.notes
