"""The formulas of an exercise's prose as SVG that can be put into a page: no network, and the colour of the text."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from autograder.exercise import Exercise

CELL = re.compile(r"^# %%(?P<prose> \[markdown\])?.*\n", re.MULTILINE)
DISPLAYED = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
DEFINED = re.compile(r"^def (\w+)\(", re.MULTILINE)
POINTS_PER_EM = 12.0
# What matplotlib's mathtext does not know, in its own words.
REPLACED = {r"\\[,;!]": r"\\ ", r"\\top\b": r"{\\mathrm{T}}", r"\\[td]frac": r"\\frac"}
WORDS = re.compile(r"\\text\{([^}]*)\}")


@dataclass(frozen=True)
class Formula:
    """A formula: its TeX source, and an SVG element that shows it, '' where it cannot be drawn."""

    tex: str
    svg: str


def formulas(exercise: Exercise) -> dict[str, tuple[Formula, ...]]:
    """Return the displayed formulas of the prose before each function of the stub; nothing where it cannot be read."""
    try:
        text = exercise.stub.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return {}
    names = [name for name, _ in exercise.functions]
    return {name: tuple(Formula(tex, _svg(tex)) for tex in found) for name, found in _sources(text) if name in names}


def _sources(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each function that is defined in a code cell, with the formulas of the prose cell right before it."""
    marks = [*CELL.finditer(text)]
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    found: list[str] = []
    for mark, end in zip(marks, ends, strict=True):
        body = text[mark.end() : end]
        if mark["prose"]:
            prose = re.sub(r"^# ?", "", body, flags=re.MULTILINE)
            displayed = (part for block in DISPLAYED.findall(prose) for part in block.split(r"\qquad"))
            found = [" ".join(tex.split()) for tex in displayed]
            continue
        defined = DEFINED.search(body)
        if defined is not None:
            yield defined[1], found
        found = []


def _svg(tex: str) -> str:
    """Draw TeX with matplotlib's mathtext; '' for what it does not understand."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    tex = WORDS.sub(lambda words: r"\mathrm{" + words[1].replace(" ", r"\ ") + "}", tex)
    for pattern, replacement in REPLACED.items():
        tex = re.sub(pattern, replacement, tex)
    figure, file = Figure(figsize=(0.1, 0.1)), io.StringIO()
    figure.text(0, 0, f"${tex}$", fontsize=POINTS_PER_EM)
    settings: dict[Any, Any] = {"svg.fonttype": "path", "svg.hashsalt": "formula"}
    options: dict[str, Any] = {"bbox_inches": "tight", "pad_inches": 0.02, "metadata": {"Date": None}}
    with contextlib.suppress(ValueError, RuntimeError), rc_context(settings):
        figure.savefig(file, format="svg", transparent=True, **options)
        return _embedded(file.getvalue())
    return ""


def _embedded(document: str) -> str:
    """Turn an SVG document into an element of a page that is measured in ems and drawn in the text's colour."""
    element = re.sub(r"<metadata>.*?</metadata>", "", document[document.index("<svg") :], flags=re.DOTALL)
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', element)
    if box is None:
        return ""
    width, height = (float(size) / POINTS_PER_EM for size in box.groups())
    start = f'<svg viewBox="{box[0][9:-1]}" style="width:{width:.2f}em;height:{height:.2f}em" fill="currentColor"'
    start += ' stroke="none" xmlns:xlink="http://www.w3.org/1999/xlink" aria-hidden="true">'
    return start + element[element.index(">") + 1 :].replace("#000000", "currentColor").strip()
