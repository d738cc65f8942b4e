"""An exercise as one page of HTML to read: formulas set, pictures in it, no network, no script."""

from __future__ import annotations

import base64
import html
import mimetypes
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from markdown_it import MarkdownIt
from markupsafe import Markup
from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexers import PythonLexer  # type: ignore[import-untyped]

from autograder.report.html import template
from autograder.report.plots.formulas import drawn
from autograder.report.plots.spoken import spoken
from autograder.submissions.outline import line_of, to_write

if TYPE_CHECKING:
    from autograder.exercise import Exercise

CELL = re.compile(r"^# %%(?P<prose> \[markdown\])?.*\n", re.MULTILINE)
# Code stays as it is; a formula may go over lines, but not over paragraphs.
FORMULA = re.compile(r"`[^`]*`|\$\$(?P<displayed>.+?)\$\$|\$(?P<inline>(?:[^$\n]|\n(?!\s*\n))+)\$", re.DOTALL)
PLACE = re.compile("\ue000(\\d+)\ue001")  # of a formula, in what the Markdown is made of
PICTURE = re.compile(r'<img src="([^":]+)"([^>]*)>')
ANSWER = re.compile(r"\W*(In one line|What came of it)\b")
# What an exercise brings along for its last section; a few lines to try are no machinery.
MACHINERY = re.compile(r"^(?:def|class|import|from) |^    main\(\)$", re.MULTILINE)


class Part(NamedTuple):
    """A cell: prose, or code with the function that is to be written there and its points, 0 for one without.

    `folded_under`: the line that only who wants to see the cell opens; "" for one that is open.
    """

    body: Markup
    is_code: bool
    function: str = ""
    points: int = 0
    folded_under: str = ""


def page(exercise: Exercise, script: str) -> str:
    """Return the page of an exercise's script as it was handed out; pictures are looked for beside its stub."""
    parts = list(_parts(exercise, script))
    return template(Path(__file__).with_name("reading.html.j2")).render(exercise=exercise, parts=parts, style=_style())


def _parts(exercise: Exercise, script: str) -> Iterator[Part]:
    marks = [*CELL.finditer(script)]
    ends = [mark.start() for mark in marks[1:]] + [len(script)]
    for mark, end in zip(marks, ends, strict=True):
        body = script[mark.end() : end].strip("\n")
        if mark["prose"]:
            text = re.sub(r"^# ?", "", body, flags=re.MULTILINE).strip()
            answer = ANSWER.match(text)
            yield Part(
                _prose(text, exercise.stub.parent),
                is_code=False,
                folded_under=f"{answer[1]} (try first)" if answer else "",
            )
            continue
        function, points = _function(exercise, body)
        folded = MACHINERY.search(body) and not function
        yield Part(_code(body), True, function, points, "code that stands there already" if folded else "")


def _function(exercise: Exercise, body: str) -> tuple[str, int]:
    """Return the function that a cell asks for and its points: 0 where it is not graded, "" where none is asked for."""
    graded = next((one for one in exercise.functions if line_of(body, one[0])), None)
    return graded or (next(iter(to_write(body)), ""), 0)


# Prose


def _prose(text: str, folder: Path) -> Markup:
    """Return Markdown as HTML, its formulas drawn and its pictures within."""
    formulas: list[str] = []

    def kept(found: re.Match[str]) -> str:
        if found["displayed"] is None and found["inline"] is None:
            return found[0]
        formulas.append(_displayed(found["displayed"]) if found["displayed"] else _formula(found["inline"]))
        return f"\ue000{len(formulas) - 1}\ue001"

    rendered: str = MarkdownIt("commonmark", {"html": False}).enable("table").render(FORMULA.sub(kept, text))
    rendered = PLACE.sub(lambda found: formulas[int(found[1])], rendered)
    return Markup(PICTURE.sub(lambda found: _picture(folder, *found.groups()), rendered))  # noqa: S704 - the kit's own text, its HTML escaped


def _displayed(tex: str) -> str:
    shown = "".join(_formula(part) for part in tex.split(r"\qquad"))
    return f'<span class="displayed">{shown}</span>'


def _formula(tex: str) -> str:
    """Return a formula as a drawing that is read out in words; where it cannot be drawn, the source."""
    tex = " ".join(tex.split())
    svg = drawn(tex)
    shown = f'<span role="img" aria-label="{html.escape(spoken(tex))}">{svg}</span>'
    return shown if svg else f"<code>{html.escape(tex)}</code>"


def _picture(folder: Path, source: str, words: str) -> str:
    """Return a picture, to be scrolled on a narrow screen; of what cannot be read, the alternative text is shown."""
    try:
        data = base64.b64encode((folder / html.unescape(source)).read_bytes()).decode()
    except (OSError, ValueError):
        return f'<img src="{source}"{words}>'
    address = f"data:{mimetypes.guess_type(source)[0] or 'image/png'};base64,{data}"
    return f'<span class="picture" tabindex="0"><img src="{address}"{words}></span>'


# Code


def _code(text: str) -> Markup:
    return Markup(highlight(text, PythonLexer(), HtmlFormatter(nowrap=True)))  # noqa: S704 - which escapes it


def _style() -> Markup:
    light, dark = (
        HtmlFormatter(style=name, nobackground=True).get_style_defs("pre") for name in ("default", "github-dark")
    )
    return Markup(f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}")  # noqa: S704 - a style sheet of the library's
