"""JUnit XML: what its schema allows, and what GitLab makes of it."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
from example_reports import ERRORED, NOTEBOOK, RIGHT, SUBMISSION, UNLOADABLE, WRONG
from hostile_reports import ALL

from autograder.model import Report
from autograder.report.junit import render

# junit-10.xsd, element by element: attributes (those with ! must be there) and children. `error` is `errors` there, an
# old slip that no tool follows; `file` and `line` of a case are what pytest's xunit1 family adds, and GitLab reads.
SCHEMA = {
    "testsuites": ("name time tests failures errors", "testsuite"),
    "testsuite": (
        "name! tests! failures! errors! group time skipped timestamp hostname id package file log url version",
        "testsuite properties testcase system-out system-err",
    ),
    "properties": ("", "property"),
    "property": ("name! value!", ""),
    "testcase": ("name! time classname group file line", "skipped error failure system-out system-err"),
    "failure": ("type message", ""),
    "error": ("type message", ""),
    "system-out": ("", ""),
}
TIME = re.compile(r"\d+\.\d{3}")


def validate(element: ET.Element) -> None:
    attributes, children = SCHEMA[element.tag]
    assert set(element.keys()) <= set(attributes.replace("!", "").split())
    assert set(element.keys()) >= {name[:-1] for name in attributes.split() if name.endswith("!")}
    assert TIME.fullmatch(element.get("time", "0.000"))
    for child in element:
        assert child.tag in children.split()
        validate(child)
    if len(element):
        assert not (element.text or "").strip()


def parsed(report: Report) -> ET.Element:
    return ET.fromstring(render(report, root=Path("/kit/..")).encode())


def gitlab(report: Report) -> dict[tuple[str, str], tuple[str, str]]:
    """What GitLab's lib/gitlab/ci/parsers/test/junit.rb reads: status and text of each case, the first of a name."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for case in parsed(report).iter("testcase"):
        status, text = "success", ""
        for tag, name in (("failure", "failed"), ("error", "error"), ("skipped", "skipped")):
            if (child := case.find(tag)) is not None:
                status, text = name, child.text or ""
                break
        found.setdefault((case.attrib["classname"], case.attrib["name"]), (status, text))
    return found


@pytest.mark.parametrize("name", ALL)
class TestEveryReport:
    def test_it_holds_to_the_schema(self, name):
        validate(parsed(ALL[name]))

    def test_totals_are_the_sum_of_their_parts(self, name):
        suites = parsed(ALL[name])
        for element in (suites, suites[0]):
            assert int(element.attrib["tests"]) == len(list(suites.iter("testcase"))) > 0
            assert int(element.attrib["failures"]) == len(list(suites.iter("failure")))
            assert int(element.attrib["errors"]) == len(list(suites.iter("error")))

    def test_every_case_has_a_name_of_its_own(self, name):
        assert len(gitlab(ALL[name])) == len(ALL[name].functions)

    def test_whatever_is_no_full_success_says_why(self, name):
        for result, (status, text) in zip(ALL[name].functions, gitlab(ALL[name]).values(), strict=True):
            assert status == {"passed": "success", "errored": "error"}.get(result.outcome, "failed")
            assert bool(text.strip()) == (status != "success")

    def test_nothing_links_to_a_file(self, name):
        assert "[[attachment" not in render(ALL[name]).lower()


def test_a_wrong_function():
    cases = {case.attrib["name"]: case for case in parsed(WRONG).iter("testcase")}
    assert list(cases) == [name for name, _ in WRONG.exercise.functions]
    failure = cases["chain_rule_gradients"].find("failure")
    assert failure.attrib == {"type": "failed", "message": "✘ carries the error back through layer two"}
    assert "`b1` is right; `a1` is wrong\n" in failure.text
    assert "\n  a1        yours 3.914, expected 6.262   (torch autograd)\n" in failure.text
    assert cases["chain_rule_gradients"].get("line") == "71"
    assert "system-out" in [child.tag for child in cases["loss"]]
    assert [child.tag for child in cases["forward"]] == []


def test_points_are_properties():
    values = {each.attrib["name"]: each.attrib["value"] for each in parsed(WRONG).iter("property")}
    assert (values["score"], values["max_score"]) == ("11", "30")
    assert values["points.update"] == "0 / 2"
    assert values["student"] == "ada"


def test_a_file_outside_of_the_repository_has_no_place():
    shown = replace(RIGHT, submission=replace(SUBMISSION, path=Path("/elsewhere/exercise2.py")))
    for root, file in (("/repo", None), ("/elsewhere", "exercise2.py")):
        suites = ET.fromstring(render(shown, root=Path(root)))
        assert {case.get("file") for case in suites.iter("testcase")} == {file}


def test_a_notebook_has_no_lines():
    assert {case.get("line") for case in parsed(NOTEBOOK).iter("testcase")} == {None}


def test_a_file_that_does_not_load_fails_everything_with_the_reason():
    for status, text in gitlab(UNLOADABLE).values():
        assert status == "failed"
        assert "SyntaxError: '(' was never closed" in text


def test_the_grader_s_own_fault_is_an_error():
    status, text = gitlab(ERRORED)["exercise2", "forward"]
    assert status == "error"
    assert "its fault and not yours" in text


def test_what_was_printed_is_kept_with_the_suite():
    assert parsed(WRONG)[0].find("system-out").text == "epoch 1: loss 20198330"
