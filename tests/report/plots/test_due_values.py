"""What a drawing measures a submission by: worked out and taken down in one kit, and read in the other."""

import json

import pytest
import torch
from torch import Tensor

from autograder.checks import exercise1
from autograder.errors import GraderError
from autograder.grading.oracles import Oracles
from autograder.report.plots.due_values import DueValues

PARAMETERS = {"a": torch.tensor(2.0).double(), "b": torch.tensor(-1.0).double()}
X = torch.tensor([1.0, 3.0]).double()
ORACLES = Oracles(exercise1)


def read_again(due: DueValues) -> DueValues:
    return DueValues(ORACLES, json.loads(json.dumps(due.taken)))


def test_what_was_taken_down_is_there_without_a_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    due = DueValues(ORACLES)
    expected = due.right("predict", (PARAMETERS, X), {})
    form = due.form("predict", (PARAMETERS, X))
    found = read_again(due)
    monkeypatch.setattr(ORACLES, "expect", None)
    assert found.right("predict", (PARAMETERS, X), {}).tolist() == expected.tolist() == [1, 5]
    assert found.form("predict", (PARAMETERS, X)).value.shape == form.value.shape == (2,)
    nearly = {name: value * (1 + 1e-12) for name, value in PARAMETERS.items()}  # another machine rounds otherwise
    assert found.right("predict", (nearly, X), {}).tolist() == [1, 5]


def test_a_form_hangs_on_the_forms_of_the_arguments_alone() -> None:
    due = DueValues(ORACLES)
    due.form("predict", (PARAMETERS, X))
    assert read_again(due).form("predict", (PARAMETERS, -X)).value.tolist() == [0, 0]


def test_of_what_is_asked_for_on_the_way_nothing_is_taken_down() -> None:
    due = DueValues(ORACLES)

    def height() -> Tensor:
        return due.right("loss", (due.right("predict", (PARAMETERS, X), {}), X), {})

    assert float(due.of("surface", PARAMETERS, height)) == 2
    assert [key.split()[0] for key in due.taken] == ["surface"]


def test_what_hangs_on_an_answer_is_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    due = DueValues(ORACLES, {})
    monkeypatch.setattr(ORACLES, "expect", lambda *_: X)
    monkeypatch.setattr("autograder.report.plots.due_values.values", lambda expected: expected)
    assert due.right("predict", (X,), {"start": X}) is X
    assert due.taken == {}


@pytest.mark.parametrize("known", [{}, {"damaged": 1}, []])
def test_what_is_not_there_is_told_in_a_line(known: object) -> None:
    with pytest.raises(GraderError, match=r"^the student kit does not hold predict of this; ask for a complete one$"):
        DueValues(ORACLES, known).right("predict", (PARAMETERS, X), {})
