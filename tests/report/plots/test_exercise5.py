"""The picture of exercise 5."""

import pytest
from places import CORPUS
from plotted import figure, lines, panel

from autograder.report.plots import exercise5

RIGHT = (CORPUS / "right" / "exercise5" / "plain.py").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def few_epochs(monkeypatch):
    monkeypatch.setattr(exercise5, "EPOCHS", 3)


def test_the_network_learns_the_wave_and_the_gradients_are_those_of_autograd(fork_server):
    drawn = figure(fork_server, "exercise5", RIGHT)
    losses = lines(drawn, "Loss")
    assert losses["yours"].get_ydata() == pytest.approx(losses["expected"].get_ydata())
    assert {len(line.get_ydata()) for line in lines(drawn, "The bent line").values()} == {121}
    assert max(lines(drawn, "Gradients")["backward"].get_ydata()) < 1e-9
    assert set(lines(drawn, "Both bends")) >= {"expected", "relu", "relu_gradient", "tanh", "tanh_gradient"}


def test_a_layer_that_forgets_the_bend_and_what_is_not_written_are_seen(fork_server):
    wrong = RIGHT.replace("relu_gradient(", "(lambda upstream, z: upstream)(").replace(
        "def (lambda upstream, z: upstream)(", "def relu_gradient("
    )
    drawn = figure(fork_server, "exercise5", wrong.replace("def tanh(", "def other("))
    errors = lines(drawn, "Gradients")["backward"].get_ydata()
    assert max(errors[-2:]) < 1e-9 < min(errors[:4])
    assert "there is no `tanh` in the file" in panel(drawn, "Both bends")
