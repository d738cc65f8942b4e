"""What tests of the grading engine share."""

from pathlib import Path

import pytest
from small_kit import CHECKS, SOLUTION

from autograder.exercise import Exercise


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    """An exercise of two functions, with a reference."""
    for folder in ("checks", "solutions", "exercises", "datasets"):
        (tmp_path / folder).mkdir()
    checks, solution, stub = (tmp_path / folder / "small.py" for folder in ("checks", "solutions", "exercises"))
    checks.write_text(CHECKS, encoding="utf-8")
    solution.write_text(SOLUTION, encoding="utf-8")
    return Exercise("small", "Small", (("double", 5), ("half", 1)), tmp_path, stub, checks, solution)
