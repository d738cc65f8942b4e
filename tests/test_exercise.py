"""An exercise and its points."""

from pathlib import Path

from autograder.exercise import Exercise


def test_its_points_are_those_of_its_functions() -> None:
    exercise = Exercise("e", "E", (("double", 5), ("half", 1)), Path(), Path(), Path(), None)
    assert exercise.points == 6
    assert Exercise("e", "E", (), Path(), Path(), Path(), None).points == 0
