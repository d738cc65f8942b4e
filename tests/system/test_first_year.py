"""The mistakes of first-year students: what they are told is enough to find them, and never false."""

import re
from pathlib import Path

import pytest
from first_year import mistakes
from places import KIT

from autograder.authoring.catalog import find_exercise
from autograder.grading.grader import Grader
from autograder.host.fork_server import ForkServer
from autograder.model import Cell, GradingSpec, Submission
from autograder.report.text import explanation, render

MISTAKES = list(mistakes())
LINES, WIDTH = 24, 80  # of a terminal
# What does not hang on a bank of known mistakes.
SAID = {
    "2": "it prints a value and returns none",
    "4": "`parameters` is a dict, and `a` is one of its keys", "5": "`a` is text here, not a number",
    "6": "`predict` got a tensor as `parameters`, where a dict is due", "7": "`^` is no power in Python",
    "8": "`predict` has code, and still it comes to its `raise", "8b": "`predict` has code, and still it comes to its",
    "17": "NumPy's `np.sum` cannot take this tensor",
    "18": "`mse_loss` is switched off", "19": "did you mean `y_pred`?", "20": "a number runs into what follows it",
    "20b": "a colon : is missing", "20c": "is to be indented", "20d": "use blanks alone",
    "21": "− is a printed minus", "21b": "Python writes it 0.5", "29": "`backward` is switched off",
    "30": "the answer is a tuple; a dict with the keys a, b is due", "30b": 'the key "a" is missing',
    "33": "`parameters` was changed in place", "40": "your function `loss` is hidden",
    "41": "is there a loop that never ends?",
    "50": "its tensors come back with requires_grad on", "51": "no tensor that led here was watched",
    "52": "`.grad` of the tensors that you read is empty",
    "70": "right for two layers, but not for another number", "71": "`weights` and `biases` were",
}  # fmt: skip
graders: dict[str, Grader] = {}


def shown(exercise: str, code: str, fork_server: ForkServer) -> tuple[str, str]:
    """The whole report, and what it says of the function that is wrong."""
    grader = graders.setdefault(exercise, Grader(GradingSpec(find_exercise(KIT, exercise)), fork_server))
    report = grader.grade(Submission("", Path(f"{exercise}.py"), "0" * 64, (Cell(f"{exercise}.py", code),)))
    wrong = [result for result in report.functions if result.outcome == "failed"]
    assert wrong
    return render(report, width=WIDTH, color=False), explanation(report, wrong[0])


def test_there_are_enough() -> None:
    assert len({re.match(r"\d+", number)[0] for number, *_ in MISTAKES}) == 71


@pytest.mark.parametrize(("number", "title", "exercise", "code"), MISTAKES, ids=[each[0] for each in MISTAKES])
def test_what_is_said(number: str, title: str, exercise: str, code: str, fork_server: ForkServer) -> None:
    report, said = shown(exercise, code, fork_server)
    assert SAID.get(number, "") in " ".join(said.split()), title
    assert "— not written yet" not in report
    assert "Nothing is written yet" not in report
    assert said.count("ask yourself") <= 1
    assert said.count("\n") < LINES
    assert max(map(len, report.splitlines())) <= WIDTH
