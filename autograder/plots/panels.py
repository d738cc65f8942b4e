"""The panels that pictures are made of. What a reader must tell apart differs in colour and in line, marker or hatch.

Nothing is written over the data: legend, notes and title stand above each panel, in that order from below.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font
from torch import Tensor

from autograder.comparing import DOUBLE_TOLERANCE
from autograder.plots.student import Course, Diverged, Missing

# M. Okabe and K. Ito, "Color Universal Design", 2008: colours that every eye tells apart.
BLACK, ORANGE, GREEN, BLUE, VERMILLION = "#000000", "#E69F00", "#009E73", "#0072B2", "#D55E00"
GREY = "#808080"
YOURS = {"color": BLUE, "linewidth": 1.4, "marker": "o", "markersize": 4}
# Wide and pale, so that it can be seen under a line of yours that covers it.
EXPECTED = {"color": ORANGE, "linewidth": 5, "alpha": 0.55, "solid_capstyle": "butt"}
BEFORE = {"color": GREEN, "linewidth": 1.6, "linestyle": "--"}
DATA = {"color": GREY, "marker": "o", "markersize": 4, "linestyle": "none", "markerfacecolor": "none"}
MARK = {"color": VERMILLION, "marker": "X", "markersize": 10, "linestyle": "none", "zorder": 5, "clip_on": False}

NOTE_COLUMNS, NOTE_LINES = 72, 4  # of characters above a panel
LEGEND_COLUMNS = 2
LEGEND_SIZE, NOTE_SIZE, TITLE_SIZE = 8.5, 9, 10.5  # points
ABOVE = 1e4  # how far above the expected course a loss may be and still be in the panel

Numbers = npt.NDArray[np.float64]
Point = tuple[float, float]


@dataclass(frozen=True)
class Line:
    """A line through the data: its name, how it is drawn, and its values, or why there are none."""

    label: str
    style: dict[str, Any]
    y: Tensor | Missing


def quarters(figure: Figure) -> tuple[Axes, Axes, Axes, Axes]:
    """Return four panels, row by row."""
    first, second, third, fourth = figure.subplots(2, 2).flat
    return first, second, third, fourth


def empty(axes: Axes, title: str, why: object) -> None:
    """Leave a panel empty, with a word why."""
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set(visible=True, color=GREY, linestyle=":")
    text = textwrap.fill(shown(str(why), 300), 48)
    axes.text(
        0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", fontsize=11, color=VERMILLION,
        parse_math=False,
    )  # fmt: skip
    dress(axes, title)


def dress(axes: Axes, title: str, notes: Sequence[object] = (), columns: int = LEGEND_COLUMNS) -> None:
    """Put legend, notes and title above a panel. A note is a word about what is missing or odd."""
    height = 4.0
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        axes.legend(
            handles, labels, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2, borderpad=0.2,
            labelspacing=0.3, ncols=columns, columnspacing=1.5, handlelength=2.6, frameon=False, fontsize=LEGEND_SIZE,
        )  # fmt: skip
        height += 6 + 1.45 * LEGEND_SIZE * -(-len(handles) // columns)
    text = [line for note in dict.fromkeys(map(str, notes)) for line in textwrap.wrap(shown(note, 200), NOTE_COLUMNS)]
    if text:
        lines = text[:NOTE_LINES]
        axes.annotate(
            "\n".join(lines), (0, 1), xytext=(0, height), xycoords="axes fraction", textcoords="offset points",
            ha="left", va="bottom", fontsize=NOTE_SIZE, color=VERMILLION, parse_math=False, annotation_clip=False,
        )  # fmt: skip
        height += 4 + 1.3 * NOTE_SIZE * len(lines)
    axes.set_title(title, loc="left", fontsize=TITLE_SIZE, fontweight="bold", pad=height)


def shown(text: str, most: int) -> str:
    """Return a text in one line of at most so many characters, with a ? for each that the font cannot show."""
    line = " ".join(text.split())
    line = line if len(line) <= most else line[: most - 1] + "…"
    return "".join(char if ord(char) in _glyphs() else "?" for char in line)


@cache
def _glyphs() -> frozenset[int]:
    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())


# The data and the lines through it


def fit_panel(
    axes: Axes, title: str, x: Tensor, y: Tensor, lines: Sequence[Line], notes: Sequence[object] = ()
) -> None:
    """Draw samples and lines; the samples choose the part that is shown."""
    low, high = float(y.min()), float(y.max())
    bottom, top = low - 0.2 * (high - low), high + 0.2 * (high - low)
    axes.plot(x.numpy(), y.numpy(), label="data", **DATA)
    notes = [*notes, *(line.y for line in lines if isinstance(line.y, Missing))]
    for line in lines:
        if isinstance(line.y, Missing):
            continue
        values = line.y.numpy()
        axes.plot(x.numpy(), np.clip(values, bottom - 1e3 * top, 1e3 * top), label=line.label, **line.style)
        if values.min() > top or values.max() < bottom:
            notes.append(f"the line {line.label} lies outside of this panel")
    axes.set(ylim=(bottom, top), xlabel="x (a pure number)", ylabel="y (a pure number)")
    dress(axes, title, notes)


def after(course: Course[Any], predict: Callable[[Any], Tensor | Missing], steps: str) -> Tensor | Missing:
    """Return the prediction at the end of a training, or why there is none."""
    if not course.losses or isinstance(course.end, Diverged):
        return Missing(f"no line after training: {course.end}")
    return predict(course.path[-1])


# The loss


def loss_panel(
    axes: Axes,
    title: str,
    yours: Sequence[float],
    expected: Sequence[float],
    *,
    end: Missing | None,
    words: tuple[str, str],
) -> None:
    """Draw the loss of each step beside the expected one; `words` name a step and the loss, `end` why yours ends."""
    if not yours and not isinstance(end, Diverged):
        empty(axes, title, end)
        return
    step, name = words
    notes = [] if end is None else [f"ends after {step} {len(yours)}: {end}"]
    most = max(expected, default=max(yours, default=1.0)) * ABOVE
    losses = np.array(yours, dtype=np.float64)
    if (losses <= 0).any():
        notes.append("a loss of zero or less has no place on this scale")
    if expected:
        axes.plot(range(1, len(expected) + 1), expected, label="expected", **EXPECTED)
    drawn = np.where(losses > 0, np.minimum(losses, most * 10), np.nan)
    axes.plot(range(1, len(drawn) + 1), drawn, label="yours", markevery=max(1, len(drawn) // 12), **YOURS)
    if isinstance(end, Diverged) or (losses.size and losses[-1] >= most):
        where = int(np.argmax(losses >= most)) + 1 if (losses >= most).any() else len(losses) + 1
        axes.plot([where], [most], label=f"diverges: off the scale in {step} {where}", **MARK)
    axes.set_yscale("log")
    _loss_limits(axes, [*expected, *yours], most)
    axes.set(xlabel=step, ylabel=name, xlim=(0, max(len(expected), len(yours)) + 1))
    dress(axes, title, notes)


def _loss_limits(axes: Axes, losses: Sequence[float], most: float) -> None:
    within = [loss for loss in losses if 0 < loss < most] or [most]
    is_above = any(loss >= most for loss in losses)
    axes.set_ylim(min(within) / 2, most if is_above or within == [most] else max(within) * 2)


# The way down


def way_panel(
    axes: Axes,
    title: str,
    loss: Callable[[Numbers, Numbers], Numbers],
    yours: Sequence[Point],
    expected: Sequence[Point],
    *,
    end: Missing | None,
    labels: tuple[str, str],
) -> None:
    """Draw two ways down over the contours of a loss; the expected one chooses the part that is shown."""
    if len(yours) < 2:
        empty(axes, title, end)
        return
    limits = [_limits([point[at] for point in expected]) for at in (0, 1)]
    _contours(axes, loss, limits)
    axes.plot(*np.array(expected).T, label="expected", **EXPECTED)
    way, inside = _cut(yours, limits)
    axes.plot(*way.T, label="yours", **YOURS)
    axes.plot(*expected[0], color=BLACK, marker="s", markersize=7, linestyle="none", label="start")
    axes.plot(*expected[-1], color=BLACK, marker="*", markersize=11, linestyle="none", label="expected end")
    notes = [] if end is None else [end]
    if inside < len(yours):
        notes = [Missing(f"yours leaves this panel in step {inside}"), *notes]
    axes.set(xlim=limits[0], ylim=limits[1], xlabel=labels[0], ylabel=labels[1])
    dress(axes, title, notes, columns=4)


def _limits(values: Sequence[float]) -> Point:
    low, high = min(values), max(values)
    margin = 0.2 * (high - low)
    return low - margin, high + margin


def _contours(axes: Axes, loss: Callable[[Numbers, Numbers], Numbers], limits: list[Point]) -> None:
    across, up = np.meshgrid(*(np.linspace(*limit, 160) for limit in limits))
    heights = np.log10(np.maximum(loss(across, up), 1e-12))
    levels = np.linspace(max(heights.min(), heights.max() - 5), heights.max(), 14)
    lines = axes.contour(across, up, heights, levels=levels, colors=GREY, linewidths=0.7, linestyles="-")
    axes.clabel(lines, lines.levels[::2], fontsize=8, fmt=lambda value: f"{10**value:.1g}")


def _cut(way: Sequence[Point], limits: list[Point]) -> tuple[Numbers, int]:
    """Return a way up to its first point far outside, and how many of its points are inside before it leaves."""
    points = np.array(way, dtype=np.float64)
    low, high = np.array(limits).T
    outside = np.flatnonzero(((points < low) | (points > high)).any(axis=1))
    inside = int(outside[0]) if outside.size else len(points)
    far = 10 * (high - low)
    return np.clip(points, low - far, high + far), inside


# The gradients


def slopes_panel(
    axes: Axes, title: str, yours: dict[str, float | Missing], autograd: dict[str, float], notes: Sequence[object] = ()
) -> None:
    """Draw each gradient beside autograd's, as a multiple of the size of autograd's."""
    missing = [value for value in yours.values() if isinstance(value, Missing)]
    if len(missing) == len(autograd):
        empty(axes, title, "; ".join(dict.fromkeys(map(str, missing))))
        return
    for at, (name, right) in enumerate(autograd.items()):
        found = yours[name]
        _bar(
            axes, at - 0.2, right / abs(right), f"{right:.7g}", {"color": ORANGE, "alpha": 0.55, "label": "autograd's"}
        )
        style = {"color": "white", "edgecolor": BLUE, "hatch": "////", "label": "yours"}
        if isinstance(found, Missing):
            axes.text(0.03, at + 0.2, "missing", va="center", fontsize=LEGEND_SIZE, color=VERMILLION)
        else:
            _bar(axes, at + 0.2, found / abs(right), f"{found:.7g}  ({apart(found, right)})", style)
    ratios = [value / abs(autograd[name]) for name, value in yours.items() if not isinstance(value, Missing)]
    low, high = (float(np.clip(limit(ratios), -2, 3)) for limit in (min, max))
    low, high = min(low, 0.0, *(np.sign(list(autograd.values())))), max(high, 1.0)
    axes.set_xlim(low - 0.05 * (high - low), high + 0.75 * (high - low))  # room for the numbers
    axes.set(yticks=range(len(autograd)), yticklabels=list(autograd), ylim=(len(autograd) - 0.4, -0.6))
    axes.set_xlabel("gradient ÷ size of autograd's")
    axes.axvline(0, color=BLACK, linewidth=0.8)
    _once(axes)
    dress(axes, title, [*notes, *missing])
