"""How many students have how many points, as SVG for a page of HTML: in the page's own colours and letters."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

SIZE = (10.0, 2.7)  # inches
MOST_LABELS = 32  # under bars
# What stands in the drawing for what the page's style says, in both of its themes.
INK, BAR, MARK = "#010101", "#020202", "#030303"
COLOURS = {INK: "currentColor", BAR: "var(--right-bar)", MARK: "var(--ask)"}
STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # which matplotlib brings along; the page's own letters take its place
    "font.size": 9.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "text.color": INK,
    "svg.fonttype": "none",
    "svg.hashsalt": "backprop-exercises",
}


def svg(labels: Sequence[str], counts: Sequence[int], mean: float, words: tuple[str, str]) -> str:
    """Return a bar for each label as high as its count, with a line at `mean`, in bars from the first one's middle.

    `words` are said under the axis and at the line. The same bytes for the same numbers.
    """
    import matplotlib  # late, as it takes its time
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    buffer = io.StringIO()
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(STYLE)
        figure = Figure(figsize=SIZE, layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.subplots()
        axes.bar(range(len(counts)), counts, width=0.82, color=BAR, linewidth=0)
        step = -(-len(labels) // MOST_LABELS)
        axes.set_xticks(range(0, len(labels), step), labels[::step])
        axes.tick_params(axis="x", length=0)
        axes.set(xlim=(-0.6, len(labels) - 0.4), ylim=(0, max([1, *counts]) * 1.12), xlabel=words[0], ylabel="students")
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.axvline(mean, color=MARK, linewidth=1.4, linestyle=(0, (4, 3)))
        is_right = mean > len(labels) / 2
        axes.annotate(
            words[1], (mean, 1), (-5 if is_right else 5, -1), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="right" if is_right else "left", va="top", color=MARK,
        )  # fmt: skip
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    return _for_page(buffer.getvalue())


def _for_page(document: str) -> str:
    """Return a document of matplotlib's as an element that takes colours and letters from the page around it."""
    element = document[document.index("<svg") :].strip()
    element = re.sub(r"<(metadata|style)\b.*?</\1>", "", element, flags=re.DOTALL)  # its style would be all the page's
    element = re.sub(r' (?:xmlns(?::\w+)?|version|width|height)="[^"]*"', "", element, count=5)
    # Two ways in which versions of matplotlib name a font.
    element = re.sub(r"font: ([\d.]+)px [^;\"]*", r"font-size: \1px", element)
    element = re.sub(r"font-family: [^;\"]*(?:; )?", "", element)
    for drawn, shown in COLOURS.items():
        element = element.replace(drawn, shown)
    return element.replace("<svg", '<svg class="picture" aria-hidden="true"', 1)
