"""Better steps: the paths of the three steps in exercise 2's valley, and the loss along each."""

from pathlib import Path

import torch
from matplotlib.figure import Figure
from torch import Tensor

from autograder.report.plots import panels
from autograder.report.plots.drawn_submission import DrawnSubmission, Missing, columns, scalars

START = {"a1": -0.5, "a2": 1.5}
STEPS = 60
REACH = (-1.0, 4.0)  # of both axes
# What is called after the parameters and gradients, for each step: its memories, the step's number if it takes one,
# and the numbers of the call.
SETTINGS: dict[str, tuple[int, bool, tuple[float, ...]]] = {
    "momentum_step": (1, False, (2e-7, 0.9)),
    "rmsprop_step": (1, False, (0.05, 0.9, 1e-8)),
    "adam_step": (2, True, (0.2, 0.9, 0.99, 1e-8)),
}
COLORS = (panels.BLUE, panels.VERMILLION, panels.GREEN)


def draw(figure: Figure, submission: DrawnSubmission, datasets: Path) -> None:
    x, y = columns(datasets / "line.csv")
    way, losses = figure.subplots(1, 2)
    axis = torch.linspace(*REACH, 121, dtype=torch.float64)
    a1, a2 = torch.meshgrid(axis, axis, indexing="xy")
    way.contour(a1, a2, torch.log10(height(x, y, a1, a2) + 1000), levels=14, colors=panels.GREY, linewidths=0.6)
    notes: list[object] = []
    for (function, settings), color in zip(SETTINGS.items(), COLORS, strict=True):
        with submission.worker():
            path, end = walked(submission, function, settings, x, y)
        if end is not None:
            notes.append(end)
        if len(path) > 1:
            points = torch.tensor([[float(place[name]) for name in START] for place in path])
            way.plot(*points.T, ".-", color=color, label=function, linewidth=1)
            losses.plot([float(height(x, y, *place.double())) for place in points], color=color, label=function)
    way.plot(*START.values(), "o", color="black", label="start")
    way.set(xlim=REACH, ylim=REACH, xlabel="slope a₁ of layer one", ylabel="slope a₂ of layer two")
    losses.set(yscale="log", xlabel="step", ylabel="loss ½ Σ r²")
    panels.dress(way, "Your steps in exercise 2's valley, b₁ = 0 and b₂ = 10 held fixed", notes)
    panels.dress(losses, "The loss along each path")


def height(x: Tensor, y: Tensor, a1: Tensor, a2: Tensor) -> Tensor:
    """Return the loss of exercise 2 at slopes of any shape."""
    return torch.sum(((a1 * a2)[..., None] * x + 10 - y) ** 2, dim=-1) / 2


def slopes(place: dict[str, Tensor], x: Tensor, y: Tensor) -> dict[str, Tensor]:
    """Return the gradients there, by autograd."""
    leaves = [place[name].detach().clone().requires_grad_() for name in START]
    return dict(zip(START, torch.autograd.grad(height(x, y, *leaves), leaves), strict=True))


def walked(
    submission: DrawnSubmission, function: str, settings: tuple[int, bool, tuple[float, ...]], x: Tensor, y: Tensor
) -> tuple[list[dict[str, Tensor]], Missing | None]:
    """Return where a step of the submission leads, and why it ends early, if it does."""
    memories, is_numbered, numbers = settings
    path = [scalars(START)]
    memory = [scalars(dict.fromkeys(START, 0.0)) for _ in range(memories)]
    for step in range(1, STEPS + 1):
        counted = (step,) if is_numbered else ()
        answer = submission.attempt(function, path[-1], slopes(path[-1], x, y), *memory, *counted, *numbers)
        if isinstance(answer, Missing):
            return path, answer
        path.append(answer[0])
        memory = list(answer[1:])
    return path, None
