"""The command `grade`: what it accepts, prints and remembers, and its exit codes; the grader is a fake here."""

import dataclasses
import json
import os
import pty
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from pathlib import Path
from types import SimpleNamespace

import pytest
from example_reports import ERRORED, RIGHT, STUB, UNLOADABLE, WRONG
from places import KIT

import autograder.authoring.catalog
import autograder.cli.watching
import autograder.host.fork_server
from autograder.cli import formats, grade, last_scores
from autograder.model import Report

CHECKS = '''
"""{title}"""
from autograder.checking import check

@check("forward", points=3, hint="?")
def check_forward(judge, draw):
    """is right"""

@check("loss", points=2, hint="?")
def check_loss(judge, draw):
    """is right"""
'''


class FakeTemplate:
    """In place of the worker process; keeps what happened to it."""

    events: list[str]

    @classmethod
    def start(cls, *, by_hand, isolation):
        cls.events.append("started" if by_hand else "started without the by-hand rule")
        return cls()

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.events.append("closed")


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    """A home of our own for the last scores."""
    monkeypatch.setattr("platformdirs.user_state_dir", lambda name: str(tmp_path / "state" / name))
    return tmp_path / "state"


@pytest.fixture
def kit(tmp_path, monkeypatch):
    """A kit with two exercises, which is the current folder."""
    checks = tmp_path / "checks"
    root = tmp_path / "the kit"
    for folder in (checks, root / "exercises", root / "datasets"):
        folder.mkdir(parents=True)
    for name, title in (("exercise1", "One layer."), ("exercise2", "Two layers, one factor.")):
        (checks / f"{name}.py").write_text(CHECKS.format(title=title))
        (root / "exercises" / f"{name}.py").write_text("a = 1\n")
    monkeypatch.setattr(autograder.authoring.catalog, "CHECKS", checks)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def grader(monkeypatch):
    """The fake grader: set `report` to what it should give or raise; `calls` are the options it was given."""
    fake = SimpleNamespace(report=RIGHT, calls=[], events=[])

    def grade_one(exercise, submission, *, fork_server, **options) -> Report:
        fake.events.append("graded")
        fake.calls.append(options)
        if isinstance(fake.report, BaseException):
            raise fake.report
        return dataclasses.replace(fake.report, exercise=dataclasses.replace(fake.report.exercise, name=exercise.name,
            kit=exercise.kit, stub=exercise.stub), submission=submission)  # fmt: skip

    monkeypatch.setattr(FakeTemplate, "events", fake.events, raising=False)
    monkeypatch.setattr(autograder.host.fork_server, "ForkServer", FakeTemplate)
    monkeypatch.setitem(sys.modules, "autograder.grading.grader", SimpleNamespace(grade_one=grade_one))
    return fake


