"""The drawings of exercise 7."""

import math

from matplotlib.figure import Figure

_BAR, _ROW, _INK = "#8fb8d9", "#00684d", "#333333"
_LOGITS = (0.0, math.log(3))


def two_steps(figure: Figure) -> None:
    """A row of two logits, their weights e to the z, and each one's share of the row."""
    stages = (
        ("logits z", _LOGITS, ("0", "1.0986")),
        ("weights: e to the z", tuple(map(math.exp, _LOGITS)), ("1", "3")),
        ("shares of the row", (0.25, 0.75), ("0.25", "0.75")),
    )
    for place, (title, heights, words) in enumerate(stages):
        axes = figure.add_axes((0.05 + place * 0.33, 0.14, 0.25, 0.68))
        axes.bar((0, 1), heights, color=_BAR, edgecolor=_INK, width=0.6)
        for at, (height, word) in enumerate(zip(heights, words, strict=True)):
            axes.text(at, height, word, ha="center", va="bottom", color=_ROW)
        axes.set(
            xticks=(0, 1), xticklabels=("class 0", "class 1"), yticks=(), ylim=(0, 1.2 * max(heights)), title=title
        )
        axes.spines["left"].set_visible(False)
