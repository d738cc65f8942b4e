"""Two layers: the fit, the loss, the way down in a₁ and a₂, and all four gradients."""

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
START = {"a1": 1.0, "b1": 0.0, "a2": 1.0, "b2": 0.0}
RATES = {"a1": 1e-6, "b1": 1e-3, "a2": 1e-6, "b2": 1e-3}
STEPS = 200
FIRST_STEP = {"a1": 20.0, "b1": 30.0, "a2": 20.0, "b2": 30.0}
# The way down goes around a bend from here; b₁ and b₂ stand still, so that it stays in the plane that is drawn.
WAY_START = {"a1": -0.5, "b1": 0.0, "a2": 1.5, "b2": 10.0}
WAY_RATES = {"a1": 4e-7, "b1": 0.0, "a2": 4e-7, "b2": 0.0}
WAY_STEPS = 40

Parameters = dict[str, Tensor]
Rates = dict[str, float]


def draw(figure: Figure, student: Student, datasets: Path) -> None:
    """Fill the figure with the four panels."""
    x, y = columns(datasets / "line.csv")
    fit, losses, way, slopes = panels.quarters(figure)
    yours = train(student, START, RATES, STEPS, x, y)
    expected = course(START, RATES, STEPS, x, y)
    draw_fit(fit, student, yours, x, y)
    words = ("step", "loss ½ Σ r²")
    panels.loss_panel(losses, "Loss of each step", yours.losses, expected.losses, end=yours.end, words=words)
    draw_way(way, student, x, y)
    draw_slopes(slopes, student, scalars(FIRST_STEP), x[:5], y[:5])


def train(
    student: Student, start: dict[str, float], rates: Rates, steps: int, x: Tensor, y: Tensor
) -> Course[Parameters]:
    """Train with the submission's train_step."""
    form, names = (like(scalars(start)),), ("parameters", "loss")
    with student.worker():
        return walk(
            lambda parameters: student.step("train_step", parameters, x, y, rates, form=form, names=names),
            scalars(start),
            steps,
        )


def course(start: dict[str, float], rates: Rates, steps: int, x: Tensor, y: Tensor) -> Course[Parameters]:
    """Train as it should be."""

    def step(parameters: Parameters) -> tuple[Parameters, float]:
        value, gradients = differentiated(parameters, x, y)
        return {name: at - rates[name] * gradients[name] for name, at in parameters.items()}, value

    return walk(step, scalars(start), steps)


def differentiated(parameters: Parameters, x: Tensor, y: Tensor) -> tuple[float, Parameters]:
    """Return the loss and its gradients, by autograd."""
    leaves = {name: value.clone().requires_grad_() for name, value in parameters.items()}
    loss = ((leaves["a2"] * (leaves["a1"] * x + leaves["b1"]) + leaves["b2"] - y) ** 2).sum() / 2
    return float(loss.detach()), dict(zip(leaves, torch.autograd.grad(loss, list(leaves.values())), strict=True))


def draw_fit(axes: Axes, student: Student, yours: Course[Parameters], x: Tensor, y: Tensor) -> None:
    """Draw the line before and after training, as the submission's forward gives it."""

    def predict(parameters: Parameters) -> Tensor | Missing:
        answer = student.attempt("forward", parameters, x, form=(like(x), like(y)), names=("g", "y_pred"))
        return answer if isinstance(answer, Missing) else answer[1]

    with student.worker():
        lines = [
            Line("before training", panels.BEFORE, predict(yours.path[0])),
            Line(f"after {len(yours.losses)} steps", panels.AFTER, panels.after(yours, predict)),
        ]
    panels.fit_panel(axes, "The line through the data (line.csv)", x, y, lines)


def draw_way(axes: Axes, student: Student, x: Tensor, y: Tensor) -> None:
    """Draw the way down in the plane of a₁ and a₂."""
    xs, ys = x.numpy(), y.numpy()

    def loss(a1: Numbers, a2: Numbers) -> Numbers:
        g = a1[..., None] * xs + WAY_START["b1"]
        residuals = a2[..., None] * g + WAY_START["b2"] - ys
        total: Numbers = (residuals**2).sum(-1) / 2
        return total

    yours = train(student, WAY_START, WAY_RATES, WAY_STEPS, x, y)
    expected = course(WAY_START, WAY_RATES, WAY_STEPS, x, y)
    ways = ([(float(at["a1"]), float(at["a2"])) for at in way.path] for way in (yours, expected))
    words = ("step", "slope a₁ of layer one", "slope a₂ of layer two")
    title = "The way down, b₁ = 0 and b₂ = 10 held fixed"
    panels.way_panel(axes, title, loss, *ways, end=yours.end, words=words)


def draw_slopes(axes: Axes, student: Student, parameters: Parameters, x: Tensor, y: Tensor) -> None:
    """Draw all four gradients; each function gets what the layers before it should have put out."""
    a1, b1, a2, b2 = (parameters[name] for name in ("a1", "b1", "a2", "b2"))
    g = a1 * x + b1
    y_pred = a2 * g + b2
    autograd = differentiated(parameters, x, y)[1]
    second, first = ("a2", "b2"), ("a1", "b1")
    with student.worker():
        form = {name: like(autograd[name]) for name in second}
        yours = panels.by_name(student.attempt("manual_gradients", g, y_pred, y, form=form), second)
    with student.worker():
        form = {name: like(autograd[name]) for name in first}
        answer = student.attempt("chain_rule_gradients", parameters, x, y_pred, y, form=form)
        yours |= panels.by_name(answer, first)
    case = "(at a₁ = a₂ = 20, b₁ = b₂ = 30, first five samples)"
    panels.slopes_panel(axes, "Gradients beside autograd's", yours, {name: autograd[name] for name in yours}, case)