def fails(capsys, code: int, *arguments: str) -> str:
    """Run a command that must fail with one line on standard error, and return that line."""
    assert grade.run(list(arguments)) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("grade: ")
    assert captured.err.endswith("\n")
    assert captured.err.count("\n") == 1
    return captured.err[len("grade: ") : -1]


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
    def test_an_unknown_exercise_names_the_nearest(self, kit, grader, capsys):
        assert "did you mean exercise2?" in fails(capsys, 2, "exercize2")

    @pytest.mark.parametrize("name", ["nothing.py", "exercises", "datasets"])
    def test_what_is_no_submission(self, kit, grader, capsys, name):
        assert name in fails(capsys, 2, "exercise2", name)
        assert grader.events == []

    def test_a_name_cannot_break_the_line(self, kit, grader, capsys):
        assert "no\\nfile" not in fails(capsys, 2, "exercise2", "no\nfile\x1b[31m.py")

    def test_an_unknown_function_names_the_nearest(self, kit, grader, capsys):
        assert fails(capsys, 2, "exercise2", "--function", "foward").endswith("did you mean forward?")
        assert fails(capsys, 2, "exercise2", "--function", "zzz").endswith("it has forward, loss")
        assert grader.events == []

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (["--nonsense"], "--nonsense"),
            (["exercise2", "--seed", "x"], "'x' is not a whole number from 0 to 4294967295"),
            (["exercise2", "--seed", "-1"], "'-1' is not a whole number from 0 to 4294967295"),
            (["exercise2", ""], "it is empty; name a file"),
            (["exercise2", "--output", ""], "it is empty; name a file"),
            (["exercise2", "--plot", ""], "it is empty; name a file"),
            (["exercise2", "--format", "yaml"], "'yaml' is not one of 'text', 'json'"),
            (["exercise2", "a.py", "b.py"], "unexpected extra argument"),
            (["exercise2", "--output"], "requires an argument"),
        ],
    )
    def test_usage(self, kit, grader, capsys, arguments, said):
        line = fails(capsys, 2, *arguments)
        assert said in line
        assert line.endswith("(see grade --help)")

    @pytest.mark.parametrize(
        "arguments", [["--format", "json"], ["--output", "a"], ["--function", "loss"], ["--watch"]]
    )
    def test_options_without_an_exercise(self, kit, capsys, arguments):
        assert fails(capsys, 2, *arguments).startswith("which exercise?")

    def test_outside_the_kit(self, tmp_path, grader, capsys, monkeypatch):
        monkeypatch.chdir(tmp_path)
        assert "is not inside the kit; " in fails(capsys, 2)
        assert "is not inside the kit; " in fails(capsys, 2, "exercise2")

    @pytest.mark.parametrize("more", [[], ["mine.py"], ["/tmp/mine.py"], ["/tmp/mine.py", "--output", "report"]])
    def test_in_a_folder_that_is_gone(self, kit, grader, capsys, monkeypatch, more):
        gone = kit / "gone"
        gone.mkdir()
        monkeypatch.chdir(gone)
        gone.rmdir()
        assert "the current folder is gone" in fails(capsys, 2, "exercise2", *more)


class TestFindingTheKit:
    def test_around_the_submission(self, kit, grader, tmp_path, monkeypatch, capsys):
        monkeypatch.chdir(tmp_path)
        assert grade.run(["exercise2", "the kit/exercises/exercise2.py"]) == 0
        assert "Next:         exercise1" in capsys.readouterr().out

    def test_around_the_package(self, kit, grader, tmp_path, monkeypatch, capsys):
        package = kit / "autograder" / "cli" / "grade.py"
        monkeypatch.setattr(grade, "__file__", str(package))
        monkeypatch.chdir(tmp_path)
        (tmp_path / "mine.py").write_text("a = 1\n")
        assert grade.run(["exercise2", "mine.py"]) == 0
        assert "is not inside the kit" in fails_after(capsys, "exercise2")

    def test_a_package_below_a_kit_is_not_in_it(self, kit, grader, tmp_path, monkeypatch, capsys):
        """A venv inside the kit is the common case, and there the current folder decides."""
        package = kit / ".venv" / "lib" / "autograder" / "cli" / "grade.py"
        monkeypatch.setattr(grade, "__file__", str(package))
        monkeypatch.chdir(tmp_path)
        (tmp_path / "mine.py").write_text("a = 1\n")
        assert "is not inside the kit" in fails(capsys, 2, "exercise2", "mine.py")


def fails_after(capsys, *arguments: str) -> str:
    """`fails`, after something else was printed."""
    capsys.readouterr()
    return fails(capsys, 2, *arguments)


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

    def test_an_old_report_is_replaced_and_a_link_kept(self, kit, grader):
        Path("old.json").write_text("old")
        Path("link.json").symlink_to("old.json")
        assert grade.run(["exercise2", "--format", "json", "--output", "link.json"]) == 0
        assert Path("link.json").is_symlink()
        assert json.loads(Path("old.json").read_text())["exercise"] == "exercise2"

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
    def test_what_cannot_be_written_is_refused(self, kit, grader, capsys, output, said):
        assert said in fails(capsys, 2, "exercise2", "--output", output)
        assert Path("exercises/exercise2.py").read_text() == "a = 1\n"

    def test_it_is_refused_before_grading(self, kit, grader, capsys, monkeypatch):
        monkeypatch.setattr(os, "access", lambda *_: False)
        fails(capsys, 2, "exercise2", "--output", "datasets")
        fails(capsys, 2, "exercise2", "--output", "report.json")
        assert grader.events == []


