"""The course folder that the kit writes for nbgrader."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from nbgrader_course import EXERCISE
from places import KIT

from autograder.authoring import catalog
from autograder.cli.course import main
from autograder.nbgrader.course_folder import contents, source_notebook

EXERCISES = catalog.exercises(KIT)
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)


def course(output: Path, *options: str, exit_code: int = 0) -> Result:
    result = CliRunner().invoke(main, ["nbgrader", "--output", str(output), *options])
    assert result.exit_code == exit_code, result.output
    return result


class TestNotebooks:
    @each_exercise
    def test_each_function_has_a_solution_cell_and_a_grade_cell(self, exercise):
        cells = source_notebook(exercise)
        graded = {
            each.id: about["points"] for each in cells if (about := each.metadata.get("nbgrader", {})).get("grade")
        }
        assert graded == {f"check-{name}": points for name, points in exercise.functions}
        names = [each.id for each in cells]
        for name, _ in exercise.functions:
            assert names.index(f"check-{name}") == names.index(name) + 1
            assert cells[names.index(name)].metadata["nbgrader"]["solution"]
        assert len(set(names)) == len(names)

    @each_exercise
    def test_a_grade_cell_says_what_it_checks_and_tells_no_hidden_check(self, exercise):
        checks = exercise.checks.read_text(encoding="utf-8")
        for each in source_notebook(exercise):
            if each.id.startswith("check-"):
                said = [line[6:] for line in each.text.split("\n") if line.startswith("#   - ")]
                assert said
                for summary in said:
                    head = checks[: checks.index(f'"""{summary}')].rpartition("@check(")[2]
                    assert f'"{each.id.removeprefix("check-")}"' in head
                    assert 'visibility="hidden"' not in head

    def test_the_bytes_are_the_same_every_time(self):
        assert contents(KIT, "x") == contents(KIT, "x")

    def test_every_code_region_is_in_a_solution_cell(self):
        for exercise in EXERCISES:
            for each in source_notebook(exercise):
                assert ("BEGIN SOLUTION" in each.text) == bool(each.metadata.get("nbgrader", {}).get("solution"))


class TestWriting:
    def test_it_writes_once_and_leaves_alone_what_was_changed(self, tmp_path, monkeypatch):
        monkeypatch.chdir(KIT)
        notebook, config = tmp_path / "source" / EXERCISE / f"{EXERCISE}.ipynb", tmp_path / "nbgrader_config.py"
        said = course(tmp_path, "--course", "c1").output
        assert f"source/{EXERCISE}/{EXERCISE}.ipynb: written" in said
        assert 'course_id = "c1"' in config.read_text()
        written = notebook.read_bytes()
        assert "written" not in course(tmp_path, "--course", "c1").output
        notebook.write_bytes(written + b"\n")
        config.write_text("c = get_config()\n")
        assert "left alone" in course(tmp_path, exit_code=1).output
        assert notebook.read_bytes() != written
        course(tmp_path, "--force")
        assert notebook.read_bytes() == written
        assert config.read_text() == "c = get_config()\n"

    @pytest.mark.parametrize("name", ["", "a b", "../x", 'x"'])
    def test_an_id_that_is_no_folder_s_name_is_refused(self, tmp_path, monkeypatch, name):
        monkeypatch.chdir(KIT)
        assert "no id of a course" in course(tmp_path / "c", "--course", name, exit_code=2).output
        assert not (tmp_path / "c").exists()

    def test_a_place_that_cannot_be_written_is_one_line(self, tmp_path, monkeypatch):
        monkeypatch.chdir(KIT)
        (tmp_path / "file").write_text("")
        assert "cannot be written" in course(tmp_path / "file", exit_code=2).output
