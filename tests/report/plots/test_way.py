"""The way down, drawn from numbers made by hand."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from plotted import lines, panel

from autograder.report.plots.drawn_submission import Course, Missing, Training, scalars
from autograder.report.plots.way import Stretch, way_panel

EXPECTED = [(4.0, 4.0), (2.0, 2.0), (1.0, 1.0)]


@pytest.fixture
def drawn() -> Figure:
    figure = Figure()
    figure.subplots()
    return figure


def way(axes, points=EXPECTED, end=None, **more):
    def loss(points):
        return points["a"] ** 2 + points["b"] ** 2

    yours, due = ([(scalars({"a": a, "b": b}),) for a, b in path] for path in (points, EXPECTED))
    training = Training(Course(yours, [1.0], end), Course(due, [4.0, 2.0, 1.0]))
    way_panel(axes, "The way", training, ("a", "b"), loss, words=("step", "a", "b"), **more)


def test_a_way_that_leaves_is_cut_at_the_edge(drawn):
    way(drawn.axes[0], points=[(4.0, 4.0), (2.0, 2.0), (1e300, 2.0), (1.0, -1e300)])
    mark = lines(drawn, "The way")["leaves in step 2"]
    assert float(mark.get_xdata()[0]) == pytest.approx(drawn.axes[0].get_xlim()[1])


def test_a_way_of_no_step_is_none(drawn):
    way(drawn.axes[0], points=[(4.0, 4.0)], end=Missing("`f` is missing"))
    assert "`f` is missing" in panel(drawn, "The way")


def test_a_stretched_scale_shows_what_is_near_its_centre(drawn):
    stretch = Stretch(1.0, 0.01, (1, 2, 4))
    way(drawn.axes[0], stretch=stretch)
    low, high = drawn.axes[0].get_xlim()
    assert 0.9 < low < 1
    assert 4 < high < 8
    assert stretch.back(stretch.there(np.array([-3.0, 1.0, 7.0]))) == pytest.approx([-3, 1, 7])


def test_it_is_told_in_words(drawn):
    way(drawn.axes[0], points=[(4.0, 4.0), (3.0, -3.0)], lowest=(1.0, 1.0))
    said = "The way. Yours goes from (4, 4) to (3, −3), expected is (1, 1). The loss is least at (1, 1)."
    assert drawn.axes[0].get_label().startswith(said)
