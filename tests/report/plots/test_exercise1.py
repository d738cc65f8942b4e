"""The picture of exercise 1."""

import pytest
from plotted import lines

EXERCISE = "exercise1"


def test_the_numbers_of_the_contract(usual):
    drawn = usual(EXERCISE, "right")
    losses = lines(drawn, "Loss")["expected"].get_ydata()
    assert (losses[0], losses[99]) == pytest.approx((1100554.15252, 116.22606), rel=1e-6)
    slopes, intercepts = lines(drawn, "The way")["expected"].get_data()
    assert (slopes[0], intercepts[0]) == (20, 30)
    assert (slopes[1], intercepts[1]) == pytest.approx((2.849827, 23.361077), rel=1e-6)
    assert intercepts[100] == pytest.approx(14.061739, rel=1e-6)


def test_a_right_submission_takes_the_expected_way(usual):
    drawn = lines(usual(EXERCISE, "right"), "The way")
    assert drawn["yours"].get_xydata() == pytest.approx(drawn["expected"].get_xydata())
    after = lines(usual(EXERCISE, "right"), "The line")["after 100 epochs"]
    assert after.get_ydata() == pytest.approx(2.000134 * after.get_xdata() + 14.061739, rel=1e-6)
