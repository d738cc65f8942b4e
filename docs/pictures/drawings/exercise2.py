"""The drawings of exercise 2. The numbers are those of the paper case, worked out here."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

_VALUE, _GRADIENT, _INK = "#00684d", "#b3401f", "#333333"  # they differ in place and arrow as well
_A1, _B1, _A2, _B2, _X, _Y = 2, 1, 4, -1, 3, 25


def circuit(figure: Figure) -> None:
    """The second sample through x → g → ŷ → L: values above, forwards; gradients below, backwards."""
    figure.set_figheight(3.1)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 8), ylim=(0, 3.1))
    axes.axis("off")
    g = _A1 * _X + _B1
    y_pred = _A2 * g + _B2
    residual = y_pred - _Y
    nodes = (
        (0.7, "$x$", f"{_X}", ""),
        (2.75, "$g$", f"{_A1}·{_X} + {_B1} = {g}", f"{residual * _A2}"),
        (5.05, r"$\hat{y}$", f"{_A2}·{g} − {-_B2} = {y_pred}", f"r = {y_pred} − {_Y} = {residual}"),
        (7.3, "$L$", f"½·{residual}² = {residual**2 / 2:g}", "1"),
    )
    for at, name, value, gradient in nodes:
        _node(axes, at, name, value, gradient)
    for (left, *_), (right, *_), step in zip(nodes, nodes[1:], ("a₁x + b₁", "a₂g + b₂", "½(ŷ − y)²"), strict=False):
        _arrow(axes, left + 0.36, right - 0.36, 1.72, _VALUE)
        axes.text((left + right) / 2, 1.8, step, ha="center", va="bottom", fontsize=10, color=_INK)
        if left > 1:
            _arrow(axes, right - 0.36, left + 0.36, 1.42, _GRADIENT)
    axes.text(3.9, 1.34, "times what?", ha="center", va="top", fontsize=10, color=_INK)
    axes.text(6.18, 1.34, "times r", ha="center", va="top", fontsize=10, color=_INK)
    axes.text(0.15, 2.9, "values, forwards →", color=_VALUE, va="top")
    axes.text(0.15, 0.2, "gradients ← backwards: how much L moves per unit of each", color=_GRADIENT, va="bottom")


def _node(axes: Axes, at: float, name: str, value: str, gradient: str) -> None:
    box = {"boxstyle": "circle,pad=0.45", "facecolor": "white", "edgecolor": _INK}
    axes.text(at, 1.57, name, ha="center", va="center", fontsize=15, bbox=box)
    axes.text(at, 2.12, value, ha="center", va="bottom", color=_VALUE)
    axes.text(at, 1.0, gradient, ha="center", va="top", color=_GRADIENT)


def _arrow(axes: Axes, start: float, end: float, height: float, color: str) -> None:
    style = {"arrowstyle": "-|>", "color": color, "linewidth": 1.6, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", (end, height), (start, height), arrowprops=style)
