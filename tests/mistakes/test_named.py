"""The mistakes of exercises 3 to 8 are named, however they are written; what is no known mistake gets no name."""

from itertools import groupby

import pytest
from corpus import submission_of
from places import CORPUS, KIT
from snippets import NAMED, Bench, snippets_of

from autograder.authoring.catalog import find_exercise
from autograder.grading.grader import Grader
from autograder.grading.mistakes import read_bank
from autograder.host.fork_server import ForkServer
from autograder.model import GradingSpec

EXERCISES = sorted(path.stem for path in NAMED.glob("exercise*.txt"))
SNIPPETS = [snippet for name in EXERCISES for snippet in snippets_of(NAMED / f"{name}.txt")]
BY_FUNCTION = {
    place: list(found)
    for place, found in groupby(
        sorted(SNIPPETS, key=lambda each: (each.exercise, each.function)),
        lambda each: f"{each.exercise}-{each.function}",
    )
}


@pytest.mark.parametrize("place", BY_FUNCTION)
def test_each_snippet_is_called_what_it_is(place: str, bench: Bench) -> None:
    said = {str(snippet): bench.named(snippet) for snippet in BY_FUNCTION[place]}
    assert said == {str(snippet): snippet.mistake for snippet in BY_FUNCTION[place]}


def names_of_the_corpus() -> dict[str, str]:
    """What each wrong file of the corpus is called: a line `exercise/file function id`."""
    lines = (NAMED / "wrong.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.rsplit(" ", 1) for line in lines)


@pytest.mark.parametrize("exercise", EXERCISES)
def test_the_corpus_is_called_what_it_is(exercise: str, fork_server: ForkServer) -> None:
    grader = Grader(GradingSpec(find_exercise(KIT, exercise)), fork_server)
    said = {}
    for path in sorted((CORPUS / "wrong" / exercise).glob("*")):
        for check in grader.grade(submission_of(path)).checks:
            if check.diagnosis is not None:
                said[f"{exercise}/{path.stem} {check.check.function}"] = check.diagnosis.id
    assert said == {place: name for place, name in names_of_the_corpus().items() if place.startswith(exercise)}


@pytest.mark.parametrize("exercise", EXERCISES)
def test_nobody_who_is_right_is_told_of_a_mistake(exercise: str, fork_server: ForkServer) -> None:
    grader = Grader(GradingSpec(find_exercise(KIT, exercise)), fork_server)
    reports = {path.stem: grader.grade(submission_of(path)) for path in sorted((CORPUS / "right" / exercise).glob("*"))}
    assert [name for name, report in reports.items() if report.score < report.max_score] == []
    assert [name for name, report in reports.items() if any(check.diagnosis for check in report.checks)] == []
    assert [name for name, report in reports.items() if report.notes] == []  # nor that the by-hand rule does not hold


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_mistake_is_said_in_a_sentence_and_asks_one_question(exercise: str) -> None:
    for mistakes in read_bank(find_exercise(KIT, exercise)).mistakes.values():
        for each in mistakes:
            assert each.question.endswith("?"), each.id
            assert each.question.count("?") == 1, each.id
            assert not each.text.endswith("."), each.id
            assert max(len(each.text), len(each.question)) <= 120, each.id
