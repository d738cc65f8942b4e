"""Submissions become reports: the checks are collected once, points are all or nothing, and our faults are ours."""

import dataclasses
import hashlib
import itertools
import platform
from pathlib import Path
from typing import Any

import pytest
import torch
from places import KIT
from small_kit import CHECKS, SOLUTION
from students import graded, result, scores, script, solved

import autograder
import autograder.grading.grader
from autograder.authoring.catalog import find_exercise
from autograder.errors import GraderError
from autograder.exercise import Exercise
from autograder.grading.grader import Options, grade, grade_one
from autograder.host.fork_server import ForkServer
from autograder.model import Problem, Report, Submission, message

RIGHT = "def double(x): return 2 * x\ndef half(x): return x / 2\n"


NUMBERS = itertools.count()


@pytest.fixture
def exercise(tmp_path: Path) -> Exercise:
    """An exercise of two functions, with a reference; of a new name, since a process imports each module once."""
    name = f"small{next(NUMBERS)}"
    for folder in ("checks", "solutions", "exercises", "datasets"):
        (tmp_path / folder).mkdir()
    checks, solution = tmp_path / "checks" / f"{name}.py", tmp_path / "solutions" / f"{name}.py"
    checks.write_text(CHECKS, encoding="utf-8")
    solution.write_text(SOLUTION, encoding="utf-8")
    functions = (("double", 5), ("half", 1))
    return Exercise(name, "Small", functions, tmp_path, tmp_path / "exercises" / f"{name}.py", checks, solution)


def reported(fork_server: ForkServer, exercise: Exercise, *codes: str, **options: Any) -> list[Report]:
    reports: list[Report] = []
    grade(exercise, [script(code, "small") for code in codes], reports.append, fork_server, Options(**options))
    return reports


def outcomes(report: Report) -> dict[str, str]:
    return {result.check.name: result.outcome for result in report.checks}


class TestPoints:
    def test_what_is_right_has_all_its_points(self, fork_server, exercise):
        (report,) = reported(fork_server, exercise, RIGHT)
        assert (report.score, report.max_score, report.problem, report.violations) == (6, 6, None, ())
        assert [(part.name, part.score, part.outcome, part.line) for part in report.functions] == [
            ("double", 5, "passed", 1),
            ("half", 1, "passed", 2),
        ]
        assert [result.score for result in report.checks] == [2, 1, 3]

    def test_a_function_that_is_right_in_some_cases_has_none(self, fork_server, exercise):
        code = RIGHT + "def double(x): return 2 * x if len(x) > 1 else x"
        (report,) = reported(fork_server, exercise, code)
        assert outcomes(report) == {"double": "passed", "half": "passed", "double_one": "failed"}
        assert [result.score for result in report.checks] == [0, 1, 0]
        assert [(part.score, part.max_score, part.outcome) for part in report.functions] == [
            (0, 5, "failed"),
            (1, 1, "passed"),
        ]

    def test_what_needs_a_failed_check_is_blocked(self, fork_server, exercise):
        (report,) = reported(fork_server, exercise, "def double(x): return x\ndef half(x): return x / 2")
        assert outcomes(report) == {"double": "failed", "half": "passed", "double_one": "blocked"}
        assert report.functions[0].outcome == "failed"

    def test_only_the_functions_that_are_asked_for_are_judged(self, fork_server, exercise):
        (report,) = reported(fork_server, exercise, RIGHT, functions=("half",))
        assert (report.score, report.max_score, list(outcomes(report))) == (1, 1, ["half"])

    def test_submissions_are_reported_one_by_one_in_order(self, fork_server, exercise):
        reports = reported(fork_server, exercise, RIGHT, "syntax error", RIGHT.replace("/ 2", "/ 3"))
        assert [report.score for report in reports] == [6, 0, 5]

    def test_a_report_is_emitted_before_the_next_submission_is_read(self, fork_server, exercise):
        emitted: list[Report] = []

        def submissions() -> Any:
            for _ in range(2):
                yield script(RIGHT, "small")
                assert emitted

        grade(exercise, submissions(), emitted.append, fork_server, Options())
        assert len(emitted) == 2

    def test_the_references_of_the_kit_have_full_marks(self, fork_server):
        for name, points in (("exercise1", 20), ("exercise2", 30)):
            report = graded(fork_server, name, solved(name))
            assert (report.score, report.max_score) == (points, points)
            assert not any(check.notes for check in report.checks)


