"""The report as one page of HTML that needs nothing else: no network, no script, both themes, and paper."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import jinja2

from autograder.exercise import Exercise
from autograder.model import CheckResult, FunctionResult, Report
from autograder.report import words

PRINTED_LINES = 40
TRACE_LINES = 6
MARKS = {"passed": "✔", "failed": "✘", "errored": "!", "not_attempted": "·", "blocked": "·"}


class Formula(Protocol):
    """A formula of the exercise's prose: its TeX source, and an SVG element that shows it ('' where there is none)."""

    @property
    def tex(self) -> str:
        """TeX source."""

    @property
    def svg(self) -> str:
        """An SVG element of our own making."""


def render(
    report: Report,
    *,
    formulas: Mapping[str, tuple[Formula, ...]] | None = None,
    picture: str = "",
    upcoming: Exercise | None = None,
) -> str:
    """Return the report as a page; `formulas` by function and `picture`, an SVG element, are shown as they are.

    All else is escaped, and text from the student's side is bounded and free of control characters.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=lambda value: words.harmless(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    printed, more = words.last_lines(report.printed, PRINTED_LINES)
    return environment.get_template("page.html.j2").render(
        report=report,
        blocks=[_block(report, function, formulas or {}) for function in report.functions],
        picture=picture,
        steps=words.next_steps(report, upcoming),
        printed=printed,
        more=more,
        fresh=words.is_fresh(report),
        full=words.is_full(report),
        clean=words.clean,
        words=words,
    )


def _block(report: Report, function: FunctionResult, formulas: Mapping[str, tuple[Formula, ...]]) -> dict[str, Any]:
    """Return what the page says of one function, in the order in which it says it."""
    checks = words.checks_of(report, function)
    return {
        "function": function,
        "mark": MARKS[function.outcome],
        "remark": words.REMARKS.get(function.outcome, ""),
        "formulas": formulas.get(function.name, ()),
        "violations": [violation for violation in report.violations if violation.function == function.name],
        "right": [result.check.summary for result in checks if result.outcome == "passed"],
        "failed": next((_failure(result) for result in checks if result.outcome == "failed"), None),
        "errored": next((result.check.name for result in checks if result.outcome == "errored"), None),
        "notes": list(dict.fromkeys(str(note) for result in checks for note in result.notes)),
    }


def _failure(result: CheckResult) -> dict[str, Any]:
    evidence = result.evidence
    uncallable = result.check.visibility == "visible" and (evidence is None or not evidence.case)
    return {
        "check": result.check,
        "said": str(result.message or ""),
        "evidence": evidence,
        "uncallable": uncallable and evidence is not None,
        "trace": [words.clean(line) for line in evidence.trace[-TRACE_LINES:]] if evidence else [],
    }
