"""One layer: the fit, the loss, the way down in a and b, and both gradients."""

from __future__ import annotations

from pathlib import Path

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from autograder.report.plots import panels
from autograder.report.plots.panels import Line, Numbers
from autograder.report.plots.student import Course, Missing, Student, columns, like, scalars, walk

# What the student's own file trains with, so that the numbers are those that it prints.
START = {"a": 20.0, "b": 30.0}
RATES = {"a": 1e-4, "b": 1e-3}
LOWEST = (2.0, 10.0)  # y = 2x + 10 leaves no residual
EPOCHS, BATCH = 100, 5

Parameters = dict[str, Tensor]


def draw(figure: Figure, student: Student, datasets: Path) -> None:
    """Fill the figure with the four panels."""
    x, y = columns(datasets / "line.csv")
    start = scalars(START)
    yours = train(student, start, x, y)
    expected = walk(lambda parameters: epoch(parameters, x, y), start, EPOCHS)
    fit, losses, way, slopes = panels.quarters(figure)
    draw_fit(fit, student, yours, x, y)
    title, words = "Loss of each epoch", ("epoch", "loss ½ Σ r², summed over batches")
    panels.loss_panel(losses, title, yours.losses, expected.losses, end=yours.end, words=words)
    draw_way(way, yours, expected, x, y)
    draw_slopes(slopes, student, start, x[:BATCH], y[:BATCH])


def train(student: Student, start: Parameters, x: Tensor, y: Tensor) -> Course[Parameters]:
    """Train with the submission's train_epoch."""
    form, names = (like(start),), ("parameters", "epoch_loss")
    with student.worker():
        return walk(
            lambda parameters: student.step("train_epoch", parameters, x, y, RATES, BATCH, form=form, names=names),
            start,
            EPOCHS,
        )


def epoch(parameters: Parameters, x: Tensor, y: Tensor) -> tuple[Parameters, float]:
    """Return the parameters after one epoch as it should be, and its loss."""
    a, b = parameters["a"], parameters["b"]
    total = 0.0
    for xs, ys in zip(torch.split(x, BATCH), torch.split(y, BATCH), strict=True):
        r = a * xs + b - ys
        total += float((r**2).sum() / 2)
        a, b = a - RATES["a"] * (r * xs).sum(), b - RATES["b"] * r.sum()
    return {"a": a, "b": b}, total


def draw_fit(axes: Axes, student: Student, yours: Course[Parameters], x: Tensor, y: Tensor) -> None:
    """Draw the line before and after training, as the submission's predict gives it."""

    def predict(parameters: Parameters) -> Tensor | Missing:
        predicted: Tensor | Missing = student.attempt("predict", parameters, x, form=like(y))
        return predicted

    with student.worker():
        lines = [
            Line("before training", panels.BEFORE, predict(yours.path[0])),
            Line(f"after {len(yours.losses)} epochs", panels.AFTER, panels.after(yours, predict)),
        ]
    panels.fit_panel(axes, "The line through the data (line.csv)", x, y, lines)


def draw_way(axes: Axes, yours: Course[Parameters], expected: Course[Parameters], x: Tensor, y: Tensor) -> None:
    """Draw the way down in the plane of a and b."""
    xs, ys = x.numpy(), y.numpy()

    def loss(a: Numbers, b: Numbers) -> Numbers:
        residuals = a[..., None] * xs + b[..., None] - ys
        total: Numbers = (residuals**2).sum(-1) / 2
        return total

    ways = ([(float(at["a"]), float(at["b"])) for at in course.path] for course in (yours, expected))
    words = ("epoch", "slope a", "intercept b")
    title = "The way down, epoch by epoch"
    panels.way_panel(axes, title, loss, *ways, end=yours.end, words=words, lowest=LOWEST)


def draw_slopes(axes: Axes, student: Student, parameters: Parameters, x: Tensor, y: Tensor) -> None:
    """Draw both gradients at the start, on the first batch."""
    leaves = {name: value.clone().requires_grad_() for name, value in parameters.items()}
    found = torch.autograd.grad(((leaves["a"] * x + leaves["b"] - y) ** 2).sum() / 2, list(leaves.values()))
    autograd = dict(zip(leaves, found, strict=True))
    with student.worker():
        answer = student.attempt("manual_gradients", parameters, x, y, form=like(autograd))
    yours = panels.by_name(answer, list(autograd))
    panels.slopes_panel(axes, "Gradients beside autograd's", yours, autograd, "(at a = 20, b = 30, first five samples)")