class TestUngradable:
    def test_a_file_that_does_not_load_fails_every_check(self, fork_server, exercise):
        (report,) = reported(fork_server, exercise, RIGHT + "\nraise SystemExit")
        assert report.problem is not None
        assert set(outcomes(report).values()) == {"failed"}
        assert (report.score, report.max_score) == (0, 6)

    def test_a_file_that_was_not_decoded_fails_every_check(self, fork_server, exercise):
        problem = Problem(message("save it as UTF-8"))
        reports: list[Report] = []
        grade(
            exercise,
            [Submission("", Path("small.py"), "", (), problem=problem)],
            reports.append,
            fork_server,
            Options(),
        )
        assert reports[0].problem is problem
        assert "save it as UTF-8" in str(reports[0].checks[0].message)

    def test_an_empty_file_has_no_functions(self, fork_server, exercise):
        (report,) = reported(fork_server, exercise, "")
        assert outcomes(report) == {"double": "failed", "half": "failed", "double_one": "blocked"}
        assert "there is no `double` in your file" in str(report.checks[0].message)
        assert [part.line for part in report.functions] == [None, None]

    def test_a_misspelt_function_is_guessed(self, fork_server, exercise):
        (report,) = reported(fork_server, exercise, RIGHT.replace("double", "duoble"))
        assert "did you mean `duoble`?" in str(report.checks[0].message)
        assert scores(report) == {"double": 0}


class TestOurFaults:
    def test_a_reference_that_disagrees_is_errored_for_its_function_alone(self, fork_server, exercise):
        exercise.solution.write_text(SOLUTION.replace("return 2 * x", "return 3 * x"), encoding="utf-8")
        (report,) = reported(fork_server, exercise, RIGHT)
        assert outcomes(report) == {"double": "errored", "half": "passed", "double_one": "blocked"}
        assert (report.functions[0].outcome, report.functions[0].score, report.score) == ("errored", 0, 1)

    def test_a_reference_that_raises_is_errored(self, fork_server, exercise):
        exercise.solution.write_text(SOLUTION.replace("return 2 * x", "return x / None"), encoding="utf-8")
        (report,) = reported(fork_server, exercise, RIGHT)
        assert outcomes(report)["double"] == "errored"
        assert "the grader failed" in str(report.checks[0].message)

    def test_a_wrong_answer_is_not_the_kits_fault(self, fork_server):
        report = graded(fork_server, "exercise1", solved("exercise1", "def loss(y_pred, y): return y.sum()"))
        assert {check.outcome for check in report.checks} == {"passed", "failed", "blocked"}

    def test_without_a_reference_the_oracle_judges_alone(self, fork_server, exercise):
        (report,) = reported(fork_server, dataclasses.replace(exercise, solution=None), RIGHT)
        assert report.score == 6

    def test_a_check_that_raises_is_errored(self, fork_server, exercise):
        broken = CHECKS.replace('"""doubles one value"""\n    judge', '"""doubles one value"""\n    1 / 0\n    judge')
        exercise.checks.write_text(broken, encoding="utf-8")
        (report,) = reported(fork_server, exercise, RIGHT)
        assert outcomes(report) == {"double": "passed", "half": "passed", "double_one": "errored"}
        assert "ZeroDivisionError" in str(result(report, "double_one").message)

    @pytest.mark.parametrize("checks", ["import nothing_of_that_name", "def check_(:", "x = 1", "", "1 / 0"])
    def test_checks_that_do_not_load_are_a_grader_error(self, fork_server, exercise, checks):
        exercise.checks.write_text(checks, encoding="utf-8")
        with pytest.raises(GraderError, match="checks of small"):
            reported(fork_server, exercise, RIGHT)

    @pytest.mark.parametrize("solution", ["1 / 0", "def double(:"])
    def test_a_reference_that_does_not_load_is_a_grader_error(self, fork_server, exercise, solution):
        exercise.solution.write_text(solution, encoding="utf-8")
        with pytest.raises(GraderError, match="does not load"):
            reported(fork_server, exercise, RIGHT)

    def test_an_interrupt_goes_through(self, fork_server, exercise):
        def interrupt(_: Report) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            grade(exercise, [script(RIGHT, "small")], interrupt, fork_server, Options())


