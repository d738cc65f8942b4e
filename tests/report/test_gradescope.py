"""Gradescope's results.json: its specification, and the traps in it."""

import json
import re

import jsonschema
import pytest
from example_reports import ERRORED, RIGHT, STUB, UNLOADABLE, WRONG
from gradescope_schema import SCHEMA
from hostile_reports import ALL

from autograder.model import Report
from autograder.report.gradescope import render


def results(report: Report) -> dict:
    return json.loads(render(report))


@pytest.mark.parametrize("name", ALL)
class TestEveryReport:
    def test_it_holds_to_the_specification(self, name):
        jsonschema.validate(results(ALL[name]), SCHEMA)
        assert render(ALL[name]).isascii()

    def test_the_total_is_the_sum_that_gradescope_makes(self, name):
        shown = results(ALL[name])
        assert "score" not in shown
        assert sum(test["score"] for test in shown["tests"]) == ALL[name].score
        assert sum(test["max_score"] for test in shown["tests"]) == ALL[name].max_score

    def test_nothing_hides_the_student_s_total(self, name):
        shown = results(ALL[name])
        assert {shown["visibility"], *(test["visibility"] for test in shown["tests"])} == {"visible"}

    def test_names_and_numbers_are_unique(self, name):
        tests = results(ALL[name])["tests"]
        assert len({test["name"] for test in tests}) == len({test["number"] for test in tests}) == len(tests)

    def test_a_student_s_text_is_text(self, name):
        shown = results(ALL[name])
        assert {shown["output_format"], shown["test_output_format"], shown["test_name_format"]} == {"text"}
        said = [shown["output"], *(test["output"] for test in shown["tests"])]
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202e\ud800-\udfff]", "".join(said))
        assert max(map(len, said)) < 100_000

    def test_every_missing_point_is_explained(self, name):
        for test in results(ALL[name])["tests"]:
            assert (test["score"] == test["max_score"]) == (test["status"] == "passed")
            assert test["status"] == "passed" or test["output"]


def test_a_wrong_function():
    test = next(test for test in results(WRONG)["tests"] if test["name"] == "update")
    assert (test["score"], test["max_score"], test["status"], test["number"]) == (0, 2, "failed", "5")
    assert test["output"].startswith("✘ steps downhill\n  it raises KeyError: 'lr'\n  case      parameters: a1 = 0.8")


def test_the_submission_as_a_whole():
    output = results(WRONG)["output"]
    assert output.startswith("exercise2 — Two layers, one factor")
    assert "  │ epoch 1: loss 20198330\n" in output
    assert "Next: chain_rule_gradients, kit/exercises/exercise2.py:71\nThen run: grade exercise2\n" in output


def test_the_time_is_a_number_of_whole_seconds():
    assert results(WRONG)["execution_time"] == 2


def test_a_file_that_does_not_load():
    shown = results(UNLOADABLE)
    assert "SyntaxError" in shown["output"]
    assert all("SyntaxError: '(' was never closed" in test["output"] for test in shown["tests"])


@pytest.mark.parametrize(("report", "tag"), [(RIGHT, "passed"), (STUB, "not_attempted"), (ERRORED, "errored")])
def test_the_outcome_is_a_tag(report, tag):
    assert results(report)["tests"][0]["tags"] == [tag]
