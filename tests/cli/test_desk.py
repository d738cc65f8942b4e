"""The desk: graders are made once, and a report is delivered before anything else is done with it."""

import sys
from types import SimpleNamespace

import pytest
from example_reports import RIGHT, WRONG

from autograder.cli import desk, hints, last_scores
from autograder.cli.desk import Choices, Desk

CHOICES = Choices("text", None, (), watch=False, hint=None, plot=None, seed=3, isolation=None, student="")


@pytest.fixture
def made(monkeypatch) -> list:
    """The specs of the graders that are made."""
    made = []

    class Made:
        def __init__(self, spec: object, _fork_server: object) -> None:
            made.append(spec)

        def grade(self, _submission: object) -> object:
            return RIGHT

    monkeypatch.setitem(sys.modules, "autograder.grading.grader", SimpleNamespace(Grader=Made))
    return made


def test_a_grader_is_made_once_for_an_exercise_and_its_functions(made):
    at = Desk(CHOICES, None)
    for functions in ((), (), ("loss",), ()):
        assert at.grade(RIGHT.exercise, RIGHT.submission, functions) is RIGHT
    assert [(spec.seed, spec.functions) for spec in made] == [(3, ()), (3, ("loss",))]


def test_text_before_the_report(capsys):
    assert Desk(CHOICES, None).deliver(WRONG, "first ")
    assert capsys.readouterr().out.startswith("first exercise2 — Two layers")


def test_what_follows_a_report(monkeypatch):
    done = []
    for module in (last_scores, hints):
        monkeypatch.setattr(module, "remember", lambda *given, module=module: done.append((module, *given)))
    Desk(CHOICES, None).follow_up(WRONG)
    assert done == [(last_scores, WRONG), (hints, WRONG, ["chain_rule_gradients"])]


@pytest.mark.parametrize(("report", "code"), [(RIGHT, 0), (WRONG, 1)])
def test_exit_codes(report, code):
    assert desk.exit_code(report) == code
