"""The drawings of exercise 3."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

_MEANT, _STRAY, _INK = "#00684d", "#b3401f", "#333333"  # what is meant has a bold frame as well
_Y = (1, 2, 3)  # predictions and truths alike: all are right


def shapes(figure: Figure) -> None:
    """(3, 1) minus (3,) is (3, 3): a column of predictions against a row of truths."""
    figure.set_figheight(3.5)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 8), ylim=(0, 3.5))
    axes.axis("off")
    axes.text(0.8, 2.8, "ŷ, shape (3, 1)", ha="center", va="center", color=_INK)
    axes.text(3.35, 3.2, "y, shape (3,)", ha="center", va="center", color=_INK)
    axes.text(1.55, 1.42, "−", ha="center", va="center", fontsize=22, color=_INK)
    for row, y_pred in enumerate(_Y):
        _cell(axes, 0.8, row, f"{y_pred}", _INK)
        axes.text(2.3 + 1.05 * row, 2.8, f"{_Y[row]}", ha="center", va="center", color=_INK)
        for column, y in enumerate(_Y):
            color = _MEANT if row == column else _STRAY
            _cell(axes, 2.3 + 1.05 * column, row, f"{y_pred} − {y} = {y_pred - y}".replace("-", "−"), color)
    _tell(axes)


def _tell(axes: Axes) -> None:
    squares = [(y_pred - y) ** 2 for y_pred in _Y for y in _Y]
    for height, color, text in (
        (2.3, _MEANT, f"{len(_Y)} residuals are meant"),
        (2.0, _MEANT, "(bold frames): all 0"),
        (1.3, _STRAY, f"{len(squares)} come out, shape (3, 3):"),
        (1.0, _STRAY, "the mean of their squares"),
        (0.7, _STRAY, f"is {sum(squares)}/{len(squares)}, and not 0"),
    ):
        axes.text(5.3, height, text, va="center", color=color)


def _cell(axes: Axes, x: float, row: int, text: str, color: str) -> None:
    y = 2.22 - 0.8 * row
    width = 2.6 if color == _MEANT else 0.9
    axes.add_patch(Rectangle((x - 0.48, y - 0.33), 0.96, 0.66, fill=False, edgecolor=color, linewidth=width))
    axes.text(x, y, text, ha="center", va="center", color=color, fontsize=11)
