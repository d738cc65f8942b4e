"""The panels that pictures are made of. What a reader must tell apart differs in colour and in line, marker or hatch.

Nothing is written over the data: legend, notes and title stand above each panel, in that order from below.
"""

import math
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.font_manager import findfont, get_font
from matplotlib.legend import Legend
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox
from torch import Tensor

from autograder.grading.comparing import DOUBLE_TOLERANCE
from autograder.grading.formatting import fraction
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

ONE_ROW = 5.6  # inches, the height of a figure of one row of panels
NOTE_COLUMNS, NOTE_LINES = 72, 4  # of characters above a panel
LEGEND_COLUMNS = 3
LEGEND_SIZE, NOTE_SIZE, TITLE_SIZE, NUMBER_SIZE = 8.5, 9, 10.5, 8  # points
EXACT, WORST = 1e-17, 3e3  # where an error of nothing, and a boundless one, are drawn
LONGEST = 3.0  # bar, as a multiple of autograd's gradient
SUBSCRIPTS = str.maketrans("12", "₁₂")
CLOSE = 1e-6  # relative: a ratio that is one that is known
ALIKE = 1e-3  # relative: float32 adds up to less in a training
LEAST, MOST = 1e-30, 1e150  # losses beyond are drawn there
ABOVE = 1e4  # how far above the expected course a loss may be and still be in the panel

Numbers = npt.NDArray[np.float64]


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
    dress(axes, title, told=shown(str(why), 300))


