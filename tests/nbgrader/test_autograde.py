"""nbgrader's autograding: other assignments go on as ever, and no cell earns points that nobody has graded.

What becomes of a class's notebooks: tests/system/test_nbgrader.py.
"""

import json
from pathlib import Path

import pytest
from nbformat import from_dict
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader_course import EXERCISE, cell, read, run, text
from places import KIT

from autograder.authoring import catalog
from autograder.authoring.notebook import render, stub_notebook
from autograder.errors import GraderError
from autograder.nbgrader import autograde
from autograder.nbgrader.course_folder import source_notebook, write_course

pytestmark = [
    pytest.mark.filterwarnings("ignore"),  # nbgrader's own
    pytest.mark.system,
]

OTHER = "exercise4"


def own_cell(name: str, source: str, **more: object) -> dict[str, object]:
    """A code cell of an assignment of one's own."""
    about = {"schema_version": 3, "grade_id": name, "grade": False, "locked": False, "solution": False, **more}
    code = {"cell_type": "code", "id": name, "source": source, "outputs": [], "execution_count": None}
    return {**code, "metadata": {"nbgrader": about}}


OWN = {
    "cells": [
        own_cell("answer", "### BEGIN SOLUTION\nx = 6 * 7\n### END SOLUTION", solution=True),
        own_cell("test", "assert x == 42", grade=True, locked=True, points=4),
    ],
    "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder as it was written; each test has an assignment of its own."""
    root = tmp_path_factory.mktemp("course")
    write_course(KIT, root, "c")
    return root


def test_they_are_run_as_ever(root):
    put(root / "source" / "quiz" / "quiz.ipynb", OWN)
    run(root, "generate_assignment", "quiz")
    for student, code in (("ada", "x = 42"), ("bob", "x = 41")):
        notebook = read(root / "release" / "quiz" / "quiz.ipynb")
        assert "7" not in text(cell(notebook, "answer"))
        cell(notebook, "answer")["source"] = code
        put(root / "submitted" / student / "quiz" / "quiz.ipynb", notebook)
    run(root, "autograde", "quiz")
    assert scores(root, "quiz") == {"ada": 4, "bob": 0}


def test_a_test_that_nobody_runs_earns_nothing(root):
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


def test_the_grader_s_own_failure_changes_no_score(root, monkeypatch):
    run(root, "generate_assignment", OTHER)
    place = root / "submitted" / "ada" / OTHER / f"{OTHER}.ipynb"
    put(place, json.loads(render(source_notebook(catalog.find_exercise(KIT, OTHER)))))
    run(root, "autograde", OTHER)
    monkeypatch.setattr(
        autograde.RestartingService, "grade", lambda *_: (_ for _ in ()).throw(GraderError("out of order"))
    )
    assert "out of order" in run(root, "autograde", OTHER, "--force", exit_code=1)
    assert scores(root, OTHER) == {"ada": 30}


@pytest.mark.parametrize("name", ["exercise1", "exercise3"])
def test_what_students_get_is_the_stub(root, name):
    """Also of an exercise that is not by hand: nothing of the solution, the prose and the code of the stub."""
    run(root, "generate_assignment", name)
    cells = read(root / "release" / name / f"{name}.ipynb")["cells"]
    released = {each["id"]: text(each).replace("(attachment:", "(pictures/") for each in cells}
    for each in stub_notebook(catalog.find_exercise(KIT, name)):
        if each.id == "code-colab" or each.id.startswith("check-"):
            continue  # what nbgrader's students have no need of, and what yields points there
        kept = [line for line in each.text.split("\n") if "raise NotImplementedError" not in line]
        assert [line for line in released[each.id].split("\n") if "raise NotImplementedError" not in line] == kept


def released(points: dict[str, float]) -> autograde._Assigned:
    """Exercise 2 as it was released with these points."""
    masters = {name: from_dict({"metadata": {"nbgrader": {"points": each}}}) for name, each in points.items()}
    return autograde._Assigned(catalog.find_exercise(KIT, "exercise2"), masters)


def test_other_points_than_the_checks_have_are_told():
    points = {f"check-{name}": float(each) for name, each in catalog.find_exercise(KIT, "exercise2").functions}
    assert list(released(points | {"my-own": 3}).odd_points()) == []
    del points["check-collapse"]
    (said,) = released(points | {"check-loss": 7.0}).odd_points()
    assert "(check-loss" not in said
    assert "check-loss (2 in the checks, 7 in the notebook), check-collapse (2 in the checks, no cell in the" in said
    assert "; run `course nbgrader --force`, `nbgrader generate_assignment --force` and `nbgrader autograde" in said


@pytest.mark.parametrize(
    ("penalty", "score", "said"), [(2.65, 27.35, "30 points earned; lateness takes 2.65: 27.35 count"), (0, 30, "")]
)
def test_feedback_says_what_lateness_took(monkeypatch, penalty, score, said):
    monkeypatch.setattr(autograde.preprocessors.GetGrades, "preprocess", lambda _, *given: given)
    notebook = new_notebook(cells=[new_code_cell(autograde.TITLE)])
    about = {"nbgrader": {"score": score, "late_penalty": penalty}}
    shown, _ = autograde.KitGetGrades().preprocess(notebook, about)
    assert "".join(each.text for each in shown.cells[0].outputs).strip() == said


def test_a_cell_gets_the_earned_part_of_its_points():
    about = {"grade": True, "solution": False, "grade_id": "check-loss", "points": 2}
    notebook = new_notebook(cells=[new_code_cell(metadata={"nbgrader": about})])
    autograde._fill(notebook, autograde._Verdict("", {"check-loss": (2 / 3, "well")}))
    assert notebook.cells[1].outputs[1].data["text/plain"] == "1.33"


def put(path: Path, notebook: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def scores(course: Path, assignment: str) -> dict[str, float]:
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        return {each.student.id: each.score for each in gradebook.assignment_submissions(assignment)}
