"""What is drawn of a submission: numbers of the form that is due, or a word why there are none."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import torch
from places import DATASETS
from plotted import ONE, RIGHT, exercise, submission

from autograder.errors import UserError
from autograder.grading.comparing import terms
from autograder.grading.oracles import Oracles
from autograder.host.session import Session
from autograder.model import Limits
from autograder.report.plots import drawn_submission
from autograder.report.plots.drawn_submission import Course, DrawnSubmission, Missing, columns, read, scalars, walk
from autograder.report.plots.due_values import DueValues

PARAMETERS = scalars({"a": 2.0, "b": -1.0})
X = torch.tensor([1.0, 2.0, 4.0], dtype=torch.float64)


@contextmanager
def drawn(fork_server, code: str, name: str = "exercise1") -> Iterator[DrawnSubmission]:
    oracles = Oracles(importlib.import_module(f"autograder.checks.{name}"))
    with Session(fork_server, exercise(name), submission(code), Limits()) as session:
        found = DrawnSubmission(session, DueValues(oracles))
        with found.worker():
            yield found


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("", "there is no `predict` in the file"),
        ("def predict(p, x): pass", "`predict` is not written yet"),
        ("def predict(p, x): return helper()\ndef helper(): raise NotImplementedError", "`helper` is not written yet"),
        ("def predict(p, x): raise ValueError('n$o')", "`predict` raises ValueError: n$o"),
        ("def predict(p, x): import os; os._exit(3)", "ended the Python process"),
        ("def predict(p, x): return x[:2]", "shape"),
        ("def predict(p, x): return x * float('inf')", "contains inf"),
        ("def predict(p, x): return [10**400] * 3", "`predict`"),
        (
            "import torch\ndef predict(p, x): torch.zeros(1, requires_grad=True).sum().backward()",
            "`predict` reaches for autograd",
        ),
    ],
)
def test_why_there_is_no_answer(fork_server, code, said):
    with drawn(fork_server, code) as found:
        answer = found.attempt("predict", PARAMETERS, X)
    assert isinstance(answer, Missing)
    assert said in str(answer)


def test_an_answer_has_the_form_that_is_due(fork_server):
    with drawn(fork_server, "def predict(p, x): return [1, 3.0, 7]") as found:
        answer = found.ask("predict", PARAMETERS, X)
        assert answer.dtype == torch.float64
        assert answer.tolist() == found.right("predict", PARAMETERS, X).tolist() == [1, 3, 7]


def test_training_and_gradients_stand_beside_what_is_right(fork_server):
    oracles = Oracles(importlib.import_module("autograder.checks.exercise1"))
    with Session(fork_server, exercise("exercise1"), submission(ONE), Limits()) as session:
        found = DrawnSubmission(session, DueValues(oracles))
        trained = found.train("train_epoch", (PARAMETERS,), X, X, {"a": 1e-3, "b": 1e-3}, 2, steps=3)
        gradients = found.gradients("manual_gradients", PARAMETERS, X, X)
    assert trained.yours.end is None
    assert trained.yours.losses == pytest.approx(trained.expected.losses)
    assert len(trained.yours.path) == len(trained.expected.path) == 4
    assert {name: float(mine) for name, (mine, _) in gradients.items()} == {
        name: pytest.approx(float(due)) for name, (_, due) in gradients.items()
    }


def test_what_stays_in_the_worker_is_read_there(fork_server):
    with drawn(fork_server, RIGHT["exercise3"], "exercise3") as found:
        answer = found.answer("fit", X, X, 1, 2, 0.1)
        assert [value.shape for value in found.observed("fit", answer, X, X)["start"]] == [(1, 1), (1,), (1, 1), (1,)]
        column = X.float().unsqueeze(1)
        assert found.probe("fit", "output", answer[0], column, form=terms(column)).shape == (3, 1)
        with pytest.raises(Missing, match="cannot be used"):
            found.probe("fit", "batches", answer[0], form=terms(column))
        with pytest.raises(Missing, match="something else came back"):
            found.observed("fit", (1, []), X, X)
        with pytest.raises(Missing, match="cannot be used"):
            found.right("build_model", x=X, start=["nonsense"])


def test_an_answer_of_a_nested_form_is_read():
    form = ({"a": terms(X)}, [terms(X.sum())])
    numbers, (total,) = read("f", ({"a": [1, 2, 3]}, (4,)), form)
    assert (numbers["a"].tolist(), float(total)) == ([1, 2, 3], 4)
    with pytest.raises(Missing, match='`f`: the key "a" is missing'):
        read("f", ({}, [4]), form)


def test_a_training_ends_where_a_step_gives_nothing():
    def step(state):
        if state[0] == 2:
            raise Missing("no more")
        return state[0] + 1, 10.0 * state[0]

    course = walk(step, (0,), 5)
    assert (course.path, course.losses, str(course.end)) == ([(0,), (1,), (2,)], [0, 10], "no more")
    assert walk(step, (0,), 2) == Course([(0,), (1,), (2,)], [0, 10])


def test_a_slow_training_is_drawn_as_far_as_it_came(monkeypatch):
    monkeypatch.setattr(drawn_submission, "PATIENCE", -1.0)
    assert str(walk(lambda state: (*state, 1.0), (0,), 5).end) == "no more than 1 steps were waited for"


def test_a_data_set_is_read_by_columns(tmp_path):
    x, y = columns(DATASETS / "line.csv")
    assert y.tolist() == (2 * x + 10).tolist()
    (tmp_path / "broken.csv").write_text("x,y\n1,zwei\n")
    for name, trouble in (("broken.csv", "cannot be read .*zwei.*"), ("gone.csv", "is gone")):
        with pytest.raises(UserError, match=rf"data set {name} {trouble}; get the folder datasets/ back"):
            columns(tmp_path / name)