SCORES = {
    "json": lambda text: json.loads(text)["score"],
    "junit": lambda text: int(ET.fromstring(text).find(".//property[@name='score']").attrib["value"]),
    "gradescope": lambda text: sum(test["score"] for test in json.loads(text)["tests"]),
    "classroom50": lambda text: json.loads(text)["score"],
    "github": lambda text: int(text.split("::notice title=exercise2%3A ")[1].split(" / ")[0]),
    "text": lambda text: int(text.split("\n")[0].split()[-3]),
}


class TestForms:
    """Each form is another module's to test; here, that the command reaches it and gives it what it needs."""

    @pytest.mark.parametrize("form", SCORES)
    @pytest.mark.parametrize(("report", "code"), [(RIGHT, 0), (WRONG, 1), (STUB, 1), (UNLOADABLE, 1), (ERRORED, 3)])
    def test_score_and_exit_code(self, kit, grader, capsys, monkeypatch, form, report, code):
        monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
        grader.report = report
        assert grade.run(["exercise2", "--format", form]) == code
        assert SCORES[form](capsys.readouterr().out) == report.score

    def test_every_form_of_the_contract_is_there(self):
        assert set(formats.FORMS) == {*SCORES, "html"}

    @pytest.mark.parametrize("variable", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
    def test_paths_are_those_of_the_repository(self, kit, grader, capsys, monkeypatch, variable):
        for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv(variable, str(kit.parent))
        grader.report = WRONG
        grade.run(["exercise2", "--format", "github"])
        assert "file=the kit/exercises/exercise2.py,line=71," in capsys.readouterr().out
        grade.run(["exercise2", "--format", "junit"])
        assert 'file="the kit/exercises/exercise2.py"' in capsys.readouterr().out

    def test_classroom50_takes_its_names_from_the_environment(self, kit, grader, capsys, monkeypatch):
        monkeypatch.setenv("CLASSROOM", "cs50")
        grade.run(["exercise2", "--format", "classroom50"])
        assert json.loads(capsys.readouterr().out)["classroom"] == "cs50"


class TestJobSummary:
    @pytest.fixture
    def summary(self, tmp_path, monkeypatch):
        file = tmp_path / "summary.md"
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
        return file

    def test_it_is_added_to_what_is_there(self, kit, grader, capsys, summary):
        summary.write_text("# before\n")
        for name in ("exercise1", "exercise2"):
            assert grade.run([name, "--format", "github"]) == 0
        text = summary.read_text(encoding="utf-8")
        assert text.startswith("# before\n## exercise1 — ")
        assert "\n\n## exercise2 — Two layers, one factor: 30 / 30\n" in text
        assert capsys.readouterr().err == ""

    def test_other_forms_leave_it_alone(self, kit, grader, summary):
        grade.run(["exercise2", "--format", "junit"])
        assert not summary.exists()

    def test_a_full_one_stays_below_the_limit(self, kit, grader, capsys, summary):
        """Beyond a mebibyte, GitHub shows none of a step's summaries."""
        summary.write_bytes(b"x" * ((1 << 20) - 100))
        assert grade.run(["exercise2", "--format", "github"]) == 0
        assert summary.stat().st_size == (1 << 20) - 100
        captured = capsys.readouterr()
        assert "the job summary is full" in captured.err
        assert "30 / 30 points" in captured.out

    def test_one_that_cannot_be_written_does_not_cost_the_verdict(self, kit, grader, capsys, summary):
        summary.mkdir()
        assert grade.run(["exercise2", "--format", "github"]) == 0
        assert "cannot be written" in capsys.readouterr().err


class FakeSaves:
    """Saves that happen at once: what is to be done at each, and Ctrl-C after the last."""

    def __init__(self, *saves) -> None:
        self._saves = list(saves)

    def __call__(self, path: Path) -> "FakeSaves":
        return self

    def wait(self) -> None:
        if not self._saves:
            raise KeyboardInterrupt
        self._saves.pop(0)()


class TestWatching:
    def watch(self, monkeypatch, *saves) -> int:
        monkeypatch.setattr(autograder.cli.watching, "Saves", FakeSaves(*saves))
        return grade.run(["exercise2", "--watch"])

    @pytest.mark.parametrize(("last", "code"), [(RIGHT, 0), (WRONG, 1), (ERRORED, 3)])
    def test_the_exit_code_is_that_of_the_last_report(self, kit, grader, capsys, monkeypatch, last, code):
        grader.report = STUB
        assert self.watch(monkeypatch, lambda: setattr(grader, "report", last)) == code
        captured = capsys.readouterr()
        assert captured.out.count("exercise2 — Two layers, one factor") == 2
        assert captured.err.count("grade: waiting for the next save of exercises/exercise2.py; Ctrl-C ends\n") == 2

    def test_one_worker_process_serves_all_gradings(self, kit, grader, monkeypatch):
        self.watch(monkeypatch, lambda: None, lambda: None)
        assert grader.events == ["started", "graded", "graded", "graded", "closed"]

    def test_the_file_is_read_anew(self, kit, grader, capsys, monkeypatch):
        self.watch(monkeypatch, lambda: Path("exercises/exercise2.py").write_text("a = 2\n"))
        grade.run([])
        assert "edited since" not in capsys.readouterr().out

    def test_a_file_that_cannot_be_read_is_waited_for(self, kit, grader, capsys, monkeypatch):
        stub = Path("exercises/exercise2.py")
        assert self.watch(monkeypatch, stub.unlink, lambda: stub.write_text("a = 2\n")) == 0
        assert grader.events.count("graded") == 2
        assert "grade: there is no file exercises/exercise2.py" in capsys.readouterr().err

    def test_a_file_that_is_not_there_at_first_ends_it(self, kit, grader, capsys):
        assert "nothing.py" in fails(capsys, 2, "exercise2", "nothing.py", "--watch")

    def test_ctrl_c_while_grading_counts_the_report_before(self, kit, grader, monkeypatch):
        assert self.watch(monkeypatch, lambda: setattr(grader, "report", KeyboardInterrupt())) == 0
        assert grader.events[-1] == "closed"

    def test_ctrl_c_in_the_first_grading_has_no_report(self, kit, grader, monkeypatch):
        grader.report = KeyboardInterrupt()
        assert self.watch(monkeypatch) == 130

    @pytest.mark.parametrize(("term", "cleared"), [("xterm", True), ("dumb", False)])
    def test_a_terminal_is_cleared_for_each_report(self, kit, grader, capsys, monkeypatch, term, cleared):
        monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
        monkeypatch.setenv("TERM", term)
        monkeypatch.delenv("NO_COLOR", raising=False)
        self.watch(monkeypatch, lambda: None)
        assert capsys.readouterr().out.count(grade.CLEAR) == 2 * cleared

    def test_each_report_goes_to_the_file(self, kit, grader, capsys, monkeypatch):
        monkeypatch.setattr(autograder.cli.watching, "Saves", FakeSaves(lambda: setattr(grader, "report", WRONG)))
        assert grade.run(["exercise2", "--watch", "--format", "json", "--output", "report.json"]) == 1
        assert json.loads(Path("report.json").read_text())["score"] == 11


class TestOwnFailures:
    @pytest.mark.parametrize("error", [RuntimeError("a\nb"), autograder.errors.GraderError("no worker"), MemoryError()])
    def test_they_are_one_line_and_3(self, kit, grader, capsys, error):
        grader.report = error
        line = fails(capsys, 3, "exercise2")
        assert line.startswith("the grader failed, which is not your mistake; tell your instructor: ")

    def test_details_on_request(self, kit, grader, capsys, monkeypatch):
        monkeypatch.setenv(grade.DEBUG, "1")
        grader.report = RuntimeError("broken")
        assert grade.run(["exercise2"]) == 3
        assert "Traceback" in capsys.readouterr().err

    def test_ctrl_c_is_quiet(self, kit, grader, capsys):
        grader.report = KeyboardInterrupt()
        assert grade.run(["exercise2"]) == 130
        captured = capsys.readouterr()
        assert captured.err.strip() == "grade: interrupted"
        assert grader.events == ["started", "graded", "closed"]


class TestListing:
    def test_a_new_kit(self, kit, capsys):
        assert grade.run([]) == 0
        assert capsys.readouterr().out == (
            "exercise1  One layer                 – / 5   not graded yet\n"
            "exercise2  Two layers, one factor    – / 5   not graded yet\n"
            "\n"
            "Next:     exercises/exercise1.py\n"
            "Then run: grade exercise1\n"
        )

    def test_scores_are_remembered(self, kit, grader, capsys):
        grade.run(["exercise1"])
        grader.report = WRONG
        grade.run(["exercise2"])
        capsys.readouterr()
        assert grade.run([]) == 0
        out = capsys.readouterr().out
        assert "exercise1  One layer                30 / 30\n" in out
        assert "exercise2  Two layers, one factor   11 / 30\n" in out
        assert out.endswith("Then run: grade exercise2\n")

    def test_an_edit_since_is_noticed(self, kit, grader, capsys):
        grade.run(["exercise2"])
        Path("exercises/exercise2.py").write_text("a = 2\n")
        capsys.readouterr()
        grade.run([])
        assert "   30 / 30  edited since\n" in capsys.readouterr().out

    def test_everything_done(self, kit, grader, capsys):
        grade.run(["exercise1"])
        grade.run(["exercise2"])
        capsys.readouterr()
        grade.run([])
        assert capsys.readouterr().out.endswith("Full marks everywhere. Well done!\n")

    @pytest.mark.parametrize("part", [True, False])
    def test_part_of_a_grading_is_no_score(self, kit, grader, part):
        grader.report = dataclasses.replace(RIGHT, functions=RIGHT.functions[:1]) if part else ERRORED
        grade.run(["exercise2"])
        assert last_scores.load(kit) == {}


class TestScores:
    SCORE = last_scores.LastScore(3, 5, "/a/b.py", "0" * 64)

    def test_each_kit_has_its_own(self, tmp_path):
        one, other = tmp_path / "one", tmp_path / "other"
        last_scores.save(one, "exercise1", self.SCORE)
        last_scores.save(one, "exercise2", self.SCORE)
        assert last_scores.load(one) == {"exercise1": self.SCORE, "exercise2": self.SCORE}
        assert last_scores.load(other) == {}

    def test_a_file_that_is_gone_is_not_edited(self):
        assert not self.SCORE.is_outdated()

    @pytest.mark.parametrize(
        "stored", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"a": 3, "b": {"score": "3"}, "c": {"score": 3}}']
    )
    def test_damage_is_forgotten(self, kit, state, stored):
        last_scores.save(kit, "exercise1", self.SCORE)
        (file,) = (path for path in state.rglob("*") if path.is_file())
        file.write_bytes(stored)
        assert last_scores.load(kit) == {}
        last_scores.save(kit, "exercise1", self.SCORE)
        assert last_scores.load(kit) == {"exercise1": self.SCORE}

    @pytest.mark.parametrize("error", [PermissionError(13, "no"), OSError(28, "full")])
    def test_a_full_or_closed_disk_disturbs_nothing(self, kit, grader, capsys, monkeypatch, error):
        def refuse(*_: object, **__: object) -> None:
            raise error

        monkeypatch.setattr(Path, "mkdir", refuse)
        assert grade.run(["exercise2"]) == 0
        assert capsys.readouterr().err == ""

    def test_without_a_home_nothing_is_written(self, kit, grader, monkeypatch):
        monkeypatch.setattr("platformdirs.user_state_dir", lambda name: f"~/.local/state/{name}")
        assert grade.run(["exercise2"]) == 0
        assert not Path("~").exists()


