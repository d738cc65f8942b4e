"""The grade cell is known wherever it stands, and nothing else is taken for one."""

import json

from autograder.submissions import grade_cell

CODE = grade_cell.code("exercise2", "loss", 2)


def test_it_asks_for_the_verdict_on_one_function() -> None:
    assert grade_cell.code("exercise2", "loss").endswith('check("exercise2", "loss")')
    assert CODE == 'from autograder.live import check\n\ncheck("exercise2", "loss", points=2)'


def test_the_exercises_of_a_notebook_are_told_by_its_grade_cells() -> None:
    codes = (grade_cell.code("exercise1", "loss", 2), grade_cell.code("exercise2", "loss"))
    cells = [code.splitlines(keepends=True) for code in codes]
    notebook = json.dumps({"cells": [{"source": source} for source in [*cells, ["check(exercise3)"]]]})
    assert grade_cell.exercises(notebook) == {"exercise1", "exercise2"}


def test_grade_cells_ask_nothing_while_they_are_graded():
    for code in (CODE, grade_cell.code("exercise2", "loss"), f"\n{CODE}\n", f"# loss, 2 points\n#   - adds\n{CODE}"):
        assert grade_cell.unasked(code) == grade_cell.IMPORT
    for own in (f"{CODE}\nx = 1", "x = 1", f"# a\nx = 1\n{CODE}", CODE.replace('"loss"', "loss")):
        assert grade_cell.unasked(own) == own
