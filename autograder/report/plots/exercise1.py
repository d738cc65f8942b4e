"""One layer: the fit, the loss, the way down in a and b, and both gradients."""

from pathlib import Path
from typing import Any

import torch
from matplotlib.figure import Figure
from torch import Tensor

from autograder.report.plots import panels
from autograder.report.plots.drawn_submission import DrawnSubmission, columns, scalars
from autograder.report.plots.way import Stretch, way_panel

# What the student's own file trains with, so that the numbers are those that it prints.
START = {"a": 20.0, "b": 30.0}
RATES = {"a": 1e-4, "b": 1e-3}
LOWEST = (2.0, 10.0)  # y = 2x + 10 leaves no residual
EPOCHS, BATCH = 100, 5
# The loss is hundreds of times steeper along a than along b: on a plain scale the way is a line down and another left.
SLOPES = Stretch(LOWEST[0], 0.02, (-16, -1, 1.8, 1.95, 2, 2.05, 2.2, 3, 6, 20))


def draw(figure: Figure, submission: DrawnSubmission, datasets: Path) -> None:
    x, y = columns(datasets / "line.csv")
    start = scalars(START)
    fit, losses, way, slopes = figure.subplots(2, 2).flat
    training = submission.train("train_epoch", (start,), x, y, RATES, BATCH, steps=EPOCHS)
    with submission.worker():
        lines = panels.before_and_after(training, "epochs", lambda state: submission.attempt("predict", *state, x))

    def loss(points: dict[str, Tensor]) -> Any:
        def height() -> Any:
            predicted = submission.right("predict", points, x.unsqueeze(1))
            return torch.vmap(lambda y_pred: submission.right("loss", y_pred, y), 1)(predicted)

        return submission.surface(points, height)

    panels.fit_panel(fit, "The line through the data (line.csv)", x, y, lines)
    panels.loss_panel(losses, training, words=("epoch", "loss ½ Σ r², summed over batches"))
    words = ("epoch", "slope a (the middle drawn wide)", "intercept b")
    title = "The way down, epoch by epoch"
    way_panel(way, title, training, ("a", "b"), loss, words=words, lowest=LOWEST, stretch=SLOPES)
    gradients = submission.gradients("manual_gradients", start, x[:BATCH], y[:BATCH])
    panels.slopes_panel(slopes, gradients, "(at a = 20, b = 30, first five samples)", {"n": BATCH})
