"""The report as Classroom 50's `result.json`, schema `classroom50/result/v1`.

The contract is in the wiki of foundation50/classroom50, "Advanced Autograding"; its runner and its collector refuse
what breaks it. Points are integers there, as they are here.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from autograder.model import FunctionResult, Report
from autograder.report.text import explanation

SCHEMA = "classroom50/result/v1"


def render(report: Report, environment: Mapping[str, str], now: datetime) -> str:
    """Return the result as JSON text in ASCII, ending with a line end.

    `environment` holds what Classroom 50's runner sets (CLASSROOM, ASSIGNMENT, OWNER, SUBMISSION_TAG, …), and `now` is
    when this was graded, with its time zone. The runner puts its own owner, type and instant of submission in.
    """
    commit = environment.get("COMMIT_URL", "")
    instant = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    data = {
        "schema": SCHEMA,
        "classroom": environment.get("CLASSROOM", ""),
        "assignment": environment.get("ASSIGNMENT") or report.exercise.name,
        "assignment_type": environment.get("ASSIGNMENT_TYPE") or "individual",
        "owner": environment.get("OWNER") or environment.get("USERNAME", ""),
        "submission": environment.get("SUBMISSION_TAG", ""),
        "commit": commit,
        "release": environment.get("RELEASE_URL", ""),
        "review": environment.get("REVIEW_URL") or commit,
        "datetime": instant,
        "graded_at": instant,
        "score": report.score,
        "max-score": report.max_score,
        "tests": [_test(report, result) for result in report.functions],
    }
    return json.dumps(data, indent=2) + "\n"


def _test(report: Report, result: FunctionResult) -> dict[str, object]:
    return {
        "test-name": result.name,
        "passed": result.outcome == "passed",
        "score": result.score,
        "max-score": result.max_score,
        # Fields of our own, which Classroom 50 keeps as they are.
        "outcome": result.outcome,
        "output": explanation(report, result),
    }
