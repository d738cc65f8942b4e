"""The JSON report, `backprop-exercises/report/v1`; `schema.json` beside this file describes it."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from autograder.model import CheckResult, CountedScore, Report, Revealed

SCHEMA = "backprop-exercises/report/v1"


def render(report: Report) -> str:
    """Return the report as JSON text in ASCII, ending with a line end."""
    keys = ("name", "score", "max_score", "outcome")
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "exercise": report.exercise.name,
        "student": _text(report.submission.student),
        "submission": {"path": _text(report.submission.path), "sha256": report.submission.sha256},
        "score": report.score,
        "max_score": report.max_score,
        "functions": [{key: getattr(each, key) for key in keys} for each in report.functions],
        "checks": [_check(result, report) for result in report.checks],
        "violations": [{**vars(violation), "text": _text(violation.text)} for violation in report.violations],
        "grader": asdict(report.grader),
        "seconds": round(report.seconds, 6),
    }
    if report.credit != "function":
        data["credit"] = report.credit
    if explained := instructor(report):
        data["instructor"] = explained
    return _written(data)


def with_lateness(report: str, counted: CountedScore) -> str:
    """Return a report with what lateness took, after the points that were earned, which `score` stays."""
    if counted.hours_late is None:
        return report
    names = ("earned", "penalty", "hours_late", "counts")
    said = {name: _number(getattr(counted, name)) for name in names}
    data: dict[str, object] = {}
    for key, value in json.loads(report).items():
        data[key] = value
        if key == "max_score":
            data["lateness"] = said
    return _written(data)


def _number(value: int | Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)


def _written(data: Mapping[str, object]) -> str:
    return json.dumps(data, indent=2, allow_nan=False) + "\n"


def instructor(report: Report) -> list[dict[str, Any]]:
    """Return what only an instructor gets: the hidden checks that failed, in full, if they are revealed."""
    return [_revealed(result, result.revealed) for result in report.checks if result.revealed is not None]


def _revealed(result: CheckResult, said: Revealed) -> dict[str, Any]:
    return {
        "check": result.check.name,
        "function": result.check.function,
        "message": _text(said.message),
        "case": [{"name": _text(name), "value": _text(value)} for name, value in said.case],
        "parts": [{name: _text(text) for name, text in vars(part).items()} for part in said.parts],
        "answer": _text(said.answer),
        "oracle": said.oracle,
        "trace": [_text(line) for line in said.trace],
        "python": _text(said.python),
    }


def _check(result: CheckResult, report: Report) -> dict[str, object]:
    said = result.message or (report.problem.text if report.problem else "")
    diagnosis = result.diagnosis
    return {
        "name": result.check.name,
        "function": result.check.function,
        "summary": result.check.summary,
        "visibility": result.check.visibility,
        "score": result.score,
        "max_score": result.check.points,
        "outcome": result.outcome,
        "message": _text(said),
        "diagnosis": None if diagnosis is None else {"id": diagnosis.id, "text": _text(diagnosis.text)},
        "hint": (result.diagnosis.question if result.diagnosis else "") or result.check.hint,
        "notes": [_text(note) for note in result.notes],
        "seconds": round(result.seconds, 6),
    }


def _text(value: object) -> str:
    """Return what a student had a hand in as well-formed text: lone surrogates are no JSON to strict readers."""
    return str(value).encode(errors="replace").decode()
