"""The panels that pictures are made of. What a reader must tell apart differs in colour and in line, marker or hatch.

Nothing is written over the data: legend, notes and title stand above each panel, in that order from below.
"""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from matplotlib.axes import Axes
from matplotlib.font_manager import findfont, get_font
from torch import Tensor

from autograder.grading.comparing import DOUBLE_TOLERANCE
from autograder.report.plots.drawn_submission import Diverged, Gradients, Missing, State, Training

# M. Okabe and K. Ito, "Color Universal Design", 2008: colours that every eye tells apart.
BLACK, ORANGE, GREEN, BLUE, VERMILLION = "#000000", "#E69F00", "#009E73", "#0072B2", "#D55E00"
GREY = "#808080"
Style = dict[str, Any]
YOURS: Style = {"color": BLUE, "linewidth": 1.4, "marker": "o", "markersize": 4}
# Wide and pale, so that it can be seen under a line of yours that covers it.
EXPECTED: Style = {"color": ORANGE, "linewidth": 5, "alpha": 0.55, "solid_capstyle": "butt"}
AFTER: Style = {"color": BLUE, "linewidth": 1.6}
BEFORE: Style = {"color": GREEN, "linewidth": 1.6, "linestyle": "--"}
DATA: Style = {"color": GREY, "marker": "o", "markersize": 4, "linestyle": "none", "markerfacecolor": "none"}
BEST: Style = {"color": BLACK, "linewidth": 1.2, "linestyle": ":"}
AUTOGRAD_BAR: Style = {"color": ORANGE, "alpha": 0.55, "label": "autograd's"}
YOURS_BAR: Style = {"color": "white", "edgecolor": BLUE, "hatch": "////", "label": "yours"}
ERRORS: tuple[Style, Style] = (
    {"color": BLUE, "marker": "o", "markersize": 7, "linestyle": "none"},
    {"color": VERMILLION, "marker": "^", "markersize": 7, "linestyle": "none", "markerfacecolor": "none"},
)
MARK: Style = {"color": VERMILLION, "marker": "X", "markersize": 10, "linestyle": "none", "zorder": 5, "clip_on": False}

ONE_ROW = (11.0, 5.6)  # inches, for a figure of one row of panels
NOTE_COLUMNS, NOTE_LINES = 72, 4  # of characters above a panel
LEGEND_COLUMNS = 3
LEGEND_SIZE, NOTE_SIZE, TITLE_SIZE = 8.5, 9, 10.5  # points
EXACT, WORST = 1e-17, 3e3  # where an error of nothing, and a boundless one, are drawn
LONGEST = 3.0  # bar, as a multiple of autograd's gradient
SUBSCRIPTS = str.maketrans("12", "₁₂")
GRID = 100  # points a side at which the loss is taken for its contours
LEAST, MOST = 1e-30, 1e150  # losses beyond are drawn there
FAR = 1e100  # beyond it numbers could overflow on their way to the picture
ABOVE = 1e4  # how far above the expected course a loss may be and still be in the panel

Numbers = npt.NDArray[np.float64]
Point = tuple[float, float]


@dataclass(frozen=True)
class FittedLine:
    """A line through the data: its name, how it is drawn, and its values, or why there are none."""

    label: str
    style: Style
    y: Tensor | Missing


