"""The formulas of an exercise's prose as SVG that can be put into a page: no network, and the colour of the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.exercise import Exercise
from autograder.report.plots.spoken import spoken

if TYPE_CHECKING:
    from matplotlib.path import Path as Outline

CELL = re.compile(r"^# %%(?P<prose> \[markdown\])?.*\n", re.MULTILINE)
DISPLAYED = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
DEFINED = re.compile(r"^def (\w+)\(", re.MULTILINE)
IN_ONE_LINE = re.compile(r"^# \W*In one line\b", re.MULTILINE)
# The stub is the student's to edit: whatever is longer or wider than a formula stays what it is, text.
LONGEST, WIDEST = 500, 40  # characters, ems
UNITS_PER_EM = 200
# What matplotlib's mathtext does not know or sets too tight, in its own words.
REPLACED = {
    r"\\[,;!]": r"\\ ",
    r"\\top\b": r"{\\mathrm{T}}",
    r"\\[td]?frac\b": r"\\dfrac",
    r"(?<=[\w}])(?<!\\cdot)\s*(?=\\dfrac\b)": r"\\,",
    r"(?<=[\w}])\s*(?=\\sum\b)": r"\\ ",
    r"(\\sum_\{[^{}]*\}\^\{(?:[^{}]|\{[^{}]*\})*\})": r"\1\\,",
}
# Prose that is read in an editor writes these as they are.
SIGNS = str.maketrans(
    {"ε": r"\varepsilon ", "δ": r"\delta ", "η": r"\eta ", "θ": r"\theta ", "λ": r"\lambda ", "·": r"\cdot ", "−": "-"}
)
WORDS = re.compile(r"\\text\{([^}]*)\}")
STEPS = {1: "M", 2: "L", 3: "Q", 4: "C", 79: "Z"}  # matplotlib's codes of a path in SVG's letters


@dataclass(frozen=True)
class Formula:
    """A formula: its TeX source, an SVG element that shows it, '' where it cannot be drawn, and how it is read out."""

    tex: str
    svg: str
    words: str


def formulas(exercise: Exercise) -> dict[str, tuple[Formula, ...]]:
    """Return each function's displayed formulas in the stub's prose; nothing where it cannot be read.

    They are those that are put "in one line" right after it; where nothing is, those before it.
    """
    try:
        text = exercise.stub.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return {}
    names = [name for name, _ in exercise.functions]
    return {
        name: tuple(Formula(tex, _svg(tex), spoken(tex)) for tex in found)
        for name, found in _sources(text).items()
        if name in names
    }


def _sources(text: str) -> dict[str, list[str]]:
    """Return the formulas of each function that is defined in a code cell."""
    marks = [*CELL.finditer(text)]
    ends = [*(mark.start() for mark in marks), len(text)][1:]  # none where a student has taken all marks out
    found, before, defined = dict[str, list[str]](), list[str](), list[str]()
    for mark, end in zip(marks, ends, strict=True):
        body = text[mark.end() : end]
        if not mark["prose"]:
            defined = DEFINED.findall(body)
            found |= dict.fromkeys(defined, before)
            before = []
        elif IN_ONE_LINE.search(body):
            found |= dict.fromkeys(defined, _displayed(body))
        else:
            before = before + _displayed(body)
    return found


def _displayed(body: str) -> list[str]:
    prose = re.sub(r"^# ?", "", body, flags=re.MULTILINE)
    parts = (part for block in DISPLAYED.findall(prose) for part in block.split(r"\qquad"))
    return [" ".join(tex.split()) for tex in parts if tex.strip()]


def _svg(tex: str) -> str:
    """Draw TeX with matplotlib's mathtext; '' for what it does not understand."""
    tex = tex.translate(SIGNS)
    if len(tex) > LONGEST or "$" in tex or not tex.isascii():
        return ""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    source = WORDS.sub(lambda words: r"\mathrm{" + words[1].replace(" ", r"\ ") + "}", tex)
    for pattern, replacement in REPLACED.items():
        source = re.sub(pattern, replacement, source)
    font = FontProperties(math_fontfamily="cm")
    try:
        return _element(TextPath((0, 0), f"${source}$", size=UNITS_PER_EM, prop=font))
    except Exception:  # noqa: BLE001 - a student's text in another's parser: whatever that trips over, the source is shown
        return ""


def _element(outline: Outline) -> str:
    """Return an outline as one SVG path: measured in ems, standing on the line and in the colour of the text around it.

    One path has neither ids nor styles, of which a page with many formulas would get each one many times.
    """
    box = outline.get_extents()
    if not 0 < box.width <= WIDEST * UNITS_PER_EM or not 0 < box.height <= WIDEST * UNITS_PER_EM:
        return ""
    steps = (
        STEPS[int(code)] + " ".join(f"{-at if index % 2 else at:.0f}" for index, at in enumerate(points))
        for points, code in outline.iter_segments(simplify=False)
    )
    drawn = "".join(step if step[0] != "Z" else "Z" for step in steps)
    view = f"{box.x0:.0f} {-box.y1:.0f} {box.width:.0f} {box.height:.0f}"
    width, height, below = (size / UNITS_PER_EM for size in (box.width, box.height, box.y0))
    style = f"width:{width:.2f}em;height:{height:.2f}em;vertical-align:{below:.2f}em"
    return f'<svg viewBox="{view}" style="{style}" fill="currentColor" aria-hidden="true"><path d="{drawn}"/></svg>'


def drawn(tex: str) -> str:
    """Return one formula as an SVG element, '' where it cannot be drawn."""
    return _svg(tex)
