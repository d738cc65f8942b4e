"""The command `grade`: what it accepts and delivers, and its exit codes; the grader is a fake here."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from example_reports import ERRORED, HIDDEN, RIGHT, STUB, UNLOADABLE, WRONG

from autograder.authoring import catalog
from autograder.cli import grade
from autograder.cli.formats import FORMS
from autograder.model import Revealed, RevealedPart, message


class TestVerdicts:
    @pytest.mark.parametrize(("report", "code"), [(RIGHT, 0), (WRONG, 1), (STUB, 1), (UNLOADABLE, 1), (ERRORED, 3)])
    def test_the_exit_code_is_the_verdict(self, kit, grader, capsys, report, code):
        grader.report = report
        assert grade.run(["exercise2"]) == code
        captured = capsys.readouterr()
        assert captured.out.startswith("exercise2 — Two layers, one factor")
        assert captured.err.count("\n") == (1 if code == 3 else 0)

    def test_the_worker_starts_first_and_ends(self, kit, grader):
        grade.run(["exercise2"])
        assert grader.events == ["started", "graded", "closed"]

    def test_the_worker_ends_after_a_failure_too(self, kit, grader):
        grader.report = RuntimeError("broken")
        grade.run(["exercise2"])
        assert grader.events == ["started", "graded", "closed"]

    def test_options_reach_the_grader(self, kit, grader, capsys):
        arguments = ["--seed", "7", "--function", "loss", "--function", "forward", "--student", "ada"]
        assert grade.run(["exercise2", *arguments, "--format", "json"]) == 0
        assert grader.calls == [{"seed": 7, "functions": ("loss", "forward")}]
        assert json.loads(capsys.readouterr().out)["student"] == "ada"

    def test_without_options(self, kit, grader):
        assert grade.run(["exercise2"]) == 0
        assert grader.calls == [{"seed": 0, "functions": ()}]

    def test_the_exercise_s_own_file_is_named_as_seen_from_here(self, kit, grader, capsys, monkeypatch):
        monkeypatch.chdir(kit / "datasets")
        assert grade.run(["exercise2", "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out)["submission"]["path"] == "../exercises/exercise2.py"

    UNWRITTEN = "def forward(parameters, x):\n    raise NotImplementedError\n"
    WRITTEN = "def forward(parameters, x):\n    return x, x\n"

    @pytest.mark.parametrize(
        ("script", "cells", "graded"),
        [
            (UNWRITTEN, [UNWRITTEN], "exercise2.py"),
            (UNWRITTEN, [WRITTEN], "exercise2.ipynb"),
            (UNWRITTEN, ["x = (", WRITTEN], "exercise2.ipynb"),
            (WRITTEN, [WRITTEN], "exercise2.py"),
            (f"{WRITTEN}x = (\n", [WRITTEN], "exercise2.py"),
            (UNWRITTEN, [], "exercise2.py"),
            (UNWRITTEN, None, "exercise2.py"),
        ],
        ids=["none", "notebook", "notebook-with-a-slip", "both", "script-with-a-slip", "empty-notebook", "no-notebook"],
    )
    def test_the_file_is_the_one_that_has_been_worked_in(self, kit, grader, capsys, script, cells, graded):
        (kit / "exercises" / "exercise2.py").write_text(script)
        if cells is not None:
            code = [{"cell_type": "code", "source": cell, "metadata": {}, "outputs": []} for cell in cells]
            notebook = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": code}
            (kit / "exercises" / "exercise2.ipynb").write_text(json.dumps(notebook))
            os.utime(kit / "exercises" / "exercise2.ipynb", ns=(0, 0))
        grade.run(["exercise2", "--format", "json"])
        assert json.loads(capsys.readouterr().out)["submission"]["path"] == f"exercises/{graded}"

    def test_a_submission_is_named_as_given(self, kit, grader, capsys):
        (kit / "mine.py").write_text("a = 1\n")
        assert grade.run(["exercise2", "./datasets/../mine.py", "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out)["submission"]["path"] == "datasets/../mine.py"

    def test_piped_text_has_80_columns_and_no_colour(self, kit, grader, capsys, monkeypatch):
        monkeypatch.setenv("COLUMNS", "200")
        monkeypatch.setenv("FORCE_COLOR", "1")
        grade.run(["exercise2"])
        out = capsys.readouterr().out
        assert "\x1b" not in out
        assert max(map(len, out.split("\n"))) == 80

    @pytest.mark.parametrize(
        ("columns", "environment", "width", "colored"),
        [
            ("200", {}, 100, True),
            ("70", {}, 70, True),
            ("70", {"NO_COLOR": "1"}, 70, False),
            ("70", {"TERM": "dumb"}, 70, False),
        ],
    )
    def test_a_terminal(self, kit, grader, capsys, monkeypatch, columns, environment, width, colored):
        monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
        monkeypatch.setenv("COLUMNS", columns)
        for name in ("NO_COLOR", "TERM"):
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        grade.run(["exercise2"])
        out = capsys.readouterr().out
        assert ("\x1b[" in out) == colored
        if not colored:
            assert max(map(len, out.split("\n"))) == width

    def test_full_marks_lead_to_the_next_exercise(self, kit, grader, capsys):
        grade.run(["exercise1"])
        assert "Next:         exercise2 — Two layers, one factor, in exercises/exercise2.py" in capsys.readouterr().out
        grade.run(["exercise2"])
        assert "Next:" not in capsys.readouterr().out


class TestUnusableInput:
    def test_an_unknown_exercise_names_the_nearest(self, kit, grader, fails):
        assert "did you mean exercise2?" in fails(2, "exercize2")

    @pytest.mark.parametrize("name", ["nothing.py", "exercises", "datasets"])
    def test_what_is_no_submission(self, kit, grader, fails, name):
        assert name in fails(2, "exercise2", name)
        assert grader.events == []

    def test_a_name_cannot_break_the_line(self, kit, grader, fails):
        assert "no\\nfile" not in fails(2, "exercise2", "no\nfile\x1b[31m.py")

    def test_an_unknown_function_names_the_nearest(self, kit, grader, fails):
        assert fails(2, "exercise2", "--function", "foward").endswith("did you mean forward?")
        assert fails(2, "exercise2", "--function", "zzz").endswith("it has forward, loss")
        assert grader.events == []

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--nonsense"], "--nonsense"),
            (["exercise2", "--seed", "x"], "'x' is not a valid whole number"),
            (["exercise2", "--seed", "-1"], "-1 is not in the range 0<=x<=4294967295"),
            (["exercise2", "--format", "yaml"], "'yaml' is not one of 'text', 'json'"),
            (["exercise2", "a.py", "b.py"], "unexpected extra argument"),
            (["exercise2", "--output"], "requires an argument"),
        ],
    )
    def test_usage(self, kit, grader, fails, arguments, said):
        line = fails(2, *arguments)
        assert said in line
        assert line.endswith("(see grade --help)")

    @pytest.mark.parametrize(
        "arguments", [["--format", "json"], ["--output", "a"], ["--function", "loss"], ["--watch"]]
    )
    def test_options_without_an_exercise(self, kit, fails, arguments):
        assert fails(2, *arguments).startswith("which exercise?")

    def test_outside_the_kit(self, tmp_path, grader, fails, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert "is not inside the kit; " in fails(2)
        assert "is not inside the kit; " in fails(2, "exercise2")

    @pytest.mark.parametrize("more", [[], ["mine.py"], ["/tmp/mine.py"], ["/tmp/mine.py", "--output", "report"]])
    def test_in_a_folder_that_is_gone(self, kit, grader, fails, monkeypatch, more):
        gone = kit / "gone"
        gone.mkdir()
        monkeypatch.chdir(gone)
        gone.rmdir()
        assert "the current folder is gone" in fails(2, "exercise2", *more)


class TestFindingTheKit:
    def test_around_the_submission(self, kit, grader, tmp_path, monkeypatch, capsys):
        monkeypatch.chdir(tmp_path)
        assert grade.run(["exercise2", "the kit/exercises/exercise2.py"]) == 0
        assert "Next:         exercise1" in capsys.readouterr().out

    def test_around_the_package(self, kit, grader, fails, tmp_path, monkeypatch):
        package = kit / "autograder" / "cli" / "grade.py"
        monkeypatch.setattr(grade, "__file__", str(package))
        monkeypatch.chdir(tmp_path)
        (tmp_path / "mine.py").write_text("a = 1\n")
        assert grade.run(["exercise2", "mine.py"]) == 0
        assert "is not inside the kit" in fails(2, "exercise2")

    def test_a_package_below_a_kit_is_not_in_it(self, kit, grader, fails, tmp_path, monkeypatch):
        """A venv inside the kit is the common case, and there the current folder decides."""
        package = kit / ".venv" / "lib" / "autograder" / "cli" / "grade.py"
        monkeypatch.setattr(grade, "__file__", str(package))
        monkeypatch.chdir(tmp_path)
        (tmp_path / "mine.py").write_text("a = 1\n")
        assert "is not inside the kit" in fails(2, "exercise2", "mine.py")


class TestOutput:
    @pytest.mark.parametrize("form", ["text", "json"])
    def test_a_file_instead_of_standard_output(self, kit, grader, capsys, form):
        assert grade.run(["exercise2", "--format", form, "--output", "report.out"]) == 0
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err == "grade: the report is in report.out\n"
        written = Path("report.out").read_bytes().decode()
        assert "exercise2" in written
        assert "\x1b" not in written
        assert [path.name for path in kit.iterdir() if path.name.startswith(".")] == []

    def test_a_device_is_written_to_and_stays_one(self, kit, grader):
        assert grade.run(["exercise2", "--output", os.devnull]) == 0
        assert not Path(os.devnull).is_file()

    @pytest.mark.parametrize(
        ("output", "said"),
        [
            ("datasets", "is a folder"),
            ("nowhere/report.json", "there is no folder nowhere"),
            ("exercises/exercise2.py", "choose another"),
            ("exercises/exercise2.py/report.json", "there is no folder"),
            ("x" * 5000, "cannot be written"),
        ],
    )
    def test_what_cannot_be_written_is_refused(self, kit, grader, fails, output, said):
        assert said in fails(2, "exercise2", "--output", output)
        assert Path("exercises/exercise2.py").read_text() == "a = 1\n"

    def test_it_is_refused_before_grading(self, kit, grader, fails, monkeypatch):
        monkeypatch.setattr(os, "access", lambda *_: False)
        fails(2, "exercise2", "--output", "datasets")
        fails(2, "exercise2", "--output", "report.json")
        assert grader.events == []


class TestReveal:
    @pytest.fixture
    def hidden(self, grader):
        """One of whose hidden checks the grader tells everything."""
        said = Revealed(message("it is 4711"), (("x", "[4712.5]"),), (RevealedPart("", "1.25", "2.25", "2.75"),))
        told = (replace(each, revealed=said if each.outcome == "failed" else None) for each in HIDDEN.checks)
        grader.report = replace(HIDDEN, checks=tuple(told))
        return grader

    @pytest.mark.parametrize("form", grade.REVEALING)
    def test_hidden_checks_are_told_in_full(self, kit, hidden, capsys, monkeypatch, form):
        monkeypatch.setattr("autograder.report.plots.for_page", lambda *_: ())
        assert grade.run(["exercise2", "--reveal", "--format", form, "--output", "report"]) == 1
        assert hidden.spec.with_revealed
        shown = Path("report").read_text(encoding="utf-8")
        assert all(word in shown for word in ("it is 4711", "[4712.5]", "1.25", "2.25", "2.75"))

    def test_without_it_they_are_not(self, kit, hidden, capsys):
        assert grade.run(["exercise2", "--all"]) == 1
        assert not hidden.spec.with_revealed
        assert "471" not in capsys.readouterr().out

    @pytest.mark.parametrize("form", sorted(set(FORMS) - set(grade.REVEALING)))
    def test_no_form_that_students_read_has_them(self, kit, grader, fails, form):
        assert "--reveal is for instructors" in fails(2, "exercise2", "--reveal", "--format", form)
        assert grader.events == []

    def test_a_student_kit_has_none(self, kit, grader, fails, monkeypatch):
        exercise = catalog.find_exercise(kit, "exercise2")
        released = replace(exercise, checks=exercise.checks.with_suffix(".json"))
        monkeypatch.setattr(catalog, "find_exercise", lambda *_: released)
        said = fails(2, "exercise2", "--reveal")
        assert said == "--reveal is for the instructor's kit; the hidden checks are not in this one"

    @pytest.mark.parametrize("credit", ["function", "check"])
    def test_what_earns_points_reaches_the_grader(self, kit, grader, credit):
        assert grade.run(["exercise2", "--credit", credit]) == 0
        assert grader.spec.credit == credit
