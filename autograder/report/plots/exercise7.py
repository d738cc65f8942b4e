"""Softmax: the shares as one logit grows, the loss as it does, and the gradient beside autograd's."""

from pathlib import Path

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from autograder.report.plots import panels
from autograder.report.plots.drawn_submission import DrawnSubmission, Gradients, Missing

REACH = torch.linspace(-6, 6, 25, dtype=torch.float64)
# A row of three classes whose first logit grows.
ROWS = torch.stack([REACH, torch.zeros(25).double(), torch.full((25,), 2.0).double()], dim=1)
FIRST = torch.zeros(25, dtype=torch.int64)
Z = torch.tensor([[0.0, 1.0], [3.0, -1.0]], dtype=torch.float64)
TARGETS = torch.tensor([1, 0])


def draw(figure: Figure, submission: DrawnSubmission, _datasets: Path) -> None:
    shares, losses, slopes = figure.subplots(1, 3)
    title = "Shares, as one logit grows"
    due = submission.right("softmax", ROWS)
    with submission.worker():
        yours = submission.attempt("softmax", ROWS)
    _lines(shares, title, due, yours, "share")
    due = torch.stack([submission.right("cross_entropy", ROWS[i : i + 1], FIRST[:1]) for i in range(len(ROWS))])
    with submission.worker():
        found = [submission.attempt("cross_entropy", ROWS[i : i + 1], FIRST[:1]) for i in range(len(ROWS))]
    missing = next((each for each in found if isinstance(each, Missing)), None)
    _lines(losses, "The loss, if it is right", due, missing or torch.stack(found), "cross-entropy")
    panels.slopes_panel(slopes, _gradients(submission), "(two samples, two classes)")


def _lines(axes: Axes, title: str, due: Tensor, yours: Tensor | Missing, what: str) -> None:
    """Draw what is due, wide and pale, and what came back upon it."""
    axes.plot(REACH, due, **panels.EXPECTED)
    axes.lines[0].set_label("expected")
    notes = [yours] if isinstance(yours, Missing) else []
    if not isinstance(yours, Missing):
        axes.plot(REACH, yours, **panels.YOURS)
        axes.lines[-1].set_label("yours")
    axes.set(xlabel="first logit; the others are 0 and 2", ylabel=what)
    panels.dress(axes, title, notes)


def _gradients(submission: DrawnSubmission) -> Gradients:
    """Return the gradient of the first sample and of the second, a slope for each class."""
    with submission.worker():
        answer = submission.attempt("cross_entropy_gradient", Z, TARGETS)
    due = submission.right("cross_entropy_gradient", Z, TARGETS)
    return {
        f"z{row + 1}{column + 1}": (answer if isinstance(answer, Missing) else answer[row, column], due[row, column])
        for row in range(2)
        for column in range(2)
    }
