"""Submissions become reports: points are all or nothing, and our faults are ours."""

import dataclasses
import hashlib
import platform
from pathlib import Path
from typing import Any

import pytest
import torch
from small_kit import CHECKS, SOLUTION
from students import graded, script, solved

import autograder
import autograder.host.disk_quota
from autograder.errors import GraderError
from autograder.exercise import Exercise
from autograder.grading.grader import Grader
from autograder.host.fork_server import ForkServer
from autograder.model import GradingSpec, Problem, Report, Submission, message

RIGHT = "def double(x): return 2 * x\ndef half(x): return x / 2\n"


def reported(fork_server: ForkServer, exercise: Exercise, code: str, **options: Any) -> Report:
    return Grader(GradingSpec(exercise, **options), fork_server).grade(script(code, "small"))


def outcomes(report: Report) -> dict[str, str]:
    return {result.check.name: result.outcome for result in report.checks}


def functions(report: Report) -> list[tuple[str, int, int, str]]:
    return [(part.name, part.score, part.max_score, part.outcome) for part in report.functions]


class TestPoints:
    def test_what_is_right_has_all_its_points(self, fork_server, exercise):
        report = reported(fork_server, exercise, RIGHT)
        assert (report.score, report.max_score, report.problem, report.violations) == (6, 6, None, ())
        assert functions(report) == [("double", 5, 5, "passed"), ("half", 1, 1, "passed")]
        assert [part.line for part in report.functions] == [1, 2]
        assert [result.score for result in report.checks] == [2, 3, 1]

    def test_a_function_that_is_right_in_some_cases_has_none(self, fork_server, exercise):
        report = reported(fork_server, exercise, RIGHT + "def double(x): return 2 * x if len(x) > 1 else x")
        assert outcomes(report) == {"double": "passed", "double_one": "failed", "half": "passed"}
        assert [result.score for result in report.checks] == [0, 0, 1]
        assert functions(report) == [("double", 0, 5, "failed"), ("half", 1, 1, "passed")]

    def test_by_checks_it_has_those_of_the_checks_that_pass(self, fork_server, exercise):
        wrong = RIGHT + "def double(x): return 2 * x if len(x) > 1 else x"
        report = reported(fork_server, exercise, wrong, credit="check", with_revealed=True)
        assert [result.score for result in report.checks] == [2, 0, 1]
        assert functions(report) == [("double", 2, 5, "failed"), ("half", 1, 1, "passed")]
        assert report.credit == "check"
        assert [result.revealed is None for result in report.checks] == [True, False, True]

    def test_by_checks_whoever_has_autograd_in_one_case_has_none(self, fork_server, exercise):
        breach = (
            RIGHT
            + """
import torch
def double(x):
    if len(x) > 1:
        return 2 * x
    y = x.clone().requires_grad_()
    (y * y).sum().backward()
    return y.grad
"""
        )
        report = reported(fork_server, exercise, breach, credit="check")
        assert functions(report) == [("double", 0, 5, "failed"), ("half", 1, 1, "passed")]

    @pytest.mark.parametrize(("credit", "points"), [("function", 5), ("check", 0)])
    def test_by_checks_a_table_of_the_visible_answers_has_none(self, fork_server, exercise, credit, points):
        """Where there is a secret: the students' kit holds the visible cases."""
        exercise.checks.write_text(CHECKS.replace('visibility="hidden", ', ""), encoding="utf-8")
        first = reported(fork_server, exercise, RIGHT.replace("2 * x", "print(x.tolist()) or 2 * x"))
        known = sorted({line for line in first.printed.splitlines() if line.startswith("[")})
        table = RIGHT + f"def double(x): return 2 * x if x.tolist() in [{', '.join(known)}] else 0 * x"
        report = reported(fork_server, exercise, table, credit=credit, secret="x")
        assert functions(report)[0][1] == points

    def test_only_the_functions_that_are_asked_for_are_judged(self, fork_server, exercise):
        report = reported(fork_server, exercise, RIGHT, functions=("half",))
        assert (report.score, report.max_score, list(outcomes(report))) == (1, 1, ["half"])

    def test_one_that_waits_has_those_above_it_graded_too(self, fork_server, exercise, monkeypatch):
        """Of it alone it is not known which of them is wrong."""
        asked: list[list[str]] = []
        report = Grader._report

        def waiting(self: Grader, submission: Submission, checks: Any) -> Report:
            asked.append([each.check.name for each in checks])
            found = report(self, submission, checks)
            named = message(f"first {len(asked)}")
            waits = (dataclasses.replace(each, outcome="blocked", message=named) for each in found.checks)
            return dataclasses.replace(found, checks=tuple(waits))

        monkeypatch.setattr(Grader, "_report", waiting)
        found = reported(fork_server, exercise, RIGHT, functions=("half",))
        assert asked == [["half"], ["double", "double_one", "half"]]
        assert [(each.check.name, str(each.message)) for each in found.checks] == [("half", "first 2")]
        assert functions(found) == [("half", 1, 1, "passed")]

    def test_one_grader_takes_one_submission_after_the_other(self, fork_server, exercise):
        grader = Grader(GradingSpec(exercise), fork_server)
        codes = RIGHT, "syntax error", RIGHT.replace("/ 2", "/ 3"), RIGHT
        assert [grader.grade(script(code, "small")).score for code in codes] == [6, 0, 5, 6]

    @pytest.mark.parametrize(("name", "points"), [("exercise1", 20), ("exercise2", 30)])
    def test_the_references_of_the_kit_have_full_marks(self, fork_server, name, points):
        report = graded(fork_server, name, solved(name))
        assert (report.score, report.max_score) == (points, points)
        assert not any(check.notes for check in report.checks)


