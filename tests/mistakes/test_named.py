"""The mistakes of exercises 3 to 8 are named, however they are written; what is no known mistake gets no name."""

from itertools import groupby

import pytest
from places import KIT
from snippets import NAMED, Bench, snippets_of

from autograder.authoring.catalog import find_exercise
from autograder.grading.mistakes import read_bank

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


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_mistake_is_said_in_a_sentence_and_asks_one_question(exercise: str) -> None:
    for mistakes in read_bank(find_exercise(KIT, exercise)).mistakes.values():
        for each in mistakes:
            assert each.question.endswith("?"), each.id
            assert each.question.count("?") == 1, each.id
            assert not each.text.endswith("."), each.id
            assert max(len(each.text), len(each.question)) <= 120, each.id