def dress(
    axes: Axes, title: str, notes: Sequence[object] = (), columns: int = LEGEND_COLUMNS, *, told: str = ""
) -> None:
    """Put legend, notes and title above a panel. A note is a word about what is missing or odd.

    `told` says what is drawn, for those who cannot see it; with title and notes it becomes the panel's label.
    """
    axes.set_label(" ".join(f"{shown(str(each), 1000).rstrip('.')}." for each in (title, told, *notes) if str(each)))
    height = 4.0
    entries = {label: handle for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)}
    if entries:
        legend = axes.legend(
            entries.values(), entries.keys(), loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2, borderpad=0.2,
            labelspacing=0.3, ncols=columns, columnspacing=1.5, handlelength=2.6, frameon=False, fontsize=LEGEND_SIZE,
        )  # fmt: skip
        legend.set_in_layout(False)  # the title's distance keeps its place free, and it may be wider than the panel
        height += 6 + 1.45 * LEGEND_SIZE * -(-len(entries) // columns)
    text = [line for note in dict.fromkeys(map(str, notes)) for line in textwrap.wrap(shown(note, 200), NOTE_COLUMNS)]
    if text:
        lines = text[:NOTE_LINES]
        note = axes.annotate(
            "\n".join(lines), (0, 1), xytext=(0, height), xycoords="axes fraction", textcoords="offset points",
            ha="left", va="bottom", fontsize=NOTE_SIZE, color=VERMILLION, parse_math=False, annotation_clip=False,
        )  # fmt: skip
        note.set_in_layout(False)
        height += 4 + 1.3 * NOTE_SIZE * len(lines)
    axes.set_title(title, loc="left", fontsize=TITLE_SIZE, fontweight="bold", pad=height)


def extent(axes: Axes) -> Bbox:
    """Return the box of a panel with all that belongs to it."""
    above = [each for each in axes.get_children() if isinstance(each, Legend | Annotation)]
    boxes = [axes.get_tightbbox(), *(each.get_tightbbox() for each in above)]
    # An arrow whose ends are too near each other is not drawn, and has a box of infinite sides.
    return Bbox.union([box for box in boxes if box and all(map(math.isfinite, box.extents))])


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
    told = [f"{len(x)} samples"]
    for line in lines:
        if isinstance(line.y, Missing):
            continue
        values = line.y.numpy()
        far = 1e3 * (top - bottom)
        axes.plot(x.numpy(), np.clip(values, bottom - far, top + far), label=line.label, **line.style)
        told.append(f"{line.label}: from {signed(values[0])} at x = {x[0]:g} to {signed(values[-1])} at x = {x[-1]:g}")
        if values.min() > top or values.max() < bottom:
            notes.append(f"the line {line.label} lies outside of this panel")
    axes.set(ylim=(bottom, top), xlabel="x (a pure number)", ylabel="y (a pure number)")
    columns = LEGEND_COLUMNS if len(lines) < LEGEND_COLUMNS else 2
    dress(axes, title, notes, columns=columns, told="; ".join(told))


def signed(number: float, digits: int = 4) -> str:
    """Return a number with a minus sign that is one."""
    return f"{number:.{digits}g}".replace("-", "−")


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
    if _learns_wrongly(training):
        said.append("it learns, and is wrong: the loss falls, but not as it should")
    limit = min(max([*expected, *yours[:1], 1.0]), MOST) * ABOVE
    if expected:
        axes.plot(range(1, len(expected) + 1), expected, label="expected", **EXPECTED)
    if floor is not None:
        axes.axhline(floor, label="least-squares line", **BEST)
    diverges = _your_losses(axes, np.array(yours, dtype=np.float64), limit, step, ends=isinstance(end, Diverged))
    _loss_limits(axes, [*expected, *yours, *([limit] if diverges else [])], limit)
    axes.set(xlabel=step, ylabel=name, xlim=(0, max(len(expected), len(yours)) + 1))
    told = f"yours: {_course(yours, step)}; expected: {_course(expected, step)}"
    dress(axes, title, [*said, *notes], told=told)


def _learns_wrongly(training: Training) -> bool:
    """Whether the loss falls in all the steps, but is not what is expected."""
    yours, expected = training.yours.losses, training.expected.losses
    if training.yours.end is not None or len(yours) != len(expected) or len(yours) < 2 or not yours[-1] < yours[0]:
        return False
    return any(abs(mine - due) > ALIKE * max(abs(due), LEAST) for mine, due in zip(yours, expected, strict=True))


def _course(losses: Sequence[float], step: str) -> str:
    if not losses:
        return "nothing"
    return f"{signed(losses[0])} in {step} 1, {signed(losses[-1])} in {step} {len(losses)}"


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


# The gradients


def errors_panel(axes: Axes, series: Mapping[str, list[float] | Missing], names: Sequence[str], where: str) -> None:
    """Draw how far the gradients of these names are from autograd's, for at most two functions that give them.

    An error is the size of the difference as a multiple of the size of autograd's; `where` says where it is taken.
    """
    title = "Gradients: how far from autograd's"
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
    told = [
        f"{series_name}: {', '.join(f'∂L/∂{name} {error:.1e}' for name, error in zip(names, errors, strict=False))}"
        for series_name, errors in series.items()
        if not isinstance(errors, Missing)
    ]
    dress(axes, title, missing, told="; ".join(told))


def slopes_panel(axes: Axes, gradients: Gradients, case: str, known: Mapping[str, float] | None = None) -> None:
    """Draw each gradient beside autograd's, as a multiple of the size of autograd's; `case` says where it is taken.

    `known` are numbers of the case by which one that is wrong may be told: 1/20 is 1/a₂ where a₂ is 20.
    """
    title = "Gradients beside autograd's"
    missing = [value for value, _ in gradients.values() if isinstance(value, Missing)]
    if len(missing) == len(gradients):
        empty(axes, title, "; ".join(dict.fromkeys(map(str, missing))))
        return
    ends, told = [0.0, 1.0], list[str]()
    for index, (name, (found, due)) in enumerate(gradients.items()):
        right, size = float(due), float(due.abs())
        ends.append(_bar(axes, index - 0.2, right / size, f"{right:.7g}", AUTOGRAD_BAR))
        if isinstance(found, Missing):
            axes.text(0.03, index + 0.2, "missing", va="center", fontsize=LEGEND_SIZE, color=VERMILLION)
        else:
            text = f"{float(found):.7g}  ({apart(float(found), right, known or {})})"
            told.append(f"∂L/∂{name.translate(SUBSCRIPTS)}: yours {text}, autograd's {right:.7g}")
            ends.append(_bar(axes, index + 0.2, float(found) / size, text, YOURS_BAR))
    low, high = min(ends), max(ends)
    axes.set_xlim(low - 0.05 * (high - low), high + 0.75 * (high - low))  # room for the numbers
    width = 0.5 if high - low < 2 else 1.0
    axes.set_xticks(np.arange(np.ceil(low / width), np.floor(high / width) + 1) * width)
    axes.set(yticks=range(len(gradients)), yticklabels=[f"∂L/∂{name.translate(SUBSCRIPTS)}" for name in gradients])
    axes.set(ylim=(len(gradients) - 0.4, -0.6), xlabel=f"gradient ÷ size of autograd's\n{case}")
    axes.axvline(0, color=BLACK, linewidth=0.8)
    dress(axes, title, missing, told="; ".join(told))


def apart(found: float, right: float, known: Mapping[str, float]) -> str:
    """Say how far a number is from the right one: as a multiple of it, a fraction where it is one, by name if known."""
    if abs(found - right) <= DOUBLE_TOLERANCE * abs(right):
        return "the same"
    ratio = found / right
    names = {text: value for name, number in known.items() for text, value in _multiples(name, number)}
    named = next((f" = {text}" for text, value in names.items() if abs(ratio / value - 1) < CLOSE), "")
    return f"× {fraction(ratio) or f'{ratio:.3g}'}{named}".replace("-", "−")


def _multiples(name: str, number: float) -> Iterator[tuple[str, float]]:
    yield from ((f"1/{name}", 1 / number), (name, number), (f"2/{name}", 2 / number))


def _bar(axes: Axes, y: float, length: float, text: str, style: Style) -> float:
    """Draw a bar with its number beside it, cut where it is very long; return where it ends."""
    end = min(max(length, -LONGEST), LONGEST)
    axes.barh(y, end, 0.36, **style)
    cut = "… " if end != length else ""
    axes.text(max(end, 0) + 0.03 * LONGEST, y, cut + text.replace("-", "−"), va="center", fontsize=LEGEND_SIZE)
    return end


def matrices_panel(axes: Axes, title: str, matrices: Mapping[str, Tensor], where: str) -> None:
    """Draw matrices of one shape under one another, the last one right: each entry with its number and its colour.

    A frame stands around each entry that is not as in the last one.
    """
    *_, due = matrices.values()
    rows, width = due.shape
    largest = float(due.abs().max()) or 1.0
    told = []
    for place, (name, matrix) in enumerate(matrices.items()):
        top = place * (rows + 1.2)
        shades = np.clip(matrix.numpy() / largest, -1, 1)
        axes.imshow(shades, cmap="PuOr", vmin=-1.6, vmax=1.6, extent=(0, width, top + rows, top), aspect="auto")
        axes.text(0, top - 0.15, name, ha="left", va="bottom", fontsize=LEGEND_SIZE)
        for (row, column), number in np.ndenumerate(matrix.numpy()):
            is_right = abs(number - float(due[row, column])) <= CLOSE * largest
            middle = (column + 0.5, top + row + 0.5)
            axes.text(*middle, signed(number, 3), ha="center", va="center", fontsize=NUMBER_SIZE)
            if not is_right:
                axes.add_patch(Rectangle((column, top + row), 1, 1, fill=False, edgecolor=VERMILLION, linewidth=1.5))
        told.append(f"{name}: {'; '.join(' '.join(signed(float(number), 3) for number in row) for row in matrix)}")
    wrong = int(((next(iter(matrices.values())) - due).abs() > CLOSE * largest).sum())
    axes.set(xlim=(0, width), ylim=(len(matrices) * (rows + 1.2) - 1, -0.8), xticks=[], yticks=[], xlabel=where)
    for spine in axes.spines.values():
        spine.set_visible(False)
    dress(axes, title, [f"{wrong} of {due.numel()} entries are wrong (framed)"] if wrong else [], told=". ".join(told))
