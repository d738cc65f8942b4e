"""Ladders of hints: how they are read, and how their inputs are shown."""

from dataclasses import replace

import pytest
from places import KIT

from autograder.authoring import catalog
from autograder.errors import GraderError
from autograder.grading.ladders import read_ladders, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [(-2.5, "−2.5"), ([1, -3], "[1, −3]"), ([[1], [2]], "[[1], [2]]"), ({"a": 2, "b": -1}, "a = 2, b = −1")],
)
def test_inputs_are_shown_as_on_paper(value, text):
    assert shown(value) == text


def test_an_exercise_s_ladders_are_found_by_its_name():
    assert read_ladders(catalog.find_exercise(KIT, "exercise1"))["predict"].section == "Predict"


def test_an_exercise_without_hints(tmp_path):
    exercise = replace(catalog.find_exercise(KIT, "exercise1"), checks=tmp_path / "checks" / "exercise1.py")
    assert read_ladders(exercise) == {}


@pytest.mark.parametrize("text", ["LADDERS = (", "nothing = 1"])
def test_hints_that_do_not_load_are_the_kit_s_fault(tmp_path, text):
    exercise = replace(catalog.find_exercise(KIT, "exercise1"), checks=tmp_path / "checks" / "exercise1.py")
    path = tmp_path / "mistakes" / "hints" / "exercise1.py"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(GraderError, match="the hints of exercise1"):
        read_ladders(exercise)
