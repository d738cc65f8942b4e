"""Many layers: predicted against true, the loss, and how far each layer's gradients are from autograd's."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from autograder.grading.comparing import DOUBLE_TOLERANCE
from autograder.report.plots import panels
from autograder.report.plots.student import Course, Missing, Student, columns, like, walk

WIDTHS = (10, 6, 3, 1)
RATE, BATCH, EPOCHS = 5e-4, 50, 30
EXACT, MOST = 1e-17, 3e3  # where a difference of nothing, and a boundless one, are drawn
BEFORE_POINTS: panels.Style = {"color": panels.GREEN, "marker": "x", "markersize": 4, "linestyle": "none", "alpha": 0.6}
AFTER_POINTS: panels.Style = {
    "color": panels.BLUE,
    "marker": "o",
    "markersize": 4,
    "linestyle": "none",
    "markerfacecolor": "none",
}
BACKWARD: panels.Style = {"color": panels.BLUE, "marker": "o", "markersize": 7, "linestyle": "none"}
LAYER: panels.Style = {
    "color": panels.VERMILLION,
    "marker": "^",
    "markersize": 7,
    "linestyle": "none",
    "markerfacecolor": "none",
}

Layers = list[Tensor]
Stack = tuple[Layers, Layers]  # weights and biases


def draw(figure: Figure, student: Student, datasets: Path) -> None:
    """Fill the figure with the three panels."""
    X, Y = standardised(columns(datasets / "diabetes.csv"))
    start = starting_stack()
    grid = figure.add_gridspec(2, 2)
    fit, losses, errors = (figure.add_subplot(place) for place in (grid[:, 0], grid[0, 1], grid[1, 1]))
    yours = train(student, start, X, Y)
    expected = walk(lambda stack: epoch(stack, X, Y), start, EPOCHS)
    draw_fit(fit, student, yours, X, Y)
    title, words = "Loss of each epoch", ("epoch", "loss ½ ΣΣ r², summed over batches")
    panels.loss_panel(losses, title, yours.losses, expected.losses, end=yours.end, words=words)
    draw_errors(errors, student, start, X[:BATCH], Y[:BATCH])


def standardised(table: Tensor) -> tuple[Tensor, Tensor]:
    """Return factors (n, 10) and target (n, 1), each column with mean 0 and standard deviation 1."""
    rows = table.T
    rows = (rows - rows.mean(0)) / rows.std(0)
    return rows[:, :-1].contiguous(), rows[:, -1:].contiguous()


def starting_stack() -> Stack:
    """Return small weights, always the same, and biases a little off zero, of layers of the chosen widths."""
    generator = torch.Generator().manual_seed(1)

    def drawn(*shape: int) -> Tensor:
        return torch.rand(shape, generator=generator, dtype=torch.float64) * 2 - 1

    pairs = list(itertools.pairwise(WIDTHS))
    return [drawn(outer, inner) / inner**0.5 for inner, outer in pairs], [drawn(outer) / 10 for _, outer in pairs]


def train(student: Student, start: Stack, X: Tensor, Y: Tensor) -> Course[Stack]:
    """Train with the submission's train_epoch."""
    form, names = like(start), ("weights", "biases", "epoch_loss")
    with student.worker():
        return walk(
            lambda stack: student.step("train_epoch", *stack, X, Y, RATE, BATCH, form=form, names=names), start, EPOCHS
        )


def epoch(stack: Stack, X: Tensor, Y: Tensor) -> tuple[Stack, float]:
    """Return the stack after one epoch as it should be, and its loss."""
    total = 0.0
    for Xs, Ys in zip(torch.split(X, BATCH), torch.split(Y, BATCH), strict=True):
        value, *gradients = differentiated(stack, Xs, Ys)
        total += float(value)
        weights, biases = (
            [at - RATE * gradient for at, gradient in zip(*pair, strict=True)]
            for pair in zip(stack, gradients, strict=True)
        )
        stack = weights, biases
    return stack, total


def differentiated(stack: Stack, X: Tensor, Y: Tensor) -> tuple[float, Layers, Layers]:
    """Return the loss, and its gradients along all weights and all biases, by autograd."""
    weights, biases = ([value.clone().requires_grad_() for value in values] for values in stack)
    loss = ((outputs_of((weights, biases), X)[-1] - Y) ** 2).sum() / 2
    found = list(torch.autograd.grad(loss, [*weights, *biases]))
    return float(loss.detach()), found[: len(weights)], found[len(weights) :]


def outputs_of(stack: Stack, X: Tensor) -> Layers:
    """Return the input and every layer's output."""
    outputs = [X]
    for weight, bias in zip(*stack, strict=True):
        outputs.append(torch.nn.functional.linear(outputs[-1], weight, bias))
    return outputs


