"""The report as one page of HTML that needs nothing else: no network, no script, both themes, and paper."""

import base64
import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from autograder.exercise import Exercise
from autograder.model import CountedScore, Report
from autograder.report import source, words
from autograder.report.json import instructor
from autograder.report.plots import Panel
from autograder.report.plots.formulas import Formula

PRINTED_LINES = 40
CODE_WIDTH = 76  # columns; a caret stands in the left half, which a narrow window shows
LONG = 300  # characters; what is longer is folded


def render(
    report: Report,
    *,
    formulas: Mapping[str, tuple[Formula, ...]] | None = None,
    pictures: Sequence[Panel] = (),
    upcoming: Exercise | None = None,
    reveal: bool = False,
    with_source: bool = False,
) -> str:
    """Return the report as a page, with the formulas of each function, and SVG documents as its pictures.

    `with_source`: the submission's code too, lines in question marked, as `source.lines_of` reads it again, and the
    file by its name alone. With `reveal` it is an instructor's: hidden checks are told in full, as far as the grader
    has revealed them.

    The formulas' SVG goes into the page as it is. All else is escaped, and text from the student's side is bounded and
    free of control characters.
    """
    if with_source:  # for a student of a class, who has the file and not the folder that it was collected in
        report = replace(report, submission=replace(report.submission, path=Path(report.submission.path.name)))
    printed, more = words.last_lines(report.printed, PRINTED_LINES)
    return template(Path(__file__).with_name("page.html.j2")).render(
        report=report,
        formulas=formulas or {},
        # As an image, it can neither run nor fetch anything, and its style and ids stay its own.
        pictures=[(base64.b64encode(each.svg.encode()).decode(), each.words) for each in pictures],
        head=dict(zip(("title", "points", "bar"), _head(report.score, report.max_score), strict=True)),
        steps=words.next_steps(report, upcoming),
        revealed=instructor(report) if reveal else [],
        code=source.shown(report) if with_source else source.ShownSource(),
        printed=printed,
        more=more,
    )


def with_lateness(page: str, counted: CountedScore, max_score: int, handed_in: str | None = None) -> str:
    """Return a page that `render` has made, with what counts where it has what was earned, why, and when it came."""
    late, when = words.lateness(counted), words.moment(handed_in) if handed_in else ""
    remark = f"{late}{f' (it came {when})' if when else ''}" if late else when and f"handed in {when}, in time"
    if not remark:
        return page
    for old, new in zip(
        _head(counted.earned, max_score),
        _head(counted.counts, max_score, remark, "late" if late else "quiet"),
        strict=True,
    ):
        page = page.replace(old, new, 1)
    return page


def _head(score: float | Decimal, max_score: int, remark: str = "", kind: str = "") -> tuple[Markup, Markup, Markup]:
    """Return what tells a page's score: the end of its title, the points beside the heading, the bar below it."""
    shown, share = words.number(score), 100 * float(score) / max_score if max_score else 0
    said = Markup('<p class="{}">{}</p>\n').format(kind, remark) if remark else Markup()
    bar = Markup('<div class="bar" role="img" aria-label="{} of {} points"><span style="width:{:.1f}%"></span></div>')
    return (
        Markup(": {} / {}</title>").format(shown, max_score),
        Markup('<span class="points">{} / {}</span>').format(shown, max_score),
        said + bar.format(shown, max_score, share),
    )


def explained(entry: Mapping[str, Any]) -> Markup:
    """Return a hidden check that failed as HTML, by its entry under `instructor` in a JSON report."""
    return Markup(template(Path(__file__).with_name("revealed.html.j2")).render(entry=entry))  # noqa: S704 - it escapes


@functools.cache
def template(path: Path) -> jinja2.Template:
    """Return a template that escapes, and makes harmless, all text that is put into it."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(path.parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=lambda value: words.harmless(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(words=words, clean=words.clean, explained=explained, CODE_WIDTH=CODE_WIDTH, LONG=LONG)
    return environment.get_template(path.name)