def started(kit: Path, *arguments: str, code: str = "", **more: object) -> subprocess.CompletedProcess[bytes]:
    """Run `grade` in a process of its own, in a kit, with the package's own exercises."""
    run = f"{code}\nfrom autograder.cli.grade import main\nmain()"
    environment = os.environ | {"PYTHONPATH": str(KIT), "XDG_STATE_HOME": str(kit / "state")}
    options = {"cwd": kit, "env": environment | more.pop("env", {}), "capture_output": True, "check": False, **more}
    return subprocess.run([sys.executable, "-c", run, *arguments], **options)


class TestProcess:
    @pytest.mark.parametrize("arguments", [[], ["--help"], ["--version"], ["exercise2", "nothing.py"]])
    def test_quick_answers_import_nothing_heavy(self, kit, arguments):
        report = (
            "import atexit, sys\n"
            "heavy = {'torch', 'rich', 'pytest', 'numpy', 'nbformat', 'matplotlib'}\n"
            "atexit.register(lambda: print(*heavy & set(sys.modules), 'imported', file=sys.stderr))"
        )
        done = started(kit, *arguments, code=report)
        assert done.stderr.split(b"\n")[-2].strip() == b"imported"
        assert done.returncode == (2 if "nothing.py" in arguments else 0)

    def test_help_names_every_option(self, kit):
        out = started(kit, "--help").stdout.decode()
        for option in ("--format", "--output", "--function", "--seed", "--student", "--version", "--watch"):
            assert option in out

    def test_a_reader_that_has_gone_is_no_error(self, kit):
        reading, writing = os.pipe()
        os.close(reading)
        done = started(kit, capture_output=False, stdout=writing, stderr=subprocess.PIPE)
        os.close(writing)
        assert (done.returncode, done.stderr) == (0, b"")

    def test_an_output_without_our_letters(self, kit):
        done = started(kit, env={"PYTHONIOENCODING": "ascii"})
        assert done.returncode == 0
        assert b"? / 20" in done.stdout
        assert done.stderr == b""

    @pytest.mark.parametrize("arguments", [[], ["--help"], ["--version"]])
    def test_a_full_disk_is_one_line(self, kit, arguments):
        with Path("/dev/full").open("wb") as full:
            done = started(kit, *arguments, capture_output=False, stdout=full, stderr=subprocess.PIPE)
        assert done.returncode == 2
        assert done.stderr.startswith(b"grade: standard output cannot be written (No space left on device); ")
        assert done.stderr.count(b"\n") == 1

    @pytest.mark.parametrize(
        ("closed", "arguments", "code"),
        [([1], [], 2), ([2], [], 0), ([0, 1, 2], [], 2), ([1], ["exercise1", "--output", "report.txt"], 1)],
    )
    def test_closed_streams(self, kit, closed, arguments, code):
        code_before = f"import os, sys\nfor stream in {closed}: os.close(stream)\n"
        code_before += "".join(f"sys.{name} = None\n" for at, name in ((1, "stdout"), (2, "stderr")) if at in closed)
        done = started(kit, *arguments, code=code_before)
        assert done.returncode == code
        assert b"Traceback" not in done.stderr
        if closed == [1] and not arguments:
            assert done.stderr == b"grade: standard output is closed; write the report to a file with --output\n"
        if arguments:
            assert Path(kit, "report.txt").read_text(encoding="utf-8").startswith("exercise1 — ")


