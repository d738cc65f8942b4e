"""The PyTorch way: data and prediction as in the source text, and the loss."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from matplotlib.figure import Figure
from torch import Tensor

from autograder.grading.comparing import terms
from autograder.host.answers import RemoteConstructor, RemoteObject
from autograder.model import ForeignValue
from autograder.report.plots import panels
from autograder.report.plots.drawn_submission import (
    Course,
    Diverged,
    DrawnSubmission,
    Missing,
    State,
    Training,
    columns,
    read,
    walk,
)

SETTINGS = EPOCHS, BATCH, RATE = 150, 5, 0.01
START = 0.5, 0.25, 0.75, -0.25  # of a model that is trained before `fit` is written
SHAPES = (1, 1), (1,), (1, 1), (1,)
NUMBER = terms(torch.zeros((), dtype=torch.float64))


def draw(figure: Figure, submission: DrawnSubmission, datasets: Path) -> None:
    x, y = columns(datasets / "line_noisy.csv")
    best = least_squares(x, y)
    trained = _trained(submission, x, y)
    lines = [panels.FittedLine("least-squares line", panels.BEST, best)]
    if trained.before is not None:
        lines.append(panels.FittedLine("before training", panels.BEFORE, trained.before))
    label = f"predicted after {len(trained.yours.losses)} epochs"
    lines.append(panels.FittedLine(label, panels.AFTER, trained.after))
    figure.set_figheight(panels.ONE_ROW)
    fit, losses = figure.subplots(1, 2)
    panels.fit_panel(fit, "The line through the data (line_noisy.csv)", x, y, lines)
    words, floor = ("epoch", "loss: mean of r², averaged over batches"), float(((best - y) ** 2).mean())
    training = Training(trained.yours, trained.expected)
    panels.loss_panel(losses, training, words=words, floor=floor, notes=trained.notes)


@dataclass(frozen=True)
class Trained:
    """A training: its losses and those expected, what was predicted before it, if that is known, and what after it."""

    yours: Course
    after: Tensor | Missing
    before: Tensor | None = None
    expected: Course = field(default_factory=lambda: Course([], []))
    notes: tuple[str, ...] = ()


def _trained(submission: DrawnSubmission, x: Tensor, y: Tensor) -> Trained:
    """Return how `fit` trains; as long as that gives nothing, how a model fares that `train_epoch` trains."""
    with submission.worker():
        try:
            return _by_fit(submission, x, y)
        except Missing as missing:
            why = missing
    with submission.worker():
        try:
            return _by_train_epoch(submission, x, y, f"{why}; this is your `train_epoch`, called {EPOCHS} times")
        except Missing:
            return Trained(Course([], [], why), why)


def _by_fit(submission: DrawnSubmission, x: Tensor, y: Tensor) -> Trained:
    answer = submission.answer("fit", x, y, *SETTINGS)
    if not isinstance(answer, list | tuple) or len(answer) != 2:
        raise Missing("`fit` does not return two values, the model and the list of losses")
    yours, after = _losses(answer[1]), _prediction(submission, answer[0], x)
    try:
        start = submission.observed("fit", tuple(answer), x, y, *SETTINGS)
        return Trained(yours, after, *_expected(submission, start, x, y))
    except Missing as missing:
        return Trained(yours, after, notes=(f"no expected course: {missing}",))


def _by_train_epoch(submission: DrawnSubmission, x: Tensor, y: Tensor, note: str) -> Trained:
    """Have train_epoch train a model that is made for it, anew for each epoch as the last one left it."""
    loader = RemoteConstructor("data_loader", (x.float(), y.float(), BATCH))
    last: list[RemoteConstructor] = []

    def epoch(state: State) -> tuple[Any, ...]:
        values, states = state
        model = RemoteConstructor("model", ([1, 1, 1], values))
        optimizer = RemoteConstructor("optimizer", (model, "Adam", RATE, states))
        criterion = RemoteConstructor("criterion", ("MSELoss", "mean"))
        loss = read("train_epoch", submission.answer("train_epoch", model, loader, criterion, optimizer), NUMBER)
        last[:] = [model]
        return submission.asked("parameters", model), submission.asked("optimizer_state", optimizer), loss

    start = [torch.tensor(value).reshape(shape) for value, shape in zip(START, SHAPES, strict=True)]
    course = walk(epoch, (start, []), EPOCHS)
    if not course.losses:
        raise course.end or Missing("`train_epoch` returns nothing")
    before, expected = _expected(submission, {"start": start}, x, y)
    return Trained(course, _prediction(submission, last[0], x), before, expected, (note,))


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


def _expected(submission: DrawnSubmission, start: dict[str, Any], x: Tensor, y: Tensor) -> tuple[Tensor, Course]:
    """Return what the model predicted before its training, and how that should have gone from there; Missing."""
    losses, _ = submission.right("fit", x, y, *SETTINGS, **start)
    before: Tensor = submission.right("build_model", x=x, **start)
    return before, Course([], [float(loss) for loss in losses])


def _prediction(submission: DrawnSubmission, model: Any, x: Tensor) -> Tensor | Missing:
    """Return what the trained model makes of x."""
    if not isinstance(model, RemoteObject | RemoteConstructor):
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
