"""The drawing of exercise 8."""

from matplotlib.figure import Figure

_PLACES = {"x": (0, 2), "y": (0, 0.9), "s": (2.4, 1.45), "z": (2.4, 0), "L": (4.8, 0.75)}
_TEXTS = {"x": "x = 2", "y": "y = 1", "z": "z = −1", "s": "s = x + y\n= 3", "L": "L = s · z\n= −3"}
# By arrow: the gradient that goes back along it.
_ARROWS = {("x", "s"): "−1", ("y", "s"): "?", ("s", "L"): "−1", ("z", "L"): "3"}


def graph(figure: Figure) -> None:
    """(x + y) · z: values go up along the black arrows, gradients come back along the orange ones."""
    axes = figure.add_axes((0, 0, 1, 1))
    for (low, high), gradient in _ARROWS.items():
        start, end = _PLACES[low], _PLACES[high]
        for shift, ends, colour in ((0.1, (start, end), "black"), (-0.1, (end, start), "darkorange")):
            (x0, y0), (x1, y1) = ((x, y + shift) for x, y in ends)
            style = {"arrowstyle": "->", "color": colour, "shrinkA": 52, "shrinkB": 52, "lw": 1.5}
            axes.annotate("", (x1, y1), (x0, y0), arrowprops=style)
        middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2 - 0.33
        axes.text(*middle, gradient, color="darkorange", ha="center", va="center")
    for name, (x, y) in _PLACES.items():
        box = {"boxstyle": "round,pad=0.5", "facecolor": "lightyellow" if name in "xyz" else "white"}
        axes.text(x, y, _TEXTS[name], ha="center", va="center", bbox=box)
    axes.text(4.8, 0.05, "begins with 1", color="darkorange", ha="center")
    axes.set(xlim=(-0.7, 5.6), ylim=(-0.45, 2.45))
    axes.axis("off")
