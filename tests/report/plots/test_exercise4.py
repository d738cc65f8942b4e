"""The picture of exercise 4."""

import pytest
from plotted import FOUR, figure, lines, panel

EXERCISE = "exercise4"


def test_each_layer_has_its_error(fork_server):
    wrong = FOUR.replace("grads.insert(0, layer_gradients(delta, A)); delta = delta @ W",
                         "grads.insert(0, layer_gradients(delta, A)); delta = 3 * delta @ W")  # fmt: skip
    drawn = lines(figure(fork_server, EXERCISE, wrong), "Gradients")
    assert drawn["backward"].get_ydata() == pytest.approx([8, 8, 2, 2, 1e-17, 1e-17], abs=1e-9)
    assert max(drawn["layer_gradients"].get_ydata()) < 1e-9


def test_divergence_is_drawn_up_to_there(usual):
    drawn = usual(EXERCISE, "diverging")
    assert "no prediction after training: it diverges" in panel(drawn, "Predicted")
    assert "before training" in lines(drawn, "Predicted")
    expected, yours = (lines(drawn, "Loss")[label].get_ydata() for label in ("expected", "yours"))
    assert 0 < len(yours) < len(expected)


def test_both_matrices_of_a_layer_are_drawn(usual):
    shown = panel(usual(EXERCISE, "right"), "∂L/∂W₂")
    assert "yours" in shown
    assert "autograd's" in shown
    assert "wrong" not in shown
