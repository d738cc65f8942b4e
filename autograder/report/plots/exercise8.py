"""Your own autograd: a small graph with your values and gradients in it, and the gradients beside autograd's."""

from pathlib import Path

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor

from autograder.report.plots import panels
from autograder.report.plots.drawn_submission import DrawnSubmission, Gradients, Missing

GRAPH = {"s": ["add", "x", "y"], "p": ["mul", "s", "z"], "t": ["tanh", "s"], "L": ["add", "p", "t"]}  # s is used twice
LEAVES = {name: torch.tensor(value, dtype=torch.float64) for name, value in (("x", 0.5), ("y", -1.0), ("z", 3.0))}
PLACES = {"x": (0, 2), "y": (0, 0), "s": (1, 1), "z": (1, 2), "p": (2, 2), "t": (2, 0), "L": (3, 1)}
CLOSE = 1e-6
Numbers = dict[str, Tensor]


def draw(figure: Figure, submission: DrawnSubmission, _datasets: Path) -> None:
    graph, slopes = figure.subplots(1, 2, width_ratios=(3, 2))
    due = submission.right("forward", GRAPH, LEAVES, "L")
    with submission.worker():
        values = submission.attempt("forward", GRAPH, LEAVES, "L")
    gradients = submission.gradients("backward", GRAPH, due, "L")
    _graph_panel(graph, values, due, gradients)
    panels.slopes_panel(slopes, {name: gradients[name] for name in PLACES}, "(a graph of four nodes and three leaves)")


def _graph_panel(axes: Axes, values: Numbers | Missing, due: Numbers, gradients: Gradients) -> None:
    """Draw each name with its value and its gradient; what is not as it should be has a frame that stands out."""
    notes: list[object] = [values] if isinstance(values, Missing) else []
    for name, (operation, *inputs) in GRAPH.items():
        for each in inputs:
            arrow = {"arrowstyle": "->", "shrinkA": 26, "shrinkB": 26, "color": panels.GREY}
            axes.annotate("", PLACES[name], PLACES[each], arrowprops=arrow)
        axes.text(PLACES[name][0], PLACES[name][1] + 0.22, operation, ha="center", color=panels.GREY)
    wrong = []
    for name, place in PLACES.items():
        value = values if isinstance(values, Missing) else values[name]
        is_right = _is(value, due[name]) and _is(*gradients[name])
        wrong += [] if is_right else [name]
        text = f"{name}\n{_said(value)}\n∂ {_said(gradients[name][0])}"
        box = {"boxstyle": "round", "facecolor": "white", "linewidth": 1 if is_right else 2.5}
        box["linestyle"] = "-" if is_right else "--"
        axes.text(*place, text, ha="center", va="center", bbox=box)
    axes.set(xlim=(-0.5, 3.5), ylim=(-0.6, 2.6), xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(False)
    told = f"not as it should be: {', '.join(wrong)}" if wrong else "all as it should be"
    panels.dress(axes, "Your graph: values, and gradients (∂)", notes, told=told)


def _is(found: Tensor | Missing, due: Tensor) -> bool:
    return not isinstance(found, Missing) and abs(float(found) - float(due)) <= CLOSE * max(1.0, abs(float(due)))


def _said(number: Tensor | Missing) -> str:
    return "?" if isinstance(number, Missing) else panels.signed(float(number))
