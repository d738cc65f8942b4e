"""Each form is another module's to test; here, that the command reaches it and gives it what it needs."""

import json
import xml.etree.ElementTree as ET

import pytest
from example_reports import ERRORED, RIGHT, STUB, UNLOADABLE, WRONG

from autograder.cli import formats, grade
from autograder.errors import UserError
from autograder.report import plots

SCORES = {
    "json": lambda text: json.loads(text)["score"],
    "junit": lambda text: int(ET.fromstring(text).find(".//property[@name='score']").attrib["value"]),
    "gradescope": lambda text: sum(test["score"] for test in json.loads(text)["tests"]),
    "classroom50": lambda text: json.loads(text)["score"],
    "github": lambda text: int(text.split("::notice title=exercise2%3A ")[1].split(" / ")[0]),
    "text": lambda text: int(text.split("\n")[0].split()[-3]),
}


class TestForms:
    @pytest.mark.parametrize("form", SCORES)
    @pytest.mark.parametrize(("report", "code"), [(RIGHT, 0), (WRONG, 1), (STUB, 1), (UNLOADABLE, 1), (ERRORED, 3)])
    def test_score_and_exit_code(self, kit, grader, capsys, monkeypatch, form, report, code):
        monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
        grader.report = report
        assert grade.run(["exercise2", "--format", form]) == code
        assert SCORES[form](capsys.readouterr().out) == report.score

    def test_every_form_of_the_contract_is_there(self):
        assert set(formats.FORMS) == {*SCORES, "html"}

    def test_a_page_is_a_file_also_where_nobody_looks_on(self, kit, grader, capsys, monkeypatch):
        monkeypatch.setattr(plots, "for_page", lambda *_: ())
        assert grade.run(["exercise2", "--format", "html"]) == 0
        assert "</html>" in (kit / "exercises" / "exercise2-report.html").read_text(encoding="utf-8")
        assert capsys.readouterr() == ("", "grade: the report is in exercises/exercise2-report.html\n")

    def test_a_page_without_pictures_says_why(self, kit, grader, capsys, monkeypatch):
        def gone(*_: object) -> None:
            raise UserError("the data set line.csv is gone")

        monkeypatch.setattr(plots, "for_page", gone)
        assert grade.run(["exercise2", "--format", "html"]) == 0
        assert "no pictures: the data set line.csv is gone" in capsys.readouterr().err
        assert (kit / "exercises" / "exercise2-report.html").is_file()

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
