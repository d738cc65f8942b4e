"""The values that everything speaks in: messages are filled late, points are summed, nothing can be changed."""

import dataclasses
import pickle
from pathlib import Path

import pytest

from autograder.exercise import Exercise
from autograder.model import FunctionResult, GraderRecord, GradingSpec, Message, Report, Submission, looks_at, message

EXERCISE = Exercise("e", "E", (("double", 5), ("half", 1)), Path(), Path(), Path(), None)


def test_a_message_keeps_its_template_and_shows_values_as_text() -> None:
    made = message("{name} is {value}", name="`a`", value=1.5)
    assert (made.template, str(made)) == ("{name} is {value}", "`a` is 1.5")
    assert made == Message("{name} is {value}", (("name", "`a`"), ("value", "1.5")))


def test_braces_in_a_value_are_text() -> None:
    assert str(message("it raises {error}", error="KeyError: {x}")) == "it raises KeyError: {x}"


def test_a_report_sums_the_points_of_its_functions() -> None:
    functions = (FunctionResult("double", 5, 5, "passed", 1), FunctionResult("half", 0, 1, "failed", None))
    record = GraderRecord("1", "0" * 64, "3.11", "2.13", "process", 0)
    report = Report(EXERCISE, Submission("", Path(), "", ()), functions, (), (), record, 0.1)
    assert (report.score, report.max_score) == (5, 6)


def test_a_spec_crosses_to_another_process_and_cannot_be_changed() -> None:
    spec = GradingSpec(EXERCISE, seed=3)
    assert pickle.loads(pickle.dumps(spec)) == spec
    with pytest.raises(dataclasses.FrozenInstanceError):
        spec.seed = 4  # type: ignore[misc]


@pytest.mark.parametrize(
    ("summary", "words"),
    [
        ("works for one sample, for many samples, and in float32", ["one sample", "many samples", "float32"]),
        ("works with any loss and optimizer, for one batch", ["any loss and optimizer", "one batch"]),
        ("works for square layers and for one output", ["square layers", "one output"]),
        ("gives back what it was given", ["gives back what it was given"]),
    ],
)
def test_what_a_hidden_check_looks_at(summary: str, words: list[str]) -> None:
    assert looks_at(summary) == words
