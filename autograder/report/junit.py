"""The report as JUnit XML, for GitLab, Jenkins and the many tools that read it.

One test case a function, so that names are unique: of two cases of one class and name, GitLab keeps the first. What has
no points is a failure, whether it is wrong, unwritten or waiting, for a reader that only counts failures must not take
it for right. Elements and attributes are those of junit-10.xsd, which pytest's `xunit2` family follows, with `error`,
and with `file` and `line` on a case as in `xunit1`, since GitLab links them. Points are properties of the suite.
"""

import re
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from autograder.model import FunctionResult, Report
from autograder.report import words
from autograder.report.text import explanation

PRINTED_LINES = 200
# What XML 1.0 allows (section 2.2, "Char"); a single character outside makes a file that no parser reads.
ILLEGAL = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# GitLab and Jenkins make links to files of what a case's output holds in this form.
ATTACHMENT = re.compile(r"\[\[(?=ATTACHMENT\b)", re.IGNORECASE)


def render(report: Report, *, root: Path = Path()) -> str:
    """Return the report as an XML document, ending with a line end; `root` is the folder of the repository."""
    outcomes = [result.outcome for result in report.functions]
    errors = outcomes.count("errored")
    totals = {
        "name": report.exercise.name,
        "tests": str(len(outcomes)),
        "failures": str(len(outcomes) - outcomes.count("passed") - errors),
        "errors": str(errors),
        "time": f"{report.seconds:.3f}",
    }
    suites = Element("testsuites", totals)
    suite = SubElement(suites, "testsuite", {**totals, "skipped": "0"})
    properties = SubElement(suite, "properties")
    for name, value in _properties(report).items():
        SubElement(properties, "property", {"name": name, "value": _legal(value)})
    for result in report.functions:
        _case(suite, report, result, root)
    printed, _ = words.last_lines(report.printed, PRINTED_LINES)
    if printed:
        SubElement(suite, "system-out").text = _legal("\n".join(printed))
    indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(suites, encoding="unicode") + "\n"


def _properties(report: Report) -> dict[str, str]:
    grader = report.grader
    return {
        "score": str(report.score),
        "max_score": str(report.max_score),
        **{f"points.{each.name}": words.points(each) for each in report.functions},
        "student": words.clean(report.submission.student),
        "sha256": report.submission.sha256,
        "isolation": grader.isolation,
        "seed": str(grader.seed),
        "version": grader.version,
    }


def _case(suite: Element, report: Report, result: FunctionResult, root: Path) -> None:
    seconds = sum(check.seconds for check in words.checks_of(report, result))
    attributes = {"classname": report.exercise.name, "name": result.name, "time": f"{seconds:.3f}"}
    if path := words.path_below(report, root):
        attributes["file"] = _legal(path)
    if result.line is not None:
        attributes["line"] = str(result.line)
    case = SubElement(suite, "testcase", attributes)
    said = _legal(explanation(report, result))
    if result.outcome == "passed":
        if said:
            SubElement(case, "system-out").text = said
        return
    kind = "error" if result.outcome == "errored" else "failure"
    SubElement(case, kind, {"type": result.outcome, "message": _headline(said)}).text = said


def _headline(said: str) -> str:
    """The first line that says what is missing; what is right already stands before it."""
    lines = said.split("\n")
    return next((line for line in lines if not line.startswith(words.MARKS["passed"])), lines[0])


def _legal(text: str) -> str:
    return ATTACHMENT.sub("[ [", ILLEGAL.sub("", text))
