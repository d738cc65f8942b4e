"""Bent lines: the network over the wave, the loss, how far each layer's gradients are from autograd's, the bends."""

import itertools
from pathlib import Path

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from autograder.report.plots import panels
from autograder.report.plots.drawn_submission import DrawnSubmission, Missing, State, Training, columns

WIDTHS = (1, 16, 16, 1)
RATE, BATCH, EPOCHS = 0.01, 11, 25
NAMES = [f"{kind}{'₁₂₃'[layer]}" for layer in range(len(WIDTHS) - 1) for kind in "Wb"]
PLACES = torch.linspace(-3, 3, 40, dtype=torch.float64)  # none of them 0, where relu has no derivative
BENDS = {"relu": panels.BLUE, "relu_gradient": panels.VERMILLION, "tanh": panels.GREEN, "tanh_gradient": panels.BLACK}
DASHES = {"relu": "-", "relu_gradient": "--", "tanh": "-.", "tanh_gradient": ":"}


def draw(figure: Figure, submission: DrawnSubmission, datasets: Path) -> None:
    x, y = columns(datasets / "wave.csv")
    fit, losses, errors, bends = figure.subplots(2, 2).flat
    start = starting_stack()
    X, Y = mixed(x, y)
    training = submission.train("train_epoch", start, X, Y, RATE, BATCH, steps=EPOCHS)
    draw_fit(fit, submission, training, x, y)
    panels.loss_panel(losses, training, words=("epoch", "loss ½ ΣΣ r², summed over batches"))
    found = gradient_errors(submission, start, X[:BATCH], Y[:BATCH])
    panels.errors_panel(errors, {"backward": found}, NAMES, "at the start, first 11 samples")
    draw_bends(bends, submission)


def starting_stack() -> State:
    """Return weights as `initialize` draws them, always the same, and biases of zero."""
    generator = torch.Generator().manual_seed(2)
    shapes = [(outer, inner) for inner, outer in itertools.pairwise(WIDTHS)]
    weights = [torch.randn(shape, generator=generator).double() * (2 / shape[1]) ** 0.5 for shape in shapes]
    return weights, [torch.zeros(outer, dtype=torch.float64) for outer, _ in shapes]


def mixed(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Return the samples as two tables of one column, in an order in which each batch has some from everywhere."""
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(0))
    return x[order, None], y[order, None]


def draw_fit(axes: Axes, submission: DrawnSubmission, training: Training, x: Tensor, y: Tensor) -> None:
    """Draw the network before and after training over the samples."""

    def predict(stack: State) -> Tensor | Missing:
        answer = submission.attempt("forward", *stack, x[:, None])
        return answer if isinstance(answer, Missing) else answer[0][-1][:, 0]

    with submission.worker():
        lines = panels.before_and_after(training, "epochs", predict)
    panels.fit_panel(axes, "The bent line over the wave (wave.csv)", x, y, lines)


def gradient_errors(submission: DrawnSubmission, stack: State, X: Tensor, Y: Tensor) -> list[float] | Missing:
    """Return how far the gradients of each layer are from the right ones, as a multiple of their size."""
    given = stack[0], *submission.right("forward", *stack, X), Y
    with submission.worker():
        answer = submission.attempt("backward", *given)
    if isinstance(answer, Missing):
        return answer
    layers = zip(zip(*answer, strict=True), zip(*submission.right("backward", *given), strict=True), strict=True)
    pairs = [pair for found, due in layers for pair in zip(found, due, strict=True)]
    return [float((mine - due).norm() / due.norm()) for mine, due in pairs]


def draw_bends(axes: Axes, submission: DrawnSubmission) -> None:
    """Draw both bends and their derivatives, each upon what is expected."""
    notes: list[object] = []
    for name, color in BENDS.items():
        given = (torch.ones_like(PLACES), PLACES) if name.endswith("gradient") else (PLACES,)
        axes.plot(PLACES, submission.right(name, *given), **panels.EXPECTED)
        with submission.worker():
            yours = submission.attempt(name, *given)
        if isinstance(yours, Missing):
            notes.append(yours)
        else:
            axes.plot(PLACES, yours.clamp(-4, 4), color=color, linestyle=DASHES[name], label=name)
    axes.lines[0].set_label("expected")
    axes.set(xlabel="z", ylabel="bend, or its derivative (upstream is 1)")
    panels.dress(axes, "Both bends, and their derivatives", notes)
