"""The way down: the parameters of a training, step by step, over the contours of the loss."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from matplotlib.axes import Axes
from torch import Tensor

from autograder.report.plots.drawn_submission import Training
from autograder.report.plots.panels import BLACK, EXPECTED, GREY, MARK, YOURS, Numbers, dress, empty

GRID = 100  # points a side at which the loss is taken for its contours
FAR = 1e100  # beyond it numbers could overflow on their way to the picture
WIDE, NARROW = 0.35, 0.12  # margins around a way, as shares of its size
SCALE = "scale of "  # and the title of its panel is the label of a scale's axes

Point = tuple[float, float]


@dataclass(frozen=True)
class Stretch:
    """A scale that is plain up to `near` around its `centre`, and farther away the logarithm of the distance."""

    centre: float
    near: float
    ticks: tuple[float, ...]

    def apply(self, axes: Axes) -> None:
        """Make it the scale of a panel's first axis."""
        axes.set_xscale("function", functions=(self.there, self.back))
        axes.set_xticks(self.ticks, [f"{tick:g}" for tick in self.ticks])

    def there(self, values: Any) -> Any:
        """Return where on the axis these values stand."""
        return np.arcsinh((np.asarray(values) - self.centre) / self.near)

    def back(self, places: Any) -> Any:
        """Return the values that stand at these places."""
        return self.centre + self.near * np.sinh(places)


def way_panel(
    axes: Axes,
    title: str,
    training: Training,
    plane: tuple[str, str],
    loss: Callable[[dict[str, Tensor]], Tensor],
    *,
    words: tuple[str, str, str],
    lowest: Point | None = None,
    stretch: Stretch | None = None,
) -> None:
    """Draw both ways down, in the plane of two parameters, over the contours of the loss.

    The expected way chooses the part that is shown. `words` name a step and both axes, `lowest` is where the loss is
    least. `stretch`: the scale of the first parameter, where a plain one would leave most of the panel empty.
    """
    step, across, up = words
    (first, second), end = plane, training.yours.end
    yours, expected = (
        [(float(state[0][first]), float(state[0][second])) for state in course.path]
        for course in (training.yours, training.expected)
    )
    if len(yours) < 2:
        empty(axes, title, end)
        return
    limits = _both_limits([*expected, *([] if lowest is None else [lowest])], stretch)
    _contours(axes, title, plane, loss, [_spread(*limits[0], stretch), _spread(*limits[1], None)])
    if stretch is not None:
        stretch.apply(axes)
    axes.plot(*np.array(expected).T, label="expected", **(EXPECTED | {"alpha": 1}))  # grey on grey otherwise, in print
    way, leaves = _way_inside(yours, limits)
    axes.plot(*way.T, label="yours", markevery=max(1, len(way) // 20), **YOURS)
    axes.plot(*expected[0], color=BLACK, marker="s", markersize=7, linestyle="none", label="start")
    if lowest is not None:
        axes.plot(*lowest, color=BLACK, marker="*", markersize=11, linestyle="none", label="lowest loss")
    if leaves:
        axes.plot(*way[-1], label=f"leaves in {step} {len(way) - 1}", **MARK)
    axes.set(xlim=limits[0], ylim=limits[1], xlabel=across, ylabel=up)
    notes = [end] if end is not None and not leaves else []
    dress(axes, title, notes, columns=3 if leaves else 4, told=_told(yours, expected, lowest))


def _both_limits(points: Sequence[Point], stretch: Stretch | None) -> list[Point]:
    margin = WIDE if stretch is None else NARROW
    return [_limits([point[at] for point in points], scale, margin) for at, scale in enumerate((stretch, None))]


def _told(yours: list[Point], expected: list[Point], lowest: Point | None) -> str:
    told = f"Yours goes from {_point(yours[0])} to {_point(yours[-1])}, expected is {_point(expected[-1])}."
    return f"{told} The loss is least at {_point(lowest)}." if lowest else told


def _point(point: Point) -> str:
    return f"({point[0]:.4g}, {point[1]:.4g})".replace("-", "−")


def _limits(values: Sequence[float], scale: Stretch | None, margin: float) -> Point:
    """Return limits with a margin around these values, a share of what they span on the axis."""
    if scale is not None:
        low, high = _limits([float(place) for place in scale.there(values)], None, margin)
        return float(scale.back(low)), float(scale.back(high))
    low, high = min(values), max(values)
    return low - margin * (high - low), high + margin * (high - low)


def _spread(low: float, high: float, scale: Stretch | None) -> Numbers:
    """Return values of which each is as far from the next on the axis."""
    if scale is None:
        return np.linspace(low, high, GRID)
    values: Numbers = scale.back(np.linspace(scale.there(low), scale.there(high), GRID))
    return values


def _contours(
    axes: Axes, title: str, plane: tuple[str, str], loss: Callable[[dict[str, Tensor]], Tensor], spread: list[Numbers]
) -> None:
    """Shade the loss, on a log scale of at most six powers of ten."""
    across, up = np.meshgrid(*spread)
    points = {name: torch.from_numpy(values.ravel()) for name, values in zip(plane, (across, up), strict=True)}
    heights = np.log10(np.maximum(loss(points).numpy().reshape(across.shape), 1e-12))
    top = float(np.ceil(heights.max()))
    bottom = max(float(np.floor(heights.min())), top - 6)
    levels = np.linspace(bottom, top, int(top - bottom) * 2 + 1)
    pale = [str(round(0.99 - 0.12 * index / len(levels), 3)) for index in range(len(levels))]  # so that lines are seen
    shades = axes.contourf(across, up, heights, levels=levels, colors=pale, extend="min")
    axes.contour(across, up, heights, levels=levels, colors=GREY, linewidths=0.5, linestyles="-")
    bar = axes.figure.colorbar(shades, ax=axes, ticks=levels[::2], fraction=0.05, pad=0.02)
    bar.set_ticklabels([f"$10^{{{level:.0f}}}$" for level in levels[::2]])
    bar.set_label("loss")
    bar.ax.set_label(SCALE + title)


def _way_inside(way: Sequence[Point], limits: list[Point]) -> tuple[Numbers, bool]:
    """Return a way up to where it leaves the panel for good, there on the edge, and whether it does."""
    low, high = np.array(limits).T
    points = np.clip(np.array(way, dtype=np.float64), -FAR, FAR)
    inside = np.flatnonzero(((points >= low) & (points <= high)).all(axis=1))
    last = int(inside[-1])  # the start is inside
    far = 10 * (high - low)
    drawn = np.clip(points[: last + 1], low - far, high + far)
    if last + 1 == len(points):
        return drawn, False
    here, there = points[last], points[last + 1]
    edge = np.clip(there, low, high)
    share = min((edge[i] - here[i]) / (there - here)[i] for i in (0, 1) if edge[i] != there[i])
    return np.vstack([drawn, here + share * (there - here)]), True
