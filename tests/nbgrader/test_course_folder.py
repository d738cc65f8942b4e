"""The course folder that the kit writes for nbgrader, and a course whose other assignments are not the kit's."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from nbgrader_course import EXERCISE, cell, read, run, text
from places import KIT

from autograder.authoring import catalog
from autograder.authoring.notebook import render, stub_notebook
from autograder.cli.course import main
from autograder.nbgrader.course_folder import contents, source_notebook, write_course

OTHER = "exercise4"
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
        graded = {each.id: each.nbgrader["points"] for each in cells if each.nbgrader and each.nbgrader["grade"]}
        assert graded == {f"check-{name}": points for name, points in exercise.functions}
        names = [each.id for each in cells]
        for name, _ in exercise.functions:
            assert names.index(f"check-{name}") == names.index(name) + 1
            assert cells[names.index(name)].nbgrader["solution"]
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
                assert ("BEGIN SOLUTION" in each.text) == bool(each.nbgrader and each.nbgrader["solution"])


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


OWN = {
    "cells": [
        {
            "cell_type": "code",
            "id": "answer",
            "metadata": {"nbgrader": {"schema_version": 3, "grade_id": "answer", "grade": False, "locked": False}},
            "source": "### BEGIN SOLUTION\nx = 6 * 7\n### END SOLUTION",
        },
        {
            "cell_type": "code",
            "id": "test",
            "metadata": {"nbgrader": {"schema_version": 3, "grade_id": "test", "grade": True, "locked": True}},
            "source": "assert x == 42",
        },
    ],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
for _cell, _solution in zip(OWN["cells"], (True, False), strict=True):
    _cell["metadata"]["nbgrader"]["solution"] = _solution
    _cell |= {"outputs": [], "execution_count": None}
OWN["cells"][1]["metadata"]["nbgrader"]["points"] = 4


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder as it was written; each test has an assignment of its own."""
    root = tmp_path_factory.mktemp("course")
    write_course(KIT, root, "c")
    return root


@pytest.mark.filterwarnings("ignore")  # nbgrader's own
class TestOwnAssignments:
    def test_they_are_run_as_ever(self, root):
        put(root / "source" / "quiz" / "quiz.ipynb", OWN)
        run(root, "generate_assignment", "quiz")
        for student, code in (("ada", "x = 42"), ("bob", "x = 41")):
            notebook = read(root / "release" / "quiz" / "quiz.ipynb")
            assert "7" not in text(cell(notebook, "answer"))
            cell(notebook, "answer")["source"] = code
            put(root / "submitted" / student / "quiz" / "quiz.ipynb", notebook)
        run(root, "autograde", "quiz")
        assert scores(root, "quiz") == {"ada": 4, "bob": 0}

    def test_a_test_that_nobody_runs_earns_nothing(self, root):
        """nbgrader gives full points to a test cell without outputs."""
        place = root / "source" / EXERCISE / f"{EXERCISE}.ipynb"
        notebook = read(place)
        notebook["cells"].append(OWN["cells"][1])
        put(place, notebook)
        run(root, "generate_assignment", EXERCISE)
        put(root / "submitted" / "ada" / EXERCISE / place.name, notebook)
        said = run(root, "autograde", EXERCISE, exit_code=1)
        assert "the cell test is none of the kit's" in said
        assert scores(root, EXERCISE) == {"ada": 0}

    def test_the_grader_s_own_failure_changes_no_score(self, root, monkeypatch):
        from autograder.errors import GraderError
        from autograder.nbgrader import gradebook

        run(root, "generate_assignment", OTHER)
        place = root / "submitted" / "ada" / OTHER / f"{OTHER}.ipynb"
        put(place, json.loads(render(source_notebook(catalog.find_exercise(KIT, OTHER)))))
        run(root, "autograde", OTHER)
        monkeypatch.setattr(
            gradebook.RestartingService, "grade", lambda *_: (_ for _ in ()).throw(GraderError("out of order"))
        )
        assert "out of order" in run(root, "autograde", OTHER, "--force", exit_code=1)
        assert scores(root, OTHER) == {"ada": 30}

    @pytest.mark.parametrize("name", ["exercise1", "exercise3"])
    def test_what_students_get_is_the_stub(self, root, name):
        """Also of an exercise that is not by hand: nothing of the solution, the prose and the code of the stub."""
        run(root, "generate_assignment", name)
        released = {each["id"]: text(each) for each in read(root / "release" / name / f"{name}.ipynb")["cells"]}
        for each in stub_notebook(catalog.find_exercise(KIT, name)):
            kept = [line for line in each.text.split("\n") if "raise NotImplementedError" not in line]
            assert [line for line in released[each.id].split("\n") if "raise NotImplementedError" not in line] == kept


def put(path: Path, notebook: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def scores(course: Path, assignment: str) -> dict[str, float]:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        return {each.student.id: each.score for each in gradebook.assignment_submissions(assignment)}