def empty(axes: Axes, title: str, why: object) -> None:
    """Leave a panel empty, with a word why."""
    axes.set(xticks=[], yticks=[])
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
    entries = {label: handle for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    if entries:
        axes.legend(
            entries.values(), entries.keys(), loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2, borderpad=0.2,
            labelspacing=0.3, ncols=columns, columnspacing=1.5, handlelength=2.6, frameon=False, fontsize=LEGEND_SIZE,
        )  # fmt: skip
        height += 6 + 1.45 * LEGEND_SIZE * -(-len(entries) // columns)
    text = [line for note in dict.fromkeys(map(str, notes)) for line in textwrap.wrap(shown(note, 200), NOTE_COLUMNS)]
    if text:
        lines = text[:NOTE_LINES]
        axes.annotate(
            "\n".join(lines), (0, 1), xytext=(0, height), xycoords="axes fraction", textcoords="offset points",
            ha="left", va="bottom", fontsize=NOTE_SIZE, color=VERMILLION, parse_math=False, annotation_clip=False,
        )  # fmt: skip
        height += 4 + 1.3 * NOTE_SIZE * len(lines)
    axes.set_title(title, loc="left", fontsize=TITLE_SIZE, fontweight="bold", pad=height)


def shown(text: str, limit: int) -> str:
    """Return a text in one line of at most `limit` characters, with a ? for each that the font cannot show."""
    line = " ".join(text.split())
    line = line if len(line) <= limit else line[: limit - 1] + "…"
    return "".join(char if ord(char) in _glyphs() else "?" for char in line)


@cache
def _glyphs() -> frozenset[int]:
    return frozenset(get_font(findfont("DejaVu Sans")).get_charmap())


# The data and the lines through it


def fit_panel(axes: Axes, title: str, x: Tensor, y: Tensor, lines: Sequence[FittedLine]) -> None:
    """Draw samples and lines; the samples choose the part that is shown."""
    low, high = float(y.min()), float(y.max())
    bottom, top = low - 0.1 * (high - low), high + 0.1 * (high - low)
    axes.plot(x.numpy(), y.numpy(), label="data", **DATA)
    notes: list[object] = [line.y for line in lines if isinstance(line.y, Missing)]
    for line in lines:
        if isinstance(line.y, Missing):
            continue
        values = line.y.numpy()
        far = 1e3 * (top - bottom)
        axes.plot(x.numpy(), np.clip(values, bottom - far, top + far), label=line.label, **line.style)
        if values.min() > top or values.max() < bottom:
            notes.append(f"the line {line.label} lies outside of this panel")
    axes.set(ylim=(bottom, top), xlabel="x (a pure number)", ylabel="y (a pure number)")
    dress(axes, title, notes, columns=LEGEND_COLUMNS if len(lines) < LEGEND_COLUMNS else 2)


def before_and_after(training: Training, steps: str, predict: Callable[[State], Tensor | Missing]) -> list[FittedLine]:
    """Return the predictions at the start and at the end of a training, whose steps are called `steps`."""
    yours = training.yours
    if yours.losses and not isinstance(yours.end, Diverged):
        trained = predict(yours.path[-1])
    else:
        why = "it diverges" if isinstance(yours.end, Diverged) else yours.end
        trained = Missing(f"no prediction after training: {why}")
    before = FittedLine("before training", BEFORE, predict(yours.path[0]))
    return [before, FittedLine(f"after {len(yours.losses)} {steps}", AFTER, trained)]


# The loss


def loss_panel(
    axes: Axes, training: Training, *, words: tuple[str, str], floor: float | None = None, notes: Sequence[object] = ()
) -> None:
    """Draw the loss of each step beside the expected one.

    `words` name a step and the loss, `floor` is the loss that cannot be undercut.
    """
    step, name = words
    title = f"Loss of each {step}"
    yours, end, expected = training.yours.losses, training.yours.end, training.expected.losses
    if not yours and not isinstance(end, Diverged):
        empty(axes, title, end)
        return
    said = [] if end is None else [f"ends after {step} {len(yours)}: {end}" if yours else str(end)]
    if any(loss <= 0 for loss in yours):
        said.append("a loss of zero or less has no place on this scale")
    limit = min(max([*expected, *yours[:1], 1.0]), MOST) * ABOVE
    if expected:
        axes.plot(range(1, len(expected) + 1), expected, label="expected", **EXPECTED)
    if floor is not None:
        axes.axhline(floor, label="least-squares line", **BEST)
    diverges = _your_losses(axes, np.array(yours, dtype=np.float64), limit, step, ends=isinstance(end, Diverged))
    _loss_limits(axes, [*expected, *yours, *([limit] if diverges else [])], limit)
    axes.set(xlabel=step, ylabel=name, xlim=(0, max(len(expected), len(yours)) + 1))
    dress(axes, title, [*said, *notes])


def _your_losses(axes: Axes, losses: Numbers, limit: float, step: str, *, ends: bool) -> bool:
    """Draw losses as far as they stay below `limit`, and a mark where they do not, or end in what is not finite."""
    above = np.flatnonzero(losses >= limit)
    drawn = losses[: int(above[0]) + 1] if above.size else losses
    drawn = np.where(drawn > 0, np.minimum(drawn, limit), np.nan)
    if losses.size:
        axes.plot(range(1, len(drawn) + 1), drawn, label="yours", markevery=max(1, len(drawn) // 12), **YOURS)
    if not above.size and not ends:
        return False
    where = len(drawn) if above.size else len(drawn) + 1
    if losses.size:
        axes.plot([len(drawn), where], [drawn[-1], limit], color=VERMILLION, linestyle=":")
    axes.plot([where], [limit], label=f"diverges in {step} {where}", **MARK)
    return True


def _loss_limits(axes: Axes, losses: Sequence[float], limit: float) -> None:
    powers = [np.log10(min(max(loss, LEAST), limit)) for loss in losses if loss > 0] or [0.0]
    margin = 0.06 * (max(powers) - min(powers)) + 0.04
    axes.set_yscale("log")
    axes.set_ylim(10 ** (min(powers) - margin), 10 ** (max(powers) + margin))


# The way down


def way_panel(
    axes: Axes,
    title: str,
    training: Training,
    plane: tuple[str, str],
    loss: Callable[[dict[str, Tensor]], Tensor],
    *,
    words: tuple[str, str, str],
    lowest: Point | None = None,
) -> None:
    """Draw both ways down, in the plane of two parameters, over the contours of the loss at many points of the plane.

    The expected way chooses the part that is shown. `words` name a step and both axes, `lowest` is where the loss is
    least.
    """
    step, across, up = words
    first, second = plane
    yours, expected = (
        [(float(state[0][first]), float(state[0][second])) for state in course.path]
        for course in (training.yours, training.expected)
    )
    end = training.yours.end
    if len(yours) < 2:
        empty(axes, title, end)
        return
    shown_points = [*expected, *([] if lowest is None else [lowest])]
    limits = [_limits([point[index] for point in shown_points]) for index in (0, 1)]
    _contours(axes, plane, loss, limits)
    axes.plot(*np.array(expected).T, label="expected", **(EXPECTED | {"alpha": 1}))  # grey on grey otherwise, in print
    way, leaves = _way_inside(yours, limits)
    axes.plot(*way.T, label="yours", markevery=max(1, len(way) // 20), **YOURS)
    axes.plot(*expected[0], color=BLACK, marker="s", markersize=7, linestyle="none", label="start")
    if lowest is not None:
        axes.plot(*lowest, color=BLACK, marker="*", markersize=11, linestyle="none", label="lowest loss")
    if leaves:
        axes.plot(*way[-1], label=f"leaves in {step} {len(way) - 1}", **MARK)
    axes.set(xlim=limits[0], ylim=limits[1], xlabel=across, ylabel=up)
    dress(axes, title, [end] if end is not None and not leaves else [], columns=3 if leaves else 4)


def _limits(values: Sequence[float]) -> Point:
    low, high = min(values), max(values)
    margin = 0.35 * (high - low)
    return low - margin, high + margin


def _contours(
    axes: Axes, plane: tuple[str, str], loss: Callable[[dict[str, Tensor]], Tensor], limits: list[Point]
) -> None:
    """Shade the loss, on a log scale of at most six powers of ten."""
    across, up = np.meshgrid(*(np.linspace(*limit, GRID) for limit in limits))
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


# The gradients


def errors_panel(axes: Axes, series: Mapping[str, list[float] | Missing], names: Sequence[str], where: str) -> None:
    """Draw how far the gradients of these names are from autograd's, for at most two functions that give them.

    An error is the size of the difference as a multiple of the size of autograd's; `where` says where it is taken.
    """
    title = "Gradients: difference from autograd's, layer by layer"
    missing = [errors for errors in series.values() if isinstance(errors, Missing)]
    if len(missing) == len(series):
        empty(axes, title, "; ".join(dict.fromkeys(map(str, missing))))
        return
    axes.axhspan(EXACT / 10, DOUBLE_TOLERANCE, color=GREEN, alpha=0.15, linewidth=0, label="rounding only")
    for (name, errors), style, offset in zip(series.items(), ERRORS, (-0.08, 0.08), strict=False):
        if not isinstance(errors, Missing):
            axes.plot(np.arange(len(errors)) + offset, np.clip(errors, EXACT, WORST), label=name, **style)
    axes.set(yscale="log", ylim=(EXACT / 10, 1e4), xlim=(-0.5, len(names) - 0.5))
    axes.set(xticks=range(len(names)), xticklabels=[f"∂L/∂{name}" for name in names])
    powers = [-15, -12, -9, -6, -3, 0, 3]
    axes.set_yticks([EXACT, *(10.0**power for power in powers)], ["none", *(f"$10^{{{power}}}$" for power in powers)])
    axes.minorticks_off()
    axes.set(xlabel=where, ylabel="‖yours − autograd's‖ ÷ ‖autograd's‖")
    dress(axes, title, missing)


def slopes_panel(axes: Axes, gradients: Gradients, case: str) -> None:
    """Draw each gradient beside autograd's, as a multiple of the size of autograd's; `case` says where it is taken."""
    title = "Gradients beside autograd's"
    missing = [value for value, _ in gradients.values() if isinstance(value, Missing)]
    if len(missing) == len(gradients):
        empty(axes, title, "; ".join(dict.fromkeys(map(str, missing))))
        return
    ends = [0.0, 1.0]
    for index, (found, due) in enumerate(gradients.values()):
        right, size = float(due), float(due.abs())
        ends.append(_bar(axes, index - 0.2, right / size, f"{right:.7g}", AUTOGRAD_BAR))
        if isinstance(found, Missing):
            axes.text(0.03, index + 0.2, "missing", va="center", fontsize=LEGEND_SIZE, color=VERMILLION)
        else:
            text = f"{float(found):.7g}  ({apart(float(found), right)})"
            ends.append(_bar(axes, index + 0.2, float(found) / size, text, YOURS_BAR))
    low, high = min(ends), max(ends)
    axes.set_xlim(low - 0.05 * (high - low), high + 0.75 * (high - low))  # room for the numbers
    width = 0.5 if high - low < 2 else 1.0
    axes.set_xticks(np.arange(np.ceil(low / width), np.floor(high / width) + 1) * width)
    axes.set(yticks=range(len(gradients)), yticklabels=[f"∂L/∂{name.translate(SUBSCRIPTS)}" for name in gradients])
    axes.set(ylim=(len(gradients) - 0.4, -0.6), xlabel=f"gradient ÷ size of autograd's\n{case}")
    axes.axvline(0, color=BLACK, linewidth=0.8)
    dress(axes, title, missing)


def apart(found: float, right: float) -> str:
    """Say how far a number is from the right one."""
    if abs(found - right) <= DOUBLE_TOLERANCE * abs(right):
        return "the same"
    ratio = found / right
    if not 0.1 <= abs(ratio) < 10:
        return f"× {ratio:.2g}"
    share = 100 * (found - right) / abs(right)
    return f"{share:+.3g} %"


def _bar(axes: Axes, y: float, length: float, text: str, style: Style) -> float:
    """Draw a bar with its number beside it, cut where it is very long; return where it ends."""
    end = min(max(length, -LONGEST), LONGEST)
    axes.barh(y, end, 0.36, **style)
    cut = "… " if end != length else ""
    axes.text(max(end, 0) + 0.03 * LONGEST, y, cut + text.replace("-", "−"), va="center", fontsize=LEGEND_SIZE)
    return end
