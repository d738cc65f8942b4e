"""`grade --solution`: one's own beside the model solution, and only after full marks."""

from dataclasses import replace

import pytest
from example_reports import RIGHT, WRONG
from small_kit import SOLUTION, small_kit

from autograder.authoring import catalog
from autograder.cli import grade, model_solution
from autograder.model import Cell

OWN = "def double(x):\n    return x + x\n\n\nhalf = double\n"


@pytest.fixture
def right(tmp_path, monkeypatch):
    """A report of full marks on an exercise with a model solution."""
    kit = small_kit(tmp_path, monkeypatch, "halves")
    exercise = catalog.find_exercise(kit, "halves")
    return replace(RIGHT, exercise=exercise, submission=replace(RIGHT.submission, cells=(Cell("halves.py", OWN),)))


def test_the_two_stand_beside_each_other(right):
    lines = model_solution.shown(right, 120).split("\n")
    assert any("return x + x" in line and "return 2 * x" not in line for line in lines)
    assert any(line.startswith("def double(x):") and "def double(x: Tensor) -> Tensor:" in line for line in lines)
    assert "(not a `def` of its own)" in "\n".join(lines)
    assert "SOLUTION" in SOLUTION
    assert "SOLUTION" not in "\n".join(lines)


def test_below_each_other_on_a_narrow_terminal(right):
    shown = model_solution.shown(right, 60)
    assert shown.index("double — yours") < shown.index("return x + x") < shown.index("double — one way")
    assert shown.index("double — one way") < shown.index("    return 2 * x")


def test_not_before_and_not_where_there_is_none(right):
    assert "11 / 30 so far" in model_solution.shown(replace(WRONG, exercise=right.exercise), 80)
    released = replace(right, exercise=replace(right.exercise, solution=None))
    assert model_solution.shown(released, 80) == model_solution.NOT_HERE


def test_the_command_shows_it_in_place_of_the_report(kit, grader, capsys, fails):
    assert grade.run(["exercise2", "--solution"]) == 0
    assert capsys.readouterr().out == model_solution.NOT_HERE
    assert "leave out" in fails(2, "exercise2", "--solution", "--watch")
