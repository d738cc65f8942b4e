"""One verdict, many sinks: what every format says of points and success is what the JSON report says."""

import json
import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest
from example_reports import HIDDEN
from hostile_reports import ALL

from autograder.model import Report
from autograder.report import classroom50, github, gradescope, html, junit, text
from autograder.report import json as json_report

Verdict = dict[str, tuple[int, int, bool]]  # of each function: score, limit, and whether it is shown as a success


def from_json(report: Report) -> Verdict:
    return {
        each["name"]: (each["score"], each["max_score"], each["outcome"] == "passed")
        for each in json.loads(json_report.render(report))["functions"]
    }


def from_junit(report: Report) -> Verdict:
    suite = ET.fromstring(junit.render(report))[0]
    points = {each.attrib["name"]: each.attrib["value"].split(" / ") for each in suite.iter("property")}
    found = {case.attrib["name"]: {child.tag for child in case} for case in suite.iter("testcase")}
    return {
        name: (*map(int, points[f"points.{name}"]), not tags & {"failure", "error", "skipped"})
        for name, tags in found.items()
    }


def from_gradescope(report: Report) -> Verdict:
    tests = json.loads(gradescope.render(report))["tests"]
    return {each["name"]: (each["score"], each["max_score"], each["status"] == "passed") for each in tests}


def of_classroom50(report: Report) -> str:
    return classroom50.render(report, {}, datetime.now(UTC))


def of_text(report: Report) -> str:
    return text.render(report, width=80, color=False)


def from_classroom50(report: Report) -> Verdict:
    tests = json.loads(of_classroom50(report))["tests"]
    return {each["test-name"]: (each["score"], each["max-score"], each["passed"]) for each in tests}


def from_summary(report: Report) -> Verdict:
    rows = re.findall(
        r"^\| (\S) \| `(\w+)` \| (\d+) / (\d+) \|$", github.summary(report).partition("```")[0], re.MULTILINE
    )
    return {name: (int(score), int(limit), mark == "✔") for mark, name, score, limit in rows}


def from_text(report: Report) -> Verdict:
    shown = of_text(report)
    rows = re.findall(r"^([✔✘!·]) (\w+)\b.*? (\d+) / (\d+)$", shown, re.MULTILINE)
    assert len(rows) == len({name for _, name, _, _ in rows}), "a row that is not ours"
    return {name: (int(score), int(limit), mark == "✔") for mark, name, score, limit in rows}


FORMATS = [from_junit, from_gradescope, from_classroom50, from_summary, from_text]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("read", FORMATS)
def test_every_function_has_the_points_of_the_json_report(read, name):
    if read is from_text and ALL[name].problem:
        pytest.skip("the terminal shows only why the file could not be loaded")
    assert read(ALL[name]) == from_json(ALL[name])


@pytest.mark.parametrize("name", ALL)
def test_every_total_is_that_of_the_json_report(name):
    report = ALL[name]
    shown = json.loads(json_report.render(report))
    total = f"{shown['score']} / {shown['max_score']}"
    assert (shown["score"], shown["max_score"]) == tuple(
        map(sum, list(zip(*from_json(report).values(), strict=True))[:2])
    )
    assert github.render(report).count(f"::notice title=exercise2%3A {total} points::") == 1
    assert github.summary(report).startswith(f"## exercise2 — Two layers, one factor: {total}\n")
    assert f"<title>exercise2: {total}</title>" in html.render(report)
    assert of_text(report).split("\n")[0].endswith(f" {total}")
    result = json.loads(of_classroom50(report))
    assert f"{result['score']} / {result['max-score']}" == total


@pytest.mark.parametrize(
    "read", [junit.render, gradescope.render, github.render, github.summary, html.render, of_classroom50, of_text]
)
def test_a_hidden_check_shows_its_summary_and_its_question_only(read):
    shown = read(HIDDEN)
    assert "a hidden check: works for a single sample" in shown
    assert "ask yourself" in shown
    assert not re.search("471[123]|secret", shown)
    assert "is right" not in shown