RIGHT_LOSS = "def loss(y_pred, y):\n    return ((y_pred - y) ** 2).sum() / 2\n"
ENDLESS = "while True:\n    pass\n"


class TestEnds:
    """How a real grading ends, and that nothing of it stays behind."""

    @pytest.fixture
    def run(self, kit, tmp_path):
        """Start the command with a folder for temporary files of its own."""
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        running = []

        def start(*arguments: str, code: str = "", **more: object) -> subprocess.Popen[bytes]:
            environment = {"PYTHONPATH": str(KIT), "XDG_STATE_HOME": str(kit / "state"), "TMPDIR": str(scratch)}
            command = [sys.executable, "-c", f"{code}\nfrom autograder.cli.grade import main\nmain()", *arguments]
            streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
            process = subprocess.Popen(command, cwd=kit, env=os.environ | environment, **streams)
            running.append(process)
            return process

        yield start
        for process in running:
            process.kill()
            process.communicate()
        assert list(scratch.iterdir()) == []

    def begun(self, tmp_path: Path) -> None:
        """Wait until a worker has its scratch folder."""
        deadline = time.monotonic() + 60
        while not list((tmp_path / "scratch").glob("grade-*/*")):
            assert time.monotonic() < deadline
            time.sleep(0.05)

    @pytest.mark.parametrize(
        ("number", "code", "line"),
        [
            (signal.SIGTERM, 143, b"grade: terminated\n"),
            (signal.SIGHUP, 129, b"grade: terminated\n"),
            (signal.SIGINT, 130, b"grade: interrupted\n"),
        ],
    )
    def test_a_signal_ends_it_in_order(self, kit, run, tmp_path, number, code, line):
        (kit / "loop.py").write_text(ENDLESS)
        process = run("exercise1", "loop.py", code="import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL)")
        self.begun(tmp_path)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err.lstrip()) == (code, b"", line)  # a new line, after the ^C of a terminal

    def test_a_terminal_that_is_closed_does_not_end_what_nohup_started(self, kit, run, tmp_path):
        (kit / "loop.py").write_text(ENDLESS)
        process = run("exercise1", "loop.py", code="import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)")
        self.begun(tmp_path)
        process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        assert process.poll() is None
        process.terminate()
        process.communicate(timeout=60)
        assert process.returncode == 143

    def test_it_grades_again_at_each_save(self, kit, run):
        stub = kit / "exercises" / "exercise1.py"
        ours, theirs = pty.openpty()
        process = run("exercise1", "--watch", "--function", "loss", stdout=theirs, stderr=theirs)
        os.close(theirs)

        def shown() -> str:
            text = b""
            while b"Ctrl-C ends" not in text:
                text += os.read(ours, 1 << 16)
            return text.decode()

        assert "0 / 3" in shown()
        with stub.open("w") as file:  # as a slow editor saves
            for part in (RIGHT_LOSS[:30], RIGHT_LOSS[30:]):
                file.write(part)
                file.flush()
                time.sleep(0.12)
        assert "All right so far" in shown()
        stub.write_text("def loss(\n")
        assert "SyntaxError" in shown()
        stub.unlink()
        (kit / "new").write_text(RIGHT_LOSS)
        (kit / "new").rename(stub)
        assert "All right so far" in shown()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
        os.close(ours)

    def test_it_ends_when_nobody_reads_any_more(self, kit, run):
        process = run("exercise1", "--watch", "--function", "loss")
        assert process.stdout.readline().startswith(b"exercise1")
        process.stdout.close()
        while b"Ctrl-C ends" not in process.stderr.readline():
            pass
        (kit / "exercises" / "exercise1.py").write_text(RIGHT_LOSS)
        assert process.wait(timeout=60) == 0
