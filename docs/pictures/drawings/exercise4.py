"""The drawings of exercise 4. The numbers are those of the small net on paper, worked out here."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

_VALUE, _GRADIENT, _INK = "#00684d", "#b3401f", "#333333"  # they differ in place as well
_X, _Y = np.array([1, 2]), np.array([3])
_W1, _B1 = np.array([[1, 2], [3, -1]]), np.array([-2, 1])
_W2, _B2 = np.array([[2, -1]]), np.array([1])
_INPUTS, _HIDDEN, _OUTPUT, _LOSS = ((0.8, 2.7), (0.8, 1.1)), ((3.4, 2.7), (3.4, 1.1)), (5.7, 1.9), (7.3, 1.9)


def net(figure: Figure) -> None:
    """The first sample through two layers; one weight has a name; how steep L is, known at the end only."""
    figure.set_figheight(3.9)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 8), ylim=(0, 3.9))
    axes.axis("off")
    hidden = _W1 @ _X + _B1
    [y_pred] = _W2 @ hidden + _B2
    _wires(axes)
    for at, place in enumerate(_INPUTS):
        _node(axes, place, f"input {at + 1}", f"{_X[at]}", "")
    for at, place in enumerate(_HIDDEN):
        _node(axes, place, f"output {at + 1}, b = {_signed(_B1[at])}", f"{hidden[at]}", "?", is_right=True)
    _node(axes, _OUTPUT, f"prediction, b = {_signed(_B2[0])}", f"{y_pred}", f"{y_pred - _Y[0]}")
    _node(axes, _LOSS, f"$L$, truth {_Y[0]}", f"{(y_pred - _Y[0]) ** 2 / 2:g}", "")
    axes.text(0.15, 3.75, "values, forwards →", color=_VALUE, va="top")
    axes.text(0.15, 0.15, "δ ← backwards: the derivative of L by each output", color=_GRADIENT, va="bottom")


def _wires(axes: Axes) -> None:
    for k, end in enumerate(_HIDDEN):
        for j, start in enumerate(_INPUTS):
            is_named = (k, j) == (1, 0)
            _wire(axes, start, end, f"w = {_W1[k, j]}" if is_named else _signed(_W1[k, j]), is_named=is_named)
        _wire(axes, end, _OUTPUT, _signed(_W2[0, k]))
    _wire(axes, _OUTPUT, _LOSS, "")


def _signed(value: int) -> str:
    return f"{value}".replace("-", "−")


def _wire(
    axes: Axes, start: tuple[float, float], end: tuple[float, float], weight: str, *, is_named: bool = False
) -> None:
    style = {"arrowstyle": "-|>", "color": _VALUE if is_named else "0.6", "linewidth": 3.2 if is_named else 1.2}
    axes.annotate("", end, start, arrowprops={**style, "shrinkA": 26, "shrinkB": 26})
    part = 0.3  # nearer to where it starts, where no other wire crosses
    x, y = (one + part * (other - one) for one, other in zip(start, end, strict=True))
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    weight_style = {"fontweight": "bold", "color": _VALUE} if is_named else {"color": _INK}
    axes.text(x, y, weight, ha="center", va="center", bbox=box, **weight_style)


def _node(
    axes: Axes, place: tuple[float, float], name: str, value: str, derivative: str, *, is_right: bool = False
) -> None:
    """A value in a circle, its derivative below, its name above: to the right, where an arrow comes from the left."""
    x, y = place
    box = {"boxstyle": "circle,pad=0.5", "facecolor": "white", "edgecolor": _INK}
    axes.text(x, y, value, ha="center", va="center", fontsize=14, color=_VALUE, bbox=box)
    at, side = (x - 0.12, "left") if is_right else (x, "center")
    axes.text(at, y + (0.5 if is_right else 0.4), name, ha=side, va="bottom", fontsize=11, color=_INK)
    axes.text(x, y - 0.38, derivative, ha="center", va="top", fontsize=12, color=_GRADIENT)
