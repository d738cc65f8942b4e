"""The picture of exercise 3."""

import pytest
import torch
from plotted import STUB, UNTRAINED, figure, lines, panel

from autograder.report.plots.exercise3 import least_squares

EXERCISE = "exercise3"


def test_the_least_squares_line_leaves_no_slope():
    x, y = torch.tensor([[1.0, 2.0, 4.0], [3.0, 4.0, 9.0]], dtype=torch.float64)
    residuals = least_squares(x, y) - y
    assert (float(residuals.sum()), float((residuals * x).sum())) == pytest.approx((0, 0), abs=1e-12)


@pytest.mark.system
def test_the_expected_course_ends_near_least_squares(usual):
    drawn = lines(usual(EXERCISE, "right"), "Loss")
    best = drawn["least-squares line"].get_ydata()[0]
    assert best < drawn["expected"].get_ydata()[-1] < 1.1 * best


def test_an_unwritten_one_still_has_the_data_and_the_best_line(fork_server):
    drawn = figure(fork_server, EXERCISE, STUB[EXERCISE])
    assert {"data", "least-squares line"} <= lines(drawn, "The line").keys()
    assert "`fit` is not written yet" in panel(drawn, "Loss")


@pytest.mark.parametrize(
    ("returned", "said"),
    [
        ("model", "`fit` does not return two values, the model and the list of losses"),
        ("nn.Sequential(), 1.0", "`fit` does not return a list of losses"),
        ("nn.Sequential(), losses[:2]", "`fit` returns 2 losses for 150 epochs"),
        ("nn.Sequential(), losses[:3] + ['x']", "`fit`: the answer is a str; a number is due"),
        ("losses, losses", "no expected course: an nn.Sequential is due, and something else came back"),
        ("nn.Sequential(nn.Linear(1, 1)), losses", "no expected course: exactly two layers nn.Linear(1, 1) are due"),
    ],
)
def test_what_is_missing_is_named(fork_server, returned, said):
    untrained = UNTRAINED.replace("return model, losses", f"losses = [1.0] * 150\n    return {returned}")
    assert said in panel(figure(fork_server, EXERCISE, untrained), "Loss")


EPOCH = """
def train_epoch(model, loader, criterion, optimizer):
    losses = []
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return sum(losses) / len(losses)
"""


def test_train_epoch_is_drawn_before_fit_is_written(fork_server, monkeypatch):
    monkeypatch.setattr("autograder.report.plots.exercise3.EPOCHS", 5)
    monkeypatch.setattr("autograder.report.plots.exercise3.SETTINGS", (5, 5, 0.01))
    drawn = figure(fork_server, EXERCISE, EPOCH)
    assert "this is your `train_epoch`, called 5 times" in panel(drawn, "Loss")
    shown = lines(drawn, "Loss")
    assert shown["yours"].get_ydata() == pytest.approx(shown["expected"].get_ydata(), rel=1e-3)
    assert "wrong" not in panel(drawn, "Loss")
