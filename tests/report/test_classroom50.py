"""Classroom 50's result.json: what its runner and its collector accept."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone

import jsonschema
import pytest
from example_reports import ERRORED, WRONG
from hostile_reports import ALL

from autograder.model import Report
from autograder.report.classroom50 import render

ENVIRONMENT = {
    "CLASSROOM": "cs-principles",
    "ASSIGNMENT": "backprop-2",
    "ASSIGNMENT_TYPE": "group",
    "OWNER": "alice",
    "SUBMISSION_TAG": "submit/2026-06-01T14-32-05Z-a1b2c3d",
    "COMMIT_URL": "https://github.example/alice/repo/commit/a1b2c3d",
    "RELEASE_URL": "https://github.example/alice/repo/releases/tag/x",
    "REVIEW_URL": "https://github.example/alice/repo/compare/0...1",
}
NOW = datetime(2026, 6, 1, 16, 33, 11, tzinfo=timezone(timedelta(hours=2)))
POINTS = {"type": "integer", "minimum": 0}
SOME = {"type": "string", "minLength": 1}
INSTANT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}


def required(**properties: dict) -> dict:
    return {"type": "object", "required": list(properties), "properties": properties}


TEST = required(**{"test-name": SOME, "passed": {"type": "boolean"}, "score": POINTS, "max-score": POINTS})
# The rules of `validate_result` in the runner's scripts/runner.py.
SCHEMA = required(
    schema={"const": "classroom50/result/v1"},
    classroom={"const": ENVIRONMENT["CLASSROOM"]},
    assignment={"const": ENVIRONMENT["ASSIGNMENT"]},
    assignment_type={"const": "group"},
    owner=SOME,
    submission={"type": "string", "pattern": "^submit/"},
    commit=SOME,
    release=SOME,
    review=SOME,
    datetime=INSTANT,
    score=POINTS,
    tests={"type": "array", "minItems": 1, "items": TEST},
    **{"max-score": POINTS},
)
LARGEST = 10 << 20  # bytes that the collector reads


def result(report: Report, environment: dict[str, str] = ENVIRONMENT) -> dict:
    return json.loads(render(report, environment, NOW))


@pytest.mark.parametrize("name", ALL)
class TestEveryReport:
    def test_it_is_accepted(self, name):
        jsonschema.validate(result(ALL[name]), SCHEMA)
        text = render(ALL[name], ENVIRONMENT, NOW)
        assert text.isascii()
        assert len(text) < LARGEST

    def test_points_are_integers_that_add_up(self, name):
        shown = result(ALL[name])
        assert type(shown["score"]) is int
        assert shown["score"] == sum(test["score"] for test in shown["tests"]) <= shown["max-score"]
        assert shown["max-score"] == sum(test["max-score"] for test in shown["tests"])

    def test_the_table_of_the_release_cannot_be_broken(self, name):
        """The runner writes names into a Markdown table and escapes only the bar."""
        names = [test["test-name"] for test in result(ALL[name])["tests"]]
        assert all(re.fullmatch(r"\w+", each) for each in names)
        assert len(set(names)) == len(names)


def test_the_identity_is_the_runner_s():
    shown = result(WRONG)
    assert (shown["owner"], shown["submission"]) == ("alice", ENVIRONMENT["SUBMISSION_TAG"])
    assert (shown["commit"], shown["release"], shown["review"]) == tuple(list(ENVIRONMENT.values())[-3:])


def test_times_are_utc():
    assert result(WRONG)["datetime"] == result(WRONG)["graded_at"] == "2026-06-01T14:33:11Z"


def test_what_the_runner_may_leave_out():
    few = {name: ENVIRONMENT[name] for name in ("CLASSROOM", "SUBMISSION_TAG", "COMMIT_URL")} | {"USERNAME": "bob"}
    shown = result(WRONG, few)
    assert shown["owner"] == "bob"
    assert shown["assignment"] == "exercise2"
    assert shown["assignment_type"] == "individual"
    assert shown["review"] == ENVIRONMENT["COMMIT_URL"]
    assert json.loads(render(WRONG, {}, datetime.now(UTC)))["score"] == 11


def test_explanations_go_along():
    tests = {test["test-name"]: test for test in result(WRONG)["tests"]}
    assert tests["update"]["output"].startswith("✘ steps downhill\n")
    assert (tests["collapse"]["outcome"], tests["collapse"]["passed"]) == ("not_attempted", False)
    assert result(ERRORED)["tests"][0]["outcome"] == "errored"
