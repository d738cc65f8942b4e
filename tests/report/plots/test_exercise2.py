"""The picture of exercise 2."""

import pytest
from plotted import TWO, figure, lines, panel


def test_what_is_missing_is_named_and_the_rest_is_drawn(fork_server):
    half = TWO.replace("    upstream =", "    raise NotImplementedError\n    upstream =")
    drawn = figure(fork_server, "exercise2", half)
    for title in ("The line", "Loss", "The way down", "Gradients"):
        assert "`chain_rule_gradients` is not written yet" in panel(drawn, title)
    assert "before training" in lines(drawn, "The line")
    assert "2014900 (the same)" in panel(drawn, "Gradients")
    assert panel(drawn, "Gradients").count("missing") == 2


def test_the_gradients_are_those_of_the_contract(usual):
    shown = panel(usual("exercise2", "right"), "Gradients")
    for value in ("1623400", "261000", "2014900", "13050"):
        assert f"{value} (the same)" in shown


def test_the_way_stays_in_the_plane_that_is_drawn(usual):
    drawn = lines(usual("exercise2", "right"), "The way")
    assert drawn["yours"].get_xydata() == pytest.approx(drawn["expected"].get_xydata())
    assert drawn["start"].get_xydata().tolist() == [[-0.5, 1.5]]
