"""A hidden check in full: from a failure, of whatever kind it is; the size is bounded, the reference is asked."""

from pathlib import Path
from typing import Any

import pytest
import torch

from autograder.exercise import Exercise
from autograder.grading.collection import collect
from autograder.grading.comparing import Comparison, terms
from autograder.grading.evaluation import CheckFailed
from autograder.grading.formatting import LONGEST
from autograder.grading.grader import load_reference
from autograder.grading.oracles import Oracles
from autograder.grading.revealing import revealed
from autograder.host.answers import Case, Frame, Raised, Returned, WorkerLost
from autograder.host.in_process import ReferenceFunctions
from autograder.model import Check, CheckResult, Revealed, RevealedPart, message

HIDDEN = CheckResult(Check("double_one", "double", "doubles one value", "hidden", 3, (), "?"), "failed", 0)
X = torch.tensor([1.5, 2.5], dtype=torch.float64)


@pytest.fixture
def kit(exercise: Exercise) -> tuple[Oracles, ReferenceFunctions]:
    return collect(exercise).oracles, ReferenceFunctions(load_reference(exercise))


def told(kit: tuple[Oracles, ReferenceFunctions], kind: Any, answer: Any, **more: Any) -> Revealed:
    failure = CheckFailed(kind, message("it is wrong"), case=Case((X,)), answer=answer, **more)
    said = revealed(HIDDEN, failure, *kit).revealed
    assert said is not None
    assert said.case == (("x", "[1.5, 2.5]"),)
    return said


def test_wrong_values_stand_beside_the_oracle_s_and_the_reference_s(kit):
    wrong = Comparison("", terms(2 * X), 3 * X)
    said = told(kit, "value", Returned(3 * X), wrong=(wrong,))
    assert said.parts == (RevealedPart("", "[4.5, 7.5]", "[3, 5]", "[3, 5]"),)
    assert said.answer == ""


def test_an_answer_of_another_form_is_shown_as_it_came(kit):
    said = told(kit, "type", Returned({"x": "word"}))
    assert (said.answer, said.parts) == ("x = word", (RevealedPart("", "", "[3, 5]", "[3, 5]"),))


def test_an_exception_has_its_words_and_lines(kit):
    raised = Raised("ValueError", "no", (Frame("small.py", 2, "double", "raise ValueError"),))
    said = told(kit, "raised", raised)
    assert (said.python, said.trace) == ("ValueError: no", ("small.py, line 2, in double: raise ValueError",))


def test_where_nothing_came_the_case_is_told(kit):
    assert told(kit, "late", WorkerLost("late", message("no answer"))).parts[0].reference == "[3, 5]"
    failure = CheckFailed("unusable", message("there is no `double`"))
    assert revealed(HIDDEN, failure, *kit).revealed == Revealed(message("{text}", text="there is no `double`"))


def test_however_long_an_answer_is_what_is_told_is_short(kit):
    said = told(kit, "type", Returned([["x" * 10_000] * 50] * 100))
    assert said.answer == "list of 100"
    assert len(told(kit, "raised", Raised("E", "y" * 10_000)).python) == LONGEST
    assert len(told(kit, "type", Returned("z" * 10_000)).answer) == LONGEST


def test_a_reference_that_fails_costs_no_verdict(kit, exercise: Exercise):
    Path(exercise.solution).write_text("def double(x): raise ValueError\n", encoding="utf-8")
    broken = ReferenceFunctions(load_reference(exercise))
    assert told((kit[0], broken), "type", Returned("word")).parts == ()
