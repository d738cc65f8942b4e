"""Many layers: predicted against true, the loss, and how far each layer's gradients are from autograd's."""

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from autograder.report.plots import panels
from autograder.report.plots.drawn_submission import DrawnSubmission, Missing, State, Training, columns

Errors = list[float] | Missing  # of the gradients, layer by layer

WIDTHS = (10, 6, 3, 1)
MIDDLE = 1  # layer whose gradients are drawn: 3 × 6 numbers, which can be read
RATE, BATCH, EPOCHS = 5e-4, 50, 30
POINTS: panels.Style = {"linestyle": "none", "markersize": 4}
BEFORE: panels.Style = POINTS | {"color": panels.GREEN, "marker": "x", "alpha": 0.6}
AFTER: panels.Style = POINTS | {"color": panels.BLUE, "marker": "o", "markerfacecolor": "none"}


def draw(figure: Figure, submission: DrawnSubmission, datasets: Path) -> None:
    X, Y = standardised(columns(datasets / "diabetes.csv"))
    start = starting_stack()
    fit, losses, errors, matrices = figure.subplots(2, 2).flat
    training = submission.train("train_epoch", start, X, Y, RATE, BATCH, steps=EPOCHS)
    draw_fit(fit, submission, training, X, Y)
    panels.loss_panel(losses, training, words=("epoch", "loss ½ ΣΣ r², summed over batches"))
    names = [f"{kind}{'₁₂₃'[layer]}" for layer in range(len(start[0])) for kind in "Wb"]
    found = found_errors(submission, start, X[:BATCH], Y[:BATCH])
    where = "at the start, first 50 patients"
    panels.errors_panel(errors, found, names, where)
    draw_matrices(matrices, submission, start, X[:BATCH], Y[:BATCH], where)


def standardised(table: Tensor) -> tuple[Tensor, Tensor]:
    """Return factors (n, 10) and target (n, 1), each column with mean 0 and standard deviation 1."""
    rows = table.T
    rows = (rows - rows.mean(0)) / rows.std(0)
    return rows[:, :-1].contiguous(), rows[:, -1:].contiguous()


def starting_stack() -> State:
    """Return small weights, always the same, and biases a little off zero, of layers of the chosen widths."""
    generator = torch.Generator().manual_seed(1)

    def drawn(*shape: int) -> Tensor:
        return torch.rand(shape, generator=generator, dtype=torch.float64) * 2 - 1

    pairs = list(itertools.pairwise(WIDTHS))
    return [drawn(outer, inner) / inner**0.5 for inner, outer in pairs], [drawn(outer) / 10 for _, outer in pairs]


def draw_fit(axes: Axes, submission: DrawnSubmission, training: Training, X: Tensor, Y: Tensor) -> None:
    """Draw what the submission's forward predicts for each patient against what is true."""
    title = "Predicted against true (diabetes.csv, 442 patients)"

    def predict(stack: State) -> Tensor | Missing:
        answer = submission.attempt("forward", *stack, X)
        return answer if isinstance(answer, Missing) else answer[-1].squeeze(1)

    with submission.worker():
        before, after = panels.before_and_after(training, "epochs", predict)
    if isinstance(before.y, Missing) and isinstance(after.y, Missing):
        panels.empty(axes, title, before.y)
        return
    true = Y.squeeze(1).numpy()
    limits = (float(true.min()) - 0.4, float(true.max()) + 0.4)
    axes.plot(limits, limits, label="predicted = true", **panels.BEST)
    notes: list[object] = []
    for line, style in ((before, BEFORE), (after, AFTER)):
        if isinstance(line.y, Missing):
            notes.append(line.y)
            continue
        drawn = np.clip(line.y.numpy(), -1e3, 1e3)
        axes.plot(true, drawn, label=line.label, **style)
        if outside := int(((drawn < limits[0]) | (drawn > limits[1])).sum()):
            notes.append(f"{line.label}: {outside} points lie outside of this panel")
    axes.set(xlim=limits, ylim=limits)
    axes.set(xlabel="true progression (standard deviations from the mean)", ylabel="predicted progression")
    panels.dress(axes, title, notes)


def found_errors(submission: DrawnSubmission, stack: State, X: Tensor, Y: Tensor) -> dict[str, Errors]:
    """Return how far each layer's gradients are from the right ones, as both functions give them."""
    given = stack[0], submission.right("forward", *stack, X), Y
    return {"backward": _backward(submission, *given), "layer_gradients": _layers(submission, *given)}


def draw_matrices(axes: Axes, submission: DrawnSubmission, stack: State, X: Tensor, Y: Tensor, where: str) -> None:
    """Draw the matrix of gradients of the middle layer, which is no square, above the one it should be."""
    title = f"∂L/∂W{'₁₂₃'[MIDDLE]}, entry by entry"
    outputs = submission.right("forward", *stack, X)
    with submission.worker():
        answer = submission.attempt("backward", stack[0], outputs, Y)
    if isinstance(answer, Missing):
        panels.empty(axes, title, answer)
        return
    due = submission.right("backward", stack[0], outputs, Y)[0][MIDDLE]
    panels.matrices_panel(axes, title, {"yours": answer[0][MIDDLE], "autograd's": due}, where)


def _backward(submission: DrawnSubmission, weights: list[Tensor], outputs: list[Tensor], Y: Tensor) -> Errors:
    """Return the relative errors of all gradients that backward gives, layer by layer, or why there are none."""
    with submission.worker():
        answer = submission.attempt("backward", weights, outputs, Y)
    if isinstance(answer, Missing):
        return answer
    right = submission.right("backward", weights, outputs, Y)
    layers = zip(zip(*answer, strict=True), zip(*right, strict=True), strict=True)
    return [error for found, due in layers for error in _errors(found, due)]


def _layers(submission: DrawnSubmission, weights: list[Tensor], outputs: list[Tensor], Y: Tensor) -> Errors:
    """Return the same for layer_gradients, which is given the right delta of each layer."""
    delta = submission.right("output_delta", outputs[-1], Y)
    errors: list[float] = []
    with submission.worker():
        for weight, inputs in zip(reversed(weights), reversed(outputs[:-1]), strict=True):
            answer = submission.attempt("layer_gradients", delta, inputs)
            if isinstance(answer, Missing):
                return answer
            errors = _errors(answer, submission.right("layer_gradients", delta, inputs)) + errors
            delta = submission.right("propagate_delta", delta, weight)
    return errors


def _errors(found: Any, right: Any) -> list[float]:
    """Return the size of each difference as a multiple of the size of what is right."""
    return [float((mine - due).norm() / due.norm()) for mine, due in zip(found, right, strict=True)]
