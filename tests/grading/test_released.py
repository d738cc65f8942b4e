"""A student kit's checks are read from JSON: cases, what is right there, and what mistakes give, as they were."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from autograder.authoring import catalog
from autograder.errors import GraderError
from autograder.exercise import Exercise
from autograder.grading.cases import CaseGenerator, CaseRecorder
from autograder.grading.collection import collect
from autograder.grading.mistakes import Mistake
from autograder.grading.outcomes import Outcome
from autograder.grading.released import (
    case_of,
    check_of,
    mistake_of,
    outcome_of,
    read_released,
    written_case,
    written_check,
    written_mistake,
    written_outcome,
)
from autograder.grading.seeds import seed_of
from autograder.host.answers import Case, Question, Refusal
from autograder.model import Check
from autograder.publish.release.freezing import frozen

MISTAKE = Mistake("double", "half-dropped", "{parts}: doubled", "What is the ½ for?", lambda *_: None, is_whole=True)


@pytest.fixture
def student(exercise: Exercise) -> Exercise:
    """The small exercise as a student kit has it."""
    for path, text in frozen(exercise).items():
        (exercise.package / path).write_text(text, encoding="utf-8")
    return replace(exercise, checks=exercise.checks.with_suffix(".json"), solution=None)


def drawn(body, seed: int, *, exact: bool = False) -> list[Case]:
    recorder = CaseRecorder()
    body(recorder, CaseGenerator(seed, exact=exact))
    return recorder.cases


def test_a_check_and_a_mistake_are_what_they_were() -> None:
    check = Check("double", "double", "doubles", "visible", 2, ("other",), "What?")
    assert check_of(json.loads(json.dumps(written_check(check)))) == check
    found = mistake_of(json.loads(json.dumps(written_mistake(MISTAKE))))
    assert replace(found, variant=MISTAKE.variant).__dict__ == MISTAKE.__dict__
    with pytest.raises(LookupError):
        found.variant()


RIGHT = Outcome.of({"a": torch.tensor([1.0, 2.0]).double(), "b": (torch.tensor(0.5).double(), 3.0)})


@pytest.mark.parametrize(
    "values",
    [
        {"a": torch.tensor([1.0, 2.0]).double(), "b": (torch.tensor(-0.5).double(), 3.0)},  # partly right
        {"b": (torch.tensor(-0.5).double(), 4.0), "a": torch.tensor([7.0, 8.0]).double()},  # its keys in another order
        {"a": torch.tensor([[7.0, 8.0]]).double(), "b": (torch.tensor(0.5).double(), 3.0)},  # of another shape
        [torch.tensor([1.0]).double()],  # of another form
        torch.tensor([0.25, 4]),  # in single precision
        {},
    ],
    ids=str,
)
def test_an_outcome_is_what_it_was(values: object) -> None:
    outcome = Outcome.of(values)
    found = outcome_of(json.loads(json.dumps(written_outcome(outcome, RIGHT))), RIGHT)
    assert (found.arrays, found.form) == (outcome.arrays, outcome.form)


def test_what_a_mistake_raises_is_what_it_was() -> None:
    outcome = Outcome({}, {}, None, "KeyError")
    assert outcome_of(json.loads(json.dumps(written_outcome(outcome, RIGHT))), RIGHT) == outcome


def test_a_case_that_hangs_on_what_is_observed_has_no_value() -> None:
    case = case_of(json.loads(json.dumps(written_case(Case((3, [0.5])), {}))), ())
    assert (case.arguments, case.expected, case.outcomes) == ((3, [0.5]), None, {})


@pytest.mark.parametrize("exact", [False, True])
def test_the_cases_of_a_seed_are_those_that_the_check_draws(exercise: Exercise, student: Exercise, exact: bool) -> None:
    whole = [each for each in collect(exercise).checks if each.check.visibility == "visible"]
    bodies = {check.name: body for check, body in read_released(student).checks}
    assert [*bodies] == [each.check.name for each in whole]
    for each in whole:
        for number in range(3):
            seed = seed_of(number, "", "visible", each.check.name)
            [due], [found] = drawn(each.body, seed, exact=exact), drawn(bodies[each.check.name], seed, exact=exact)
            assert torch.equal(due.arguments[0], found.arguments[0])
        assert drawn(bodies[each.check.name], 12345)  # nobody has foreseen that one


def test_nothing_answers_for_a_helper(student: Exercise) -> None:
    oracles = read_released(student).oracles
    assert (oracles.functions, oracles.parameters("half"), oracles.answers_helpers) == (
        ("double", "half"),
        ("x",),
        False,
    )
    with pytest.raises(Refusal, match="double is not right yet"):
        oracles.answer(Question("double", [], {}, lambda *_: None))
    with pytest.raises(GraderError, match="does not hold what double returns"):
        oracles.expect("double", (torch.ones(1),))


@pytest.mark.parametrize("name", ["small.json", "small.cases.json"])
@pytest.mark.parametrize("text", [None, "", "{", "[]", "{}", '{"double": {}, "half": {}, "mistakes": [], "checks": 1}'])
def test_what_is_missing_or_damaged_is_told_in_a_line(student: Exercise, name: str, text: str | None) -> None:
    path = student.checks.with_name(name)
    path.unlink() if text is None else path.write_text(text)
    with pytest.raises(GraderError) as caught:
        read_released(student)
    assert name in str(caught.value)
    assert "restore it or install the kit again" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_cannot_be_said_by_values_is_code(tmp_path: Path) -> None:
    """Exercise 3's models are read, and its fit is judged from where the student's own model started."""
    exercise = catalog.find_exercise(Path(__file__).parents[2], "exercise3")
    for path, text in frozen(exercise).items():
        (tmp_path / path.parent).mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    released = read_released(replace(exercise, checks=tmp_path / "checks" / "exercise3.json"))
    assert released.oracles.is_read("fit")
    assert not released.oracles.is_read("autograd_gradients")
    fits = [body for check, body in released.checks if check.function == "fit"]
    assert all(case.expected is None for body in fits for case in drawn(body, 0))
