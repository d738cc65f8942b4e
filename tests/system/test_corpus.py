"""Real submission files and their verdicts: right ones in unusual form. The wrong ones are graded by `course check`."""

import dataclasses
from pathlib import Path

import pytest
from corpus import plain, submission_of, text_of
from places import CORPUS, KIT

from autograder.authoring import catalog
from autograder.grading.grader import Grader
from autograder.host.fork_server import ForkServer
from autograder.host.session import NOT_BY_HAND
from autograder.model import GradingSpec, Limits, Problem, Report
from autograder.submissions.submission import decode, read_submission

RIGHT = sorted((CORPUS / "right").glob("*/*"))
WRONG = sorted((CORPUS / "wrong").glob("*/*"))


def name_of(path: Path) -> str:
    return f"{path.parts[-2]}-{path.stem}"


def graded(path: Path, fork_server: ForkServer) -> Report:
    exercise = catalog.find_exercise(KIT, path.parts[-2])
    return Grader(GradingSpec(exercise), fork_server).grade(submission_of(path))


def losing(report: Report) -> set[str]:
    return {function.name for function in report.functions if function.score < function.max_score}


def test_there_are_enough() -> None:
    assert len(RIGHT) >= 65
    assert len(WRONG) >= 170


@pytest.mark.parametrize("path", RIGHT, ids=name_of)
def test_right_in_unusual_form_keeps_all_points(path: Path, fork_server: ForkServer) -> None:
    report = graded(path, fork_server)
    assert {result.check.name: str(result.message) for result in report.checks if result.outcome != "passed"} == {}
    assert report.score == report.max_score == report.exercise.points
    assert report.violations == ()
    assert Problem(NOT_BY_HAND) not in report.notes


@pytest.mark.parametrize("name", ["uses_autograd", "uses_autograd_and_catches", "uses_a_ready_made_loss"])
def test_a_breach_of_the_by_hand_rule_is_named_with_its_line(name: str, fork_server: ForkServer) -> None:
    path = CORPUS / "wrong" / "exercise1" / f"{name}.py"
    (violation,) = graded(path, fork_server).violations
    line = text_of(path).decode().splitlines()[violation.line - 1]
    assert violation.rule == "by-hand"
    assert any(word in line for word in ("backward", "autograd", "mse_loss"))


PLAIN = plain("exercise1")


def verdict(data: bytes, fork_server: ForkServer, name: str = "mine.py", limits: Limits | None = None) -> Report:
    spec = GradingSpec(catalog.find_exercise(KIT, "exercise1"), limits=limits or Limits())
    return Grader(spec, fork_server).grade(decode(data, Path(name), ""))


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + PLAIN.encode(),
        f"# -*- coding: latin-1 -*-\n# \xe9t\xe9\n{PLAIN}".encode("latin-1"),
        PLAIN.replace("    ", "\t").encode(),
        PLAIN.replace("\n\n\n", "\n\f\n").encode(),
        f"get_ipython().run_line_magic('matplotlib', 'inline')\n{PLAIN}".encode(),
    ],
    ids=["crlf", "cr", "bom", "latin-1", "tabs", "form-feeds", "exported-notebook"],
)
def test_any_way_of_saving_a_file_is_fine(data: bytes, fork_server: ForkServer) -> None:
    assert verdict(data, fork_server).score == 20


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("def predict(:\n    pass\n", "SyntaxError: invalid syntax"),
        (f"{PLAIN}\n   x = 1\n", "IndentationError"),
        (f"import no_such_module\n{PLAIN}", "No module named 'no_such_module'"),
        (f"{PLAIN}\nimport sys\nsys.exit()\n", "calls exit"),
        (f"{PLAIN}\nimport os\nos._exit(0)\n", "ended the Python process"),
        (f"{PLAIN}\nraise ValueError('at the end')\n", "ValueError: at the end"),
        ("(" * 5000, "too many nested parentheses"),
        ("one plus one\n", "SyntaxError"),
        ("<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> mine\n", "line 1 was left by a merge"),
        ('{"cells": [{"metadata": {"trusted": true}}], "nbformat": 4}', "a notebook under the name of a script"),
        ("raise ValueError\n", "ValueError"),
    ],
)
def test_a_file_that_cannot_be_loaded_earns_nothing_and_says_why(
    text: str, problem: str, fork_server: ForkServer
) -> None:
    report = verdict(text.encode(), fork_server)
    assert report.score == 0
    assert report.problem is not None
    assert problem in str(report.problem.text)
    assert all(result.outcome == "failed" for result in report.checks)


def test_an_endless_loop_at_import_is_ended(fork_server: ForkServer) -> None:
    limits = dataclasses.replace(Limits(), load_seconds=0.5)
    report = verdict(b"while True:\n    pass\n", fork_server, limits=limits)
    assert "no answer within 0.5 seconds" in str(report.problem and report.problem.text)


def test_an_endless_loop_costs_its_function_only(fork_server: ForkServer) -> None:
    text = PLAIN.replace("    return {k: parameters[k]", "    while True:\n        pass\n    return {k: parameters[k]")
    limits = dataclasses.replace(Limits(), call_seconds=0.5, impatient_seconds=0.3)
    report = verdict(text.encode(), fork_server, limits=limits)
    assert losing(report) == {"update"}


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_file_is_graded(text: str, fork_server: ForkServer) -> None:
    report = verdict(text.encode(), fork_server)
    assert report.score == 0
    assert report.problem is None


@pytest.mark.parametrize("name", ["exercise1", "exercise2", "exercise3", "exercise4"])
def test_the_stub_is_not_attempted(name: str, fork_server: ForkServer) -> None:
    exercise = catalog.find_exercise(KIT, name)
    report = Grader(GradingSpec(exercise), fork_server).grade(read_submission(exercise.stub))
    assert report.score == 0
    assert {result.outcome for result in report.checks} == {"not_attempted"}
