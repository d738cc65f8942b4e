"""The JSON report holds to its schema, and the schema holds nothing else."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
from example_reports import EXAMPLES, HIDDEN, HOSTILE, RIGHT, STUB, UNLOADABLE, VIOLATION, WRONG

import autograder.report
from autograder.model import CountedScore, Diagnosis, Report, Revealed, RevealedPart, message
from autograder.report.json import render, with_lateness

SCHEMA = json.loads((Path(autograder.report.__file__).parent / "schema.json").read_text(encoding="utf-8"))
OPTIONAL = ("lateness", "credit", "instructor")
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def data(report: Report) -> dict:
    return json.loads(render(report))


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def every_object(schema: dict) -> list[dict]:
    own = [schema] if "properties" in schema else []
    nested = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]
    return own + [found for part in nested for found in every_object(part)]


def test_the_schema_requires_all_keys_and_allows_no_other():
    objects = every_object(SCHEMA)
    assert len(objects) == 11
    for found in objects:
        assert found["additionalProperties"] is False
        assert found["required"] == [name for name in found["properties"] if name not in OPTIONAL]


def test_what_only_an_instructor_gets_is_there_where_it_was_asked_for():
    assert not {"instructor", "credit"} & set(data(HIDDEN))
    said = Revealed(message("it raises {text}", text="\udc80"), (("x", "[4711]"),), (RevealedPart("a", "1", "2", "2"),))
    checks = tuple(replace(each, revealed=said if each.outcome == "failed" else None) for each in HIDDEN.checks)
    shown = data(replace(HIDDEN, checks=checks, credit="check"))
    VALIDATOR.validate(shown)
    assert shown["credit"] == "check"
    [entry] = shown["instructor"]
    assert (entry["check"], entry["message"]) == ("forward_works_for_a_single_sample", "it raises ?")
    assert entry["case"] == [{"name": "x", "value": "[4711]"}]
    assert entry["parts"] == [{"name": "a", "yours": "1", "expected": "2", "reference": "2"}]


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_kind_of_report_is_valid(name):
    VALIDATOR.validate(data(EXAMPLES[name]))


def test_keys_stand_in_the_order_of_the_contract():
    shown = data(replace(VIOLATION, checks=WRONG.checks))
    assert list(shown) == SCHEMA["required"]
    for name in SCHEMA["required"]:
        schema = SCHEMA["properties"][name]
        first = shown[name][0] if isinstance(shown[name], list) else shown[name]
        described = schema.get("items", schema)
        described = SCHEMA["$defs"][described["$ref"].rpartition("/")[2]] if "$ref" in described else described
        if isinstance(first, dict):
            assert list(first) == described["required"]


@pytest.mark.parametrize(
    ("counts", "seconds", "lateness"),
    [
        ("27.35", 5400, {"earned": 30, "penalty": 2.65, "hours_late": 1.5, "counts": 27.35}),
        ("30", 0.0, {"earned": 30, "penalty": 0, "hours_late": 0, "counts": 30}),
        ("30", None, None),
    ],
)
def test_lateness_stands_beside_what_was_earned(counts, seconds, lateness):
    shown = json.loads(with_lateness(render(RIGHT), CountedScore(30, Decimal(counts), seconds)))
    VALIDATOR.validate(shown)
    assert (shown["score"], shown.get("lateness")) == (30, lateness)
    assert {key: value for key, value in shown.items() if key != "lateness"} == data(RIGHT)


def test_values_are_those_of_the_report():
    report = data(WRONG)
    assert report["schema"] == "backprop-exercises/report/v1"
    assert (report["exercise"], report["student"]) == ("exercise2", "ada")
    assert report["submission"] == {"path": "kit/exercises/exercise2.py", "sha256": "0" * 64}
    assert (report["score"], report["max_score"]) == (11, 30)
    assert report["seconds"] == 1.234568
    assert report["functions"][1] == {"name": "loss", "score": 2, "max_score": 2, "outcome": "passed"}
    failed = next(check for check in report["checks"] if check["outcome"] == "failed")
    assert failed["message"] == "`a1` is wrong"
    assert failed["seconds"] == 0.012346
    assert failed["diagnosis"] is None
    assert [check["notes"] for check in report["checks"] if check["function"] == "loss"] == [
        ["the answer is a float; a tensor is usual"] * 2
    ]


def test_a_passed_check_has_an_empty_message():
    assert {check["message"] for check in data(RIGHT)["checks"]} == {""}


def test_every_check_of_a_file_that_does_not_load_says_so():
    assert {check["message"] for check in data(UNLOADABLE)["checks"]} == {"SyntaxError: '(' was never closed"}


def test_a_stub_is_not_attempted():
    assert {check["outcome"] for check in data(STUB)["checks"]} == {"not_attempted"}


def test_a_diagnosis_has_its_id():
    diagnosis = Diagnosis("half-dropped", message("{factor} times the loss", factor="twice"))
    first, *rest = WRONG.checks
    report = data(replace(WRONG, checks=(replace(first, diagnosis=diagnosis), *rest)))
    VALIDATOR.validate(report)
    assert report["checks"][0]["diagnosis"] == {"id": "half-dropped", "text": "twice times the loss"}


@pytest.mark.parametrize("secret", ["4711", "4712", "4713", "secret"])
def test_evidence_stays_out(secret):
    """Messages are the check's to keep free of values; cases and expected values are in no key."""
    text = render(replace(HIDDEN, checks=tuple(replace(check, message=None) for check in HIDDEN.checks)))
    assert secret not in text


def test_hostile_text_stays_text():
    text = render(HOSTILE)
    assert text.isascii()
    assert not set(text) & {"\x1b", "\x07", "\r"}
    report = json.loads(text)
    assert report["student"].startswith("[red]{x}[/] \x1b[31m")
    assert json.dumps(report, ensure_ascii=False).encode()  # no lone surrogate


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("schema",), "backprop-exercises/report/v2"),
        (("score",), 1.5),
        (("score",), -1),
        (("score",), True),
        (("student",), None),
        (("submission", "sha256"), "abc"),
        (("functions", 0, "outcome"), "right"),
        (("functions", 0, "line"), 3),
        (("checks", 0, "visibility"), "secret"),
        (("checks", 0, "message"), None),
        (("checks", 0, "evidence"), {}),
        (("checks", 0, "diagnosis"), "half-dropped"),
        (("checks", 0, "diagnosis"), {"id": "Half dropped", "text": "x"}),
        (("checks", 0, "diagnosis"), {"id": "half-dropped"}),
        (("checks", 0, "notes"), "a note"),
        (("checks", 0, "seconds"), -1),
        (("grader", "isolation"), "none"),
        (("violations",), [{"rule": "autograd", "function": "f", "line": 0, "text": ""}]),
        (("hidden",), 1),
    ],
)
def test_the_schema_refuses(where, value):
    report = data(WRONG)
    *path, last = where
    target = report
    for key in path:
        target = target[key]
    target[last] = value
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(report)
