"""The PyTorch way: data and prediction as in the source text, and the loss."""

from pathlib import Path
from typing import Any

import torch
from matplotlib.figure import Figure
from torch import Tensor

from autograder.grading.comparing import terms
from autograder.host.answers import RemoteObject
from autograder.model import ForeignValue
from autograder.report.plots import panels
from autograder.report.plots.drawn_submission import Course, Diverged, DrawnSubmission, Missing, Training, columns, read

SETTINGS = EPOCHS, BATCH, RATE = 150, 5, 0.01
NUMBER = terms(torch.zeros((), dtype=torch.float64))


def draw(figure: Figure, submission: DrawnSubmission, datasets: Path) -> None:
    x, y = columns(datasets / "line_noisy.csv")
    best = least_squares(x, y)
    lines = [panels.FittedLine("least-squares line", panels.BEST, best)]
    expected, notes = Course([], []), []
    after: Tensor | Missing
    with submission.worker():
        try:
            answer = submission.answer("fit", x, y, *SETTINGS)
            if not isinstance(answer, list | tuple) or len(answer) != 2:
                raise Missing("`fit` does not return two values, the model and the list of losses")
            model, given = answer
            yours, after = _losses(given), _prediction(submission, model, x)
        except Missing as missing:
            yours, after = Course([], [], missing), missing
        else:
            try:
                before, expected = _expected(submission, (model, given), x, y)
                lines.append(panels.FittedLine("before training", panels.BEFORE, before))
            except Missing as missing:
                notes = [f"no expected course: {missing}"]
    lines.append(panels.FittedLine(f"predicted after {len(yours.losses)} epochs", panels.AFTER, after))
    figure.set_size_inches(panels.ONE_ROW)
    fit, losses = figure.subplots(1, 2)
    panels.fit_panel(fit, "The line through the data (line_noisy.csv)", x, y, lines)
    words, floor = ("epoch", "loss: mean of r², averaged over batches"), float(((best - y) ** 2).mean())
    panels.loss_panel(losses, Training(yours, expected), words=words, floor=floor, notes=notes)


def _losses(given: Any) -> Course:
    """Return the losses up to the first that is none, and why there are no more."""
    plain = given.value if isinstance(given, ForeignValue) else given
    if not isinstance(plain, list | tuple | Tensor) or (isinstance(plain, Tensor) and plain.dim() != 1):
        return Course([], [], Missing("`fit` does not return a list of losses"))
    losses: list[float] = []
    for item in plain[:EPOCHS]:
        try:
            losses.append(float(read("fit", item, NUMBER)))
        except Diverged:
            return Course([], losses, Diverged(f"the loss of epoch {len(losses) + 1} is not finite"))
        except Missing as missing:
            return Course([], losses, missing)
    counted = Missing(f"`fit` returns {len(plain)} losses for {EPOCHS} epochs")
    return Course([], losses, None if len(plain) == EPOCHS else counted)


def _expected(submission: DrawnSubmission, answer: tuple[Any, Any], x: Tensor, y: Tensor) -> tuple[Tensor, Course]:
    """Return what the model predicted before its training, and how that should have gone from there; Missing."""
    start = submission.observed("fit", answer, x, y, *SETTINGS)
    losses, _ = submission.right("fit", x, y, *SETTINGS, **start)
    before: Tensor = submission.right("build_model", x=x, **start)
    return before, Course([], [float(loss) for loss in losses])


def _prediction(submission: DrawnSubmission, model: Any, x: Tensor) -> Tensor | Missing:
    """Return what the trained model makes of x."""
    if not isinstance(model, RemoteObject):
        return Missing("what `fit` returns first is no model")
    column = x.float().unsqueeze(1)
    try:
        prediction: Tensor = submission.probe("fit", "output", model, column, form=terms(column))
    except Diverged:
        return Missing("no prediction after training: what the model puts out is not finite")
    except Missing as missing:
        return missing
    return prediction.squeeze(1)


def least_squares(x: Tensor, y: Tensor) -> Tensor:
    """Return the values at x of the line with the least squared residuals."""
    rows = torch.stack([x, torch.ones_like(x)], dim=1)
    line: Tensor = torch.linalg.lstsq(rows, y.unsqueeze(1)).solution
    return (rows @ line).squeeze(1)
