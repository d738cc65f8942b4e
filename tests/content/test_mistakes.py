"""The banks of mistakes of exercises 1 and 2: who makes a listed mistake hears its name, and nobody else does."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

import pytest
from made_mistakes import NOTHING, MadeMistake, made_mistakes
from places import KIT

from autograder.authoring.catalog import find_exercise
from autograder.grading.grader import Grader
from autograder.grading.mistakes import read_bank
from autograder.host.fork_server import ForkServer
from autograder.model import Diagnosis, GradingSpec, Report

EXERCISES = ("exercise1", "exercise2")
LISTED = [made for name in EXERCISES for made in made_mistakes(name)]
OTHERWISE = [made for name in EXERCISES for made in made_mistakes(name, f"{name}_other")]
UNLISTED = [made for name in EXERCISES for made in made_mistakes(name, f"{name}_unnamed")]


@pytest.fixture(scope="module")
def graders(fork_server: ForkServer) -> dict[str, Grader]:
    return {name: Grader(GradingSpec(find_exercise(KIT, name)), fork_server) for name in EXERCISES}


def diagnoses(report: Report) -> dict[str, Diagnosis]:
    """What is said of each function."""
    return {check.check.function: check.diagnosis for check in report.checks if check.diagnosis}


def by_function(rows: list[MadeMistake]) -> Iterator[tuple[str, list[MadeMistake]]]:
    for (exercise, function), group in groupby(rows, lambda made: (made.exercise, made.function)):
        yield f"{exercise}-{function}", list(group)


def found(grader: Grader, rows: list[MadeMistake]) -> dict[str, str]:
    """What each row is said to be, where that is not what it is, or is said of another function."""
    wrong = {}
    for made in rows:
        said = {name: diagnosis.id for name, diagnosis in diagnoses(grader.grade(made.submission)).items()}
        if said != ({} if made.id == NOTHING else {made.function: made.id}):
            wrong[str(made)] = str(said)
    return wrong


@pytest.mark.parametrize("rows", [pytest.param(rows, id=name) for name, rows in by_function(LISTED)])
def test_each_listed_mistake_is_named_however_it_is_written(
    rows: list[MadeMistake], graders: dict[str, Grader]
) -> None:
    assert found(graders[rows[0].exercise], rows) == {}
    few = {name for name, count in Counter(made.id for made in rows).items() if count < 3}
    assert few == set()


@pytest.mark.parametrize("rows", [pytest.param(rows, id=name) for name, rows in by_function(OTHERWISE)])
def test_also_in_styles_that_nobody_had_in_mind(rows: list[MadeMistake], graders: dict[str, Grader]) -> None:
    assert found(graders[rows[0].exercise], rows) == {}


@pytest.mark.parametrize("rows", [pytest.param(rows, id=name) for name, rows in by_function(UNLISTED)])
def test_what_is_wrong_in_another_way_gets_no_name(rows: list[MadeMistake], graders: dict[str, Grader]) -> None:
    assert found(graders[rows[0].exercise], rows) == {}


@pytest.mark.parametrize("name", EXERCISES)
def test_every_mistake_has_one_sentence_and_one_question(name: str) -> None:
    for mistakes in read_bank(find_exercise(KIT, name)).mistakes.values():
        for each in mistakes:
            questions = [each.question, *each.asks.values()]
            assert all(question.endswith("?") and question.count("?") == 1 for question in questions), each.id
            assert not any("{" in question for question in questions), each.id
            assert not each.text.endswith("."), each.id
            assert max(map(len, [each.text, *questions])) <= 120, each.id
