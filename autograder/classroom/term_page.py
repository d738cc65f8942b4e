"""A course as pages that need nothing else: one of the class over all exercises, and one of each student's term."""

import base64
import hashlib
import statistics
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from autograder.classroom.counts import LONGEST_NAME
from autograder.classroom.exports.sheet import number
from autograder.classroom.names import file_stem
from autograder.classroom.page import duration
from autograder.classroom.term import Term, TermRow, of_what, tally
from autograder.report import html, words

HERE = Path(__file__)


def render_class(term: Term, *, when: datetime) -> str:
    """Return the instructor's page about a course. Links go to the pages beside it, of exercises and of students."""
    percents = [row.percent for row in term.judged if row.percent is not None]
    stream = html.template(HERE.with_name("course.html.j2")).stream(
        term=term,
        when=when,
        exercises=list(tally(term)),
        mean=statistics.fmean(percents) if percents else None,
        median=statistics.median(percents) if percents else None,
        fmean=statistics.fmean,
        middle=statistics.median,
        link=link,
        shown=shown,
        number=number,
        several=words.several,
        duration=duration,
        of_what=of_what(term),
        digest=lambda script: base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    stream.enable_buffering(1000)  # pieces: there are tens of thousands
    return "".join(stream)


def _from_above(exercise: str, submitter: str) -> str:
    return f"../{exercise}/feedback/{link(submitter)}"


def render_student(term: Term, row: TermRow, *, link_to: Callable[[str, str], str] = _from_above) -> str:
    """Return what a student may see of the own term.

    Links go to the pages about each exercise, one folder up, or where `link_to` says by exercise and submitter; '' is
    for nowhere.
    """
    return html.template(HERE.with_name("term.html.j2")).render(
        term=term, row=row, link_to=link_to, shown=shown, number=number, duration=duration, of_what=of_what(term)
    )


def link(student: str) -> str:
    """Return the name of a student's page as part of an address."""
    return f"{quote(file_stem(student), safe='')}.html"


def shown(name: str) -> str:
    return words.clean(name, LONGEST_NAME)