class TestUngradable:
    def test_a_file_that_does_not_load_fails_every_check(self, fork_server, exercise):
        report = reported(fork_server, exercise, RIGHT + "\nraise SystemExit")
        assert report.problem is not None
        assert set(outcomes(report).values()) == {"failed"}
        assert (report.score, report.max_score) == (0, 6)

    def test_a_file_that_was_not_decoded_fails_every_check(self, fork_server, exercise):
        problem = Problem(message("save it as UTF-8"))
        unreadable = Submission("", Path("small.py"), "", (), problem=problem)
        report = Grader(GradingSpec(exercise), fork_server).grade(unreadable)
        assert report.problem is problem
        assert "save it as UTF-8" in str(report.checks[0].message)

    def test_an_empty_file_has_no_functions(self, fork_server, exercise):
        report = reported(fork_server, exercise, "")
        assert outcomes(report) == {"double": "failed", "double_one": "blocked", "half": "failed"}
        assert "there is no `double` in your file" in str(report.checks[0].message)
        assert [part.line for part in report.functions] == [None, None]


class TestOurFaults:
    @pytest.mark.parametrize(
        ("body", "said"), [("return 3 * x", "disagree"), ("return x / None", "the grader failed: TypeError")]
    )
    def test_a_wrong_reference_is_errored_for_its_function_alone(self, fork_server, exercise, body, said):
        exercise.solution.write_text(SOLUTION.replace("return 2 * x", body), encoding="utf-8")
        report = reported(fork_server, exercise, RIGHT)
        assert outcomes(report) == {"double": "errored", "double_one": "blocked", "half": "passed"}
        assert functions(report)[0] == ("double", 0, 5, "errored")
        assert (said in str(report.checks[0].message), report.score) == (True, 1)

    def test_without_a_reference_the_oracle_judges_alone(self, fork_server, exercise):
        assert reported(fork_server, dataclasses.replace(exercise, solution=None), RIGHT).score == 6

    @pytest.mark.parametrize("wrong", ["def half(x): raise OSError(28, 'No space left on device')\n", "open(5)\n"])
    def test_what_fails_while_the_disk_is_full_is_no_verdict(self, fork_server, exercise, wrong, monkeypatch):
        assert reported(fork_server, exercise, RIGHT + wrong).score < 6
        monkeypatch.setattr(autograder.host.disk_quota, "is_full", lambda: True)
        assert reported(fork_server, exercise, RIGHT).score == 6
        with pytest.raises(GraderError, match="the disk is full"):
            reported(fork_server, exercise, RIGHT + wrong)

    def test_checks_that_do_not_fit_together_are_a_grader_error(self, fork_server, exercise):
        exercise.checks.write_text(CHECKS.replace('needs=("double",)', 'needs=("duoble",)'), encoding="utf-8")
        with pytest.raises(GraderError, match="duoble"):
            reported(fork_server, exercise, RIGHT)

    @pytest.mark.parametrize("solution", ["1 / 0", "def double(:"])
    def test_a_reference_that_does_not_load_is_a_grader_error(self, fork_server, exercise, solution):
        exercise.solution.write_text(solution, encoding="utf-8")
        with pytest.raises(GraderError, match="does not load"):
            reported(fork_server, exercise, RIGHT)


class TestConditions:
    def test_they_are_in_the_report(self, fork_server, exercise):
        report = reported(fork_server, exercise, RIGHT, seed=7)
        grader = report.grader
        assert grader.checks_sha256 == hashlib.sha256(CHECKS.encode()).hexdigest()
        assert (grader.version, grader.seed) == (autograder.__version__, 7)
        assert (grader.python, grader.torch) == (platform.python_version(), torch.__version__)
        assert grader.isolation == fork_server.isolation(off=exercise.off)
        assert report.seconds > 0

    def test_what_is_printed_is_that_of_loading_and_of_visible_checks(self, fork_server, exercise):
        code = "print('loading')\n" + RIGHT + "def double(x):\n    print(len(x))\n    return 2 * x"
        assert reported(fork_server, exercise, code).printed.split() == ["loading", "4"]

    def test_the_same_submission_gets_the_same_verdict(self, fork_server):
        wrong = solved("exercise2", "def update(parameters, gradients, learning_rates): return parameters")
        first, second = (graded(fork_server, "exercise2", wrong, seed=5) for _ in range(2))
        assert first.functions == second.functions
        untimed = [[dataclasses.replace(check, seconds=0) for check in report.checks] for report in (first, second)]
        assert untimed[0] == untimed[1]

    def test_hidden_cases_depend_on_the_secret_and_with_a_salt_on_the_student(self, fork_server, exercise):
        def hidden(student: str, **options: str) -> float:
            grader = Grader(GradingSpec(exercise, functions=("double",), **options), fork_server)
            grader.grade(dataclasses.replace(script(RIGHT, "small"), student=student))
            (case,) = [cases for (name, *_), cases in grader._cases._drawn.items() if name == "double_one"]
            return float(case[0].arguments[0])

        assert hidden("anna") == hidden("ben")
        assert hidden("anna", secret="s") == hidden("ben", secret="s") != hidden("anna")
        assert hidden("anna", secret="s", salt="1") == hidden("anna", secret="s", salt="1")
        assert len({hidden(name, secret="s", salt=salt) for name in ("anna", "ben") for salt in "12"}) == 4
