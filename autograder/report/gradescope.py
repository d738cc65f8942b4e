"""The report as Gradescope's `results.json` (gradescope-autograders.readthedocs.io, "Autograder Specifications").

One visible test a function, with its points. A hidden test would hide the student's total; and standing by itself it
would tell less than its function's test does, which says of a hidden check what every report says. No total is given,
for one would overrule the sum of the tests.
"""

import json
import math

from autograder.model import FunctionResult, Report
from autograder.report import words
from autograder.report.text import explanation, render_remarks

WIDTH = 80  # columns


def render(report: Report) -> str:
    """Return the results as JSON text in ASCII, ending with a line end; points are integers."""
    remarks = render_remarks(report, width=WIDTH)
    data = {
        "tests": [_test(report, number, result) for number, result in enumerate(report.functions, 1)],
        # Of the submission as a whole, and what to do next.
        "output": "\n".join([remarks, *words.step_lines(report), words.GRADED_IN[report.grader.isolation]]),
        # Text is shown as it is; the default for `output` would make links and paragraphs of what a student printed.
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",  # the log of the machinery is the instructor's
        "execution_time": math.ceil(report.seconds),
        "extra_data": {
            "exercise": report.exercise.name,
            "sha256": report.submission.sha256,
            "checks_sha256": report.grader.checks_sha256,
            "version": report.grader.version,
            "isolation": report.grader.isolation,
            "seed": report.grader.seed,
        },
    }
    return json.dumps(data, indent=2, allow_nan=False) + "\n"


def _test(report: Report, number: int, result: FunctionResult) -> dict[str, object]:
    return {
        "name": result.name,
        "number": str(number),
        "score": result.score,
        "max_score": result.max_score,
        "status": "passed" if result.outcome == "passed" else "failed",
        "output": explanation(report, result),
        "tags": [result.outcome],
        "visibility": "visible",
    }
