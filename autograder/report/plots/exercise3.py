"""The PyTorch way: data and prediction as in the source text, and the loss."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from autograder.host.answers import RemoteObject
from autograder.model import ForeignValue
from autograder.report.plots import panels
from autograder.report.plots.panels import Line
from autograder.report.plots.student import NUMBER, Diverged, Missing, Student, columns, like, read

EPOCHS, BATCH, RATE = 150, 5, 0.01
ORDINARY = 10.0  # the size of weights that a course is expected of
SHAPES = ((1, 1), (1,), (1, 1), (1,))  # weight and bias of each layer


@dataclass(frozen=True)
class Fit:
    """What fit has done: the loss of each epoch, the parameters at the start, what the model predicts."""

    losses: list[float]
    end: Missing | None
    start: list[Tensor] | Missing
    prediction: Tensor | Missing


def draw(figure: Figure, student: Student, datasets: Path) -> None:
    """Fill the figure with the two panels."""
    x, y = columns(datasets / "line_noisy.csv")
    figure.set_size_inches(panels.ONE_ROW)
    fit, losses = figure.subplots(1, 2)
    with student.worker():
        yours = fitted(student, x, y)
    draw_fit(fit, yours, x, y)
    draw_losses(losses, yours, x, y)


def fitted(student: Student, x: Tensor, y: Tensor) -> Fit:
    """Train with the submission's fit, and read its model where it is."""
    try:
        answer = student.answer("fit", x, y, EPOCHS, BATCH, RATE)
        model, given = _pair(answer)
    except Missing as missing:
        return Fit([], missing, missing, missing)
    losses, end = _losses(given)
    return Fit(losses, end, _starting(student, model), _predicted(student, model, x))


def _pair(answer: Any) -> tuple[Any, Any]:
    if not isinstance(answer, list | tuple) or len(answer) != 2:
        raise Missing("`fit` does not return two values, the model and the list of losses")
    return answer[0], answer[1]


def _losses(given: Any) -> tuple[list[float], Missing | None]:
    """Return the losses up to the first that is none, and why there are no more."""
    plain = given.value if isinstance(given, ForeignValue) else given
    if not isinstance(plain, list | tuple | Tensor) or (isinstance(plain, Tensor) and plain.dim() != 1):
        return [], Missing("`fit` does not return a list of losses")
    losses: list[float] = []
    for item in plain[:EPOCHS]:
        try:
            losses.append(float(read("fit", item, NUMBER)))
        except Diverged:
            return losses, Diverged(f"the loss of epoch {len(losses) + 1} is not finite")
        except Missing as missing:
            return losses, missing
    if len(plain) != EPOCHS:
        return losses, Missing(f"`fit` returns {len(plain)} losses for {EPOCHS} epochs")
    return losses, None


def _starting(student: Student, model: Any) -> list[Tensor] | Missing:
    """Return the parameters that the model had before the optimizer's first step."""
    form = [like(torch.zeros(shape)) for shape in SHAPES]
    try:
        _require_model(model)
        start: list[Tensor] = student.probe("fit", "starting_parameters", model, form=form)
    except Missing:
        return Missing("no expected course: the model is not two layers nn.Linear(1, 1)")
    if not all(bool((value.abs() <= ORDINARY).all()) for value in start):
        return Missing("no expected course: the model starts from very large weights")
    return start


def _predicted(student: Student, model: Any, x: Tensor) -> Tensor | Missing:
    """Return what the trained model makes of x."""
    column = x.float().unsqueeze(1)
    try:
        _require_model(model)
        prediction: Tensor = student.probe("fit", "output", model, column, form=like(column))
    except Diverged:
        return Missing("no prediction after training: what the model puts out is not finite")
    except Missing as missing:
        return missing
    return prediction.squeeze(1)


def _require_model(model: Any) -> None:
    if not isinstance(model, RemoteObject):
        raise Missing("what `fit` returns first is no model")


def draw_fit(axes: Axes, yours: Fit, x: Tensor, y: Tensor) -> None:
    """Draw the data, the prediction, and the best line there is."""
    lines = [Line("least-squares line", panels.BEST, least_squares(x, y))]
    if not isinstance(yours.start, Missing):
        a1, b1, a2, b2 = (value.reshape(()) for value in yours.start)
        lines.append(Line("before training", panels.BEFORE, a2 * (a1 * x + b1) + b2))
    lines.append(Line(f"predicted after {len(yours.losses)} epochs", panels.AFTER, yours.prediction))
    panels.fit_panel(axes, "The line through the data (line_noisy.csv)", x, y, lines)


def draw_losses(axes: Axes, yours: Fit, x: Tensor, y: Tensor) -> None:
    """Draw the losses beside those of the same start trained as it should be."""
    no_course = isinstance(yours.start, Missing)
    expected = [] if isinstance(yours.start, Missing) else course(yours.start, x, y)
    panels.loss_panel(
        axes,
        "Loss of each epoch",
        yours.losses,
        expected,
        end=yours.end,
        words=("epoch", "loss: mean of r², averaged over batches"),
        floor=float(((least_squares(x, y) - y) ** 2).mean()),
        notes=[yours.start] if no_course else [],
    )


def least_squares(x: Tensor, y: Tensor) -> Tensor:
    """Return the values at x of the line with the least squared residuals."""
    rows = torch.stack([x, torch.ones_like(x)], dim=1)
    line: Tensor = torch.linalg.lstsq(rows, y.unsqueeze(1)).solution
    return (rows @ line).squeeze(1)


def course(start: list[Tensor], x: Tensor, y: Tensor) -> list[float]:
    """Return the losses of Adam on the mean squared error from these parameters, in double precision.

    Adam as in D. Kingma and J. Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1, with torch's
    defaults; by hand, since the first optimizer of a process costs seconds of imports.
    """
    parameters = torch.stack([value.reshape(()) for value in start])
    first, second = torch.zeros(4, dtype=torch.float64), torch.zeros(4, dtype=torch.float64)
    losses, batches, step = [], list(zip(torch.split(x, BATCH), torch.split(y, BATCH), strict=True)), 0
    for _ in range(EPOCHS):
        total = 0.0
        for xs, ys in batches:
            step += 1
            loss, gradient = _differentiated(parameters, xs, ys)
            total += loss
            first = 0.9 * first + 0.1 * gradient
            second = 0.999 * second + 0.001 * gradient**2
            moved = (first / (1 - 0.9**step)) / ((second / (1 - 0.999**step)).sqrt() + 1e-8)
            parameters = parameters - RATE * moved
        losses.append(total / len(batches))
    return losses


def _differentiated(parameters: Tensor, x: Tensor, y: Tensor) -> tuple[float, Tensor]:
    """Return the mean squared error of both layers, and its gradient, in closed form."""
    a1, b1, a2, b2 = parameters
    g = a1 * x + b1
    r = a2 * g + b2 - y
    slopes = [(r * a2 * x).mean(), (r * a2).mean(), (r * g).mean(), r.mean()]
    return float((r**2).mean()), 2 * torch.stack(slopes)
