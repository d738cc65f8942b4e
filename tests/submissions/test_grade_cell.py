"""The grade cell is known wherever it stands, and nothing else is taken for one."""

import json

from autograder.submissions import grade_cell

CODE = grade_cell.code("exercise2", "loss", 2)


def test_it_asks_for_the_verdict_on_one_function() -> None:
    assert CODE == 'from autograder.live import check\n\ncheck("exercise2", "loss", points=2)'


def test_the_exercises_of_a_notebook_are_told_by_its_grade_cells() -> None:
    cells = [[*grade_cell.code(name, "loss", 2).splitlines(keepends=True)] for name in ("exercise1", "exercise2")]
    notebook = json.dumps({"cells": [{"source": source} for source in [*cells, ["check(exercise3)"]]]})
    assert grade_cell.exercises(notebook) == {"exercise1", "exercise2"}
