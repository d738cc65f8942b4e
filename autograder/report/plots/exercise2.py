"""Two layers: the fit, the loss, the way down in a₁ and a₂, and all four gradients."""

from pathlib import Path
from typing import Any

import torch
from matplotlib.figure import Figure
from torch import Tensor

from autograder.report.plots import panels
from autograder.report.plots.drawn_submission import DrawnSubmission, Gradients, Missing, State, columns, scalars
from autograder.report.plots.way import way_panel

# What the student's own file trains with, so that the numbers are those that it prints.
START = {"a1": 1.0, "b1": 0.0, "a2": 1.0, "b2": 0.0}
RATES = {"a1": 1e-6, "b1": 1e-3, "a2": 1e-6, "b2": 1e-3}
STEPS = 200
FIRST_STEP = {"a1": 20.0, "b1": 30.0, "a2": 20.0, "b2": 30.0}
# The way down goes around a bend from here; b₁ and b₂ stand still, so that it stays in the plane that is drawn.
WAY_START = {"a1": -0.5, "b1": 0.0, "a2": 1.5, "b2": 10.0}
WAY_RATES = {"a1": 4e-7, "b1": 0.0, "a2": 4e-7, "b2": 0.0}
WAY_STEPS = 40


def draw(figure: Figure, submission: DrawnSubmission, datasets: Path) -> None:
    x, y = columns(datasets / "line.csv")
    fit, losses, way, slopes = figure.subplots(2, 2).flat
    training = submission.train("train_step", (scalars(START),), x, y, RATES, steps=STEPS)

    def predict(state: State) -> Tensor | Missing:
        answer = submission.attempt("forward", *state, x)
        return answer if isinstance(answer, Missing) else answer[1]

    def loss(points: dict[str, Tensor]) -> Any:
        def height() -> Any:
            _, predicted = submission.right("forward", scalars(WAY_START) | points, x.unsqueeze(1))
            return torch.vmap(lambda y_pred: submission.right("loss", y_pred, y), 1)(predicted)

        return submission.surface(points, height)

    with submission.worker():
        lines = panels.before_and_after(training, "steps", predict)
    panels.fit_panel(fit, "The line through the data (line.csv)", x, y, lines)
    panels.loss_panel(losses, training, words=("step", "loss ½ Σ r²"))
    down = submission.train("train_step", (scalars(WAY_START),), x, y, WAY_RATES, steps=WAY_STEPS)
    words = ("step", "slope a₁ of layer one", "slope a₂ of layer two")
    way_panel(way, "The way down, b₁ = 0 and b₂ = 10 held fixed", down, ("a1", "a2"), loss, words=words)
    gradients = _gradients(submission, x[:5], y[:5])
    case = "(at a₁ = a₂ = 20, b₁ = b₂ = 30, first five samples)"
    panels.slopes_panel(slopes, gradients, case, {"a₂": FIRST_STEP["a2"], "n": 5})


def _gradients(submission: DrawnSubmission, x: Tensor, y: Tensor) -> Gradients:
    """Return all four gradients; each function gets what the layers before it should have put out."""
    parameters = scalars(FIRST_STEP)
    g, y_pred = submission.right("forward", parameters, x)
    second = submission.gradients("manual_gradients", g, y_pred, y)
    return second | submission.gradients("chain_rule_gradients", parameters, x, y_pred, y)
