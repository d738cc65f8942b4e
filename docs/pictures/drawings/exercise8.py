"""The drawings of exercise 8: the graph of (x + y) · z."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

_PLACES = {"x": (0, 2), "y": (0, 0.9), "s": (2.4, 1.45), "z": (2.4, 0), "L": (4.8, 0.75)}
_NAMES = {"x": "x", "y": "y", "z": "z", "s": "s: add", "L": "L: mul"}
_VALUES = {"x": "x = 2", "y": "y = 1", "z": "z = −1", "s": "s = x + y\n= 3", "L": "L = s · z\n= −3"}
# By arrow: the share that goes back along it.
_ARROWS = {("x", "s"): "−1", ("y", "s"): "?", ("s", "L"): "−1", ("z", "L"): "3"}


def graph(figure: Figure) -> None:
    """Which name is made of which."""
    axes = _with_nodes(figure, _NAMES)
    for low, high in _ARROWS:
        _arrow(axes, low, high, 0, "black")


def shares(figure: Figure) -> None:
    """Values go up along the black arrows, shares come back along the orange ones."""
    axes = _with_nodes(figure, _VALUES)
    for (low, high), share in _ARROWS.items():
        _arrow(axes, low, high, 0.1, "black")
        _arrow(axes, high, low, -0.1, "darkorange")
        (x0, y0), (x1, y1) = _PLACES[low], _PLACES[high]
        axes.text((x0 + x1) / 2, (y0 + y1) / 2 - 0.33, share, color="darkorange", ha="center", va="center")
    axes.text(4.8, 0.05, "begins with 1", color="darkorange", ha="center")


def _with_nodes(figure: Figure, texts: dict[str, str]) -> Axes:
    axes = figure.add_axes((0, 0, 1, 1))
    for name, (x, y) in _PLACES.items():
        box = {"boxstyle": "round,pad=0.5", "facecolor": "lightyellow" if name in "xyz" else "white"}
        axes.text(x, y, texts[name], ha="center", va="center", bbox=box)
    axes.set(xlim=(-0.7, 5.6), ylim=(-0.45, 2.45))
    axes.axis("off")
    return axes


def _arrow(axes: Axes, start: str, end: str, shift: float, colour: str) -> None:
    (x0, y0), (x1, y1) = ((x, y + shift) for x, y in (_PLACES[start], _PLACES[end]))
    style = {"arrowstyle": "->", "color": colour, "shrinkA": 52, "shrinkB": 52, "lw": 1.5}
    axes.annotate("", (x1, y1), (x0, y0), arrowprops=style)