class TestConditions:
    def test_they_are_in_the_report(self, fork_server, exercise):
        (report,) = reported(fork_server, exercise, RIGHT, seed=7)
        grader = report.grader
        assert grader.checks_sha256 == hashlib.sha256(CHECKS.encode()).hexdigest()
        assert (grader.version, grader.seed) == (autograder.__version__, 7)
        assert (grader.python, grader.torch) == (platform.python_version(), torch.__version__)
        assert grader.isolation == fork_server.isolation()
        assert report.seconds > 0

    def test_what_is_printed_is_that_of_loading_and_of_visible_checks(self, fork_server, exercise):
        code = "print('loading')\n" + RIGHT + "def double(x):\n    print(len(x))\n    return 2 * x"
        (report,) = reported(fork_server, exercise, code)
        assert report.printed.split() == ["loading", "4", "4"]

    def test_settings_of_pytest_do_not_reach_the_checks(self, fork_server, exercise, monkeypatch):
        monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only")
        monkeypatch.setenv("PYTEST_PLUGINS", "nothing_of_that_name")
        (exercise.checks.parent / "conftest.py").write_text("1 / 0", encoding="utf-8")
        (exercise.kit / "pytest.ini").write_text("[pytest]\naddopts = --collect-only", encoding="utf-8")
        monkeypatch.chdir(exercise.kit)
        (report,) = reported(fork_server, exercise, RIGHT)
        assert report.score == 6
        assert autograder.grading.grader.os.environ["PYTEST_ADDOPTS"] == "--collect-only"
        assert "PYTEST_DISABLE_PLUGIN_AUTOLOAD" not in autograder.grading.grader.os.environ

    def test_nothing_is_written_beside_the_checks(self, fork_server, exercise):
        before = sorted(path for path in exercise.kit.rglob("*") if "__pycache__" not in path.parts)
        reported(fork_server, exercise, RIGHT)
        assert sorted(path for path in exercise.kit.rglob("*") if "__pycache__" not in path.parts) == before

    def test_the_same_submission_gets_the_same_verdict(self, fork_server):
        wrong = solved("exercise2", "def update(parameters, gradients, learning_rates): return parameters")
        first, second = (graded(fork_server, "exercise2", wrong, seed=5) for _ in range(2))
        assert first.functions == second.functions
        assert [dataclasses.replace(check, seconds=0) for check in first.checks] == [
            dataclasses.replace(check, seconds=0) for check in second.checks
        ]

    @pytest.mark.parametrize("secret", ["", "s3cret"])
    def test_the_secret_comes_from_the_environment(self, fork_server, exercise, monkeypatch, secret):
        seen: list[Options] = []
        whole = grade

        def watched(*given: Any) -> None:
            seen.append(given[-1])
            whole(*given)

        monkeypatch.setattr(autograder.grading.grader, "grade", watched)
        monkeypatch.setenv("COURSE_SECRET", secret)
        report = grade_one(exercise, script(RIGHT, "small"), seed=2, functions=("half",), fork_server=fork_server)
        assert (seen[0].secret, seen[0].seed, seen[0].functions) == (secret, 2, ("half",))
        assert report.score == 1
        assert secret == "" or secret not in repr(report)

    def test_the_exercises_of_the_kit_are_found(self):
        assert find_exercise(KIT, "exercise1").points == 20


def test_what_fails_outside_of_all_checks_is_told(exercise, fork_server):
    def full(_report: Report) -> None:
        raise OSError("the disk is full")

    with pytest.raises(GraderError, match="the disk is full"):
        grade(exercise, [script(RIGHT, "small")], full, fork_server, Options())
