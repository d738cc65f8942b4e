"""An exercise."""

from dataclasses import replace

import pytest
from example_reports import EXERCISE


@pytest.mark.parametrize(("functions", "points"), [((("a", 3), ("b", 2)), 5), ((), 0)])
def test_its_points_are_those_of_its_functions(functions, points):
    assert replace(EXERCISE, functions=functions).points == points