def draw_fit(axes: Axes, student: Student, yours: Course[Stack], X: Tensor, Y: Tensor) -> None:
    """Draw what the submission's forward predicts for each patient against what is true."""
    title = "Predicted against true (diabetes.csv, 442 patients)"

    def predict(stack: Stack) -> Tensor | Missing:
        answer = student.attempt("forward", *stack, X, form=like(outputs_of(stack, X)))
        return answer if isinstance(answer, Missing) else answer[-1].squeeze(1)

    with student.worker():
        before = predict(yours.path[0])
        trained = panels.after(yours, predict)
    if isinstance(before, Missing) and isinstance(trained, Missing):
        panels.empty(axes, title, before)
        return
    true = Y.squeeze(1).numpy()
    limits = (float(true.min()) - 0.4, float(true.max()) + 0.4)
    axes.plot(limits, limits, label="predicted = true", **panels.BEST)
    notes = []
    for label, style, values in (
        ("before training", BEFORE_POINTS, before),
        (f"after {len(yours.losses)} epochs", AFTER_POINTS, trained),
    ):
        if isinstance(values, Missing):
            notes.append(str(values))
            continue
        drawn = np.clip(values.numpy(), -1e3, 1e3)
        axes.plot(true, drawn, label=label, **style)
        outside = int(((drawn < limits[0]) | (drawn > limits[1])).sum())
        if outside:
            notes.append(f"{label}: {outside} points lie outside of this panel")
    unit = "standard deviations from the mean"
    axes.set(xlim=limits, ylim=limits)
    axes.set(xlabel=f"true progression, in {unit}", ylabel=f"predicted progression, in {unit}")
    panels.dress(axes, title, notes, columns=3)


def draw_errors(axes: Axes, student: Student, stack: Stack, X: Tensor, Y: Tensor) -> None:
    """Draw how far each layer's gradients are from autograd's, as backward and as layer_gradients give them."""
    title = "Gradients: difference from autograd's, layer by layer"
    right = differentiated(stack, X, Y)[1:]
    with student.worker():
        through = _backward(student, stack, X, Y, right)
    with student.worker():
        single = _layers(student, stack, X, Y, right)
    series = [("backward", BACKWARD, through), ("layer_gradients", LAYER, single)]
    if all(isinstance(found, Missing) for _, _, found in series):
        panels.empty(axes, title, "; ".join(dict.fromkeys(str(found) for _, _, found in series)))
        return
    axes.axhspan(EXACT / 10, DOUBLE_TOLERANCE, color=panels.GREEN, alpha=0.15, linewidth=0, label="rounding only")
    for at, (name, style, found) in enumerate(series):
        if not isinstance(found, Missing):
            axes.plot(np.arange(len(found)) + 0.16 * at - 0.08, np.clip(found, EXACT, MOST), label=name, **style)
    names = [f"{kind}{'₁₂₃'[layer]}" for layer in range(len(right[0])) for kind in "Wb"]
    axes.set(yscale="log", ylim=(EXACT / 10, 1e4), xlim=(-0.5, len(names) - 0.5))
    axes.set(xticks=range(len(names)), xticklabels=[f"∂L/∂{name}" for name in names])
    powers = [-15, -12, -9, -6, -3, 0, 3]
    axes.set_yticks([EXACT, *(10.0**power for power in powers)], ["none", *(f"$10^{{{power}}}$" for power in powers)])
    axes.minorticks_off()
    axes.set(xlabel="at the start, first 50 patients", ylabel="‖yours − autograd's‖ ÷ ‖autograd's‖")
    panels.dress(axes, title, [found for _, _, found in series if isinstance(found, Missing)], columns=3)


def _backward(
    student: Student, stack: Stack, X: Tensor, Y: Tensor, right: tuple[Layers, Layers]
) -> list[float] | Missing:
    """Return the relative errors of all gradients that backward gives, or why there are none."""
    names = ("grad_weights", "grad_biases")
    answer = student.attempt("backward", stack[0], outputs_of(stack, X), Y, form=like(right), names=names)
    if isinstance(answer, Missing):
        return answer
    pairs = zip(zip(*answer, strict=True), zip(*right, strict=True), strict=True)
    return [apart(mine, due) for layer, expected in pairs for mine, due in zip(layer, expected, strict=True)]


def _layers(
    student: Student, stack: Stack, X: Tensor, Y: Tensor, right: tuple[Layers, Layers]
) -> list[float] | Missing:
    """Return the same for layer_gradients, which is given the right delta of each layer."""
    outputs = outputs_of(stack, X)
    delta = outputs[-1] - Y
    errors: list[float] = []
    for at in reversed(range(len(stack[0]))):
        due = (right[0][at], right[1][at])
        names = ("grad_W", "grad_b")
        answer = student.attempt("layer_gradients", delta, outputs[at], form=like(due), names=names)
        if isinstance(answer, Missing):
            return answer
        errors = [apart(mine, expected) for mine, expected in zip(answer, due, strict=True)] + errors
        delta = delta @ stack[0][at]
    return errors


def apart(found: Tensor, right: Tensor) -> float:
    """Return the size of the difference as a multiple of the size of what is right."""
    return float((found - right).norm() / right.norm())
