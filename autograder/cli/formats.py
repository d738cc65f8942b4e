"""The form that a report takes: which module writes it, and what that needs to know of the terminal or the CI job."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli import streams
from autograder.errors import UserError
from autograder.files import reason

if TYPE_CHECKING:
    from autograder.exercise import Exercise
    from autograder.host.fork_server import ForkServer
    from autograder.model import Report
    from autograder.report.plots import Panel

WIDEST, PIPED = 100, 80  # columns
FORMS = ("text", "json", "junit", "gradescope", "github", "classroom50", "html")
LARGEST_SUMMARY = 1 << 20  # bytes of a step: beyond it, GitHub shows none of them


@dataclass(frozen=True)
class View:
    """What a form may need besides the report.

    `upcoming` is the exercise to go on with at full marks, `root` the repository that paths are seen from, by default
    the one that a CI job names. `is_full`: every check that failed is told in full.
    `is_revealing`: hidden ones too, for an instructor.
    """

    fork_server: ForkServer
    upcoming: Exercise | None = None
    to_terminal: bool = False
    root: Path | None = None
    is_full: bool = False
    is_revealing: bool = False


def rendered(report: Report, form: str, view: View) -> str:
    """Return the report in one of the FORMS."""
    from autograder.report import classroom50, github, gradescope, json, junit

    match form:
        case "text":
            return _text(report, view)
        case "html":
            return _html(report, view)
        case "json":
            return json.render(report)
        case "junit":
            return junit.render(report, root=view.root or _repository())
        case "gradescope":
            return gradescope.render(report)
        case "github":
            return github.render(report, root=view.root or _repository())
        case _:
            return classroom50.render(report, os.environ, datetime.now(UTC))


def _text(report: Report, view: View) -> str:
    from shutil import get_terminal_size

    from autograder.report import text

    width = min(WIDEST, get_terminal_size().columns) if view.to_terminal else PIPED
    color = view.to_terminal and is_obeying()
    how = {"in_full": view.is_full, "reveal": view.is_revealing}
    return text.render(report, width=width, color=color, upcoming=view.upcoming, **how)


def _html(report: Report, view: View) -> str:
    from autograder.report import html
    from autograder.report.plots import for_page
    from autograder.report.plots.formulas import formulas

    pictures: tuple[Panel, ...] = ()
    try:
        pictures = () if report.problem else for_page(report.exercise, report.submission, view.fork_server)
    except UserError as error:  # the report is right without them
        streams.tell("grade", f"the page has no pictures: {error}")
    return html.render(
        report,
        formulas=formulas(report.exercise),
        pictures=pictures,
        upcoming=view.upcoming,
        reveal=view.is_revealing,
    )


def is_obeying() -> bool:
    """Whether the terminal understands more than text, and its user wants it to."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _repository() -> Path:
    """The root folder of the repository: where a CI job has it, else the current one."""
    named = os.environ.get("GITHUB_WORKSPACE") or os.environ.get("CI_PROJECT_DIR")
    return Path(named or os.curdir).resolve()


def add_summary(report: Report) -> str:
    """Add the report to the job summary of a GitHub step, if this is one; why that could not be done, '' if it was."""
    named = os.environ.get("GITHUB_STEP_SUMMARY")
    if not named:
        return ""
    from autograder.report import github

    data = github.summary(report).encode()
    try:
        with Path(named).open("ab") as file:
            if file.tell() + len(data) > LARGEST_SUMMARY:
                return "the job summary is full; the report is in the log only"
            file.write(data + b"\n")
    except OSError as error:
        return f"the job summary {named} cannot be written ({reason(error)}); the report is in the log only"
    return ""
