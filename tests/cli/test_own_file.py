"""Which file is the student's where both a script and a notebook are there."""

import json
import os

import pytest

from autograder.authoring import catalog
from autograder.cli import grade, own_file

WRITTEN = "def forward(parameters, x):\n    return x, x\n"


def both_begun(kit, newer):
    script, notebook = (kit / "exercises" / f"exercise2.{suffix}" for suffix in ("py", "ipynb"))
    script.write_text(WRITTEN)
    cells = [{"cell_type": "code", "source": WRITTEN, "metadata": {}, "outputs": []}]
    notebook.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": cells}))
    for at, path in enumerate((script, notebook)):
        os.utime(path, (1, 2 if newer == at else 1))


def test_of_two_begun_the_newer_one_is_graded_and_the_other_named(kit, grader, capsys):
    for newer, graded, other in ((0, "py", "ipynb"), (1, "ipynb", "py")):
        both_begun(kit, newer)
        grade.run(["exercise2", "--format", "json"])
        captured = capsys.readouterr()
        assert json.loads(captured.out)["submission"]["path"] == f"exercises/exercise2.{graded}"
        said = (
            f"exercises/exercise2.{other} has been worked in too; this is exercises/exercise2.{graded}, the newer one"
        )
        assert captured.err == f"grade: {said}\n"


def test_of_one_age_it_is_the_script(kit):
    both_begun(kit, newer=None)
    assert own_file.own_file(catalog.find_exercise(kit, "2")).path.suffix == ".py"


def test_only_the_two_in_the_kit_are_ones_own(kit):
    exercise = catalog.find_exercise(kit, "2")
    assert own_file.is_own(kit / "exercises" / "exercise2.ipynb", exercise)
    assert not own_file.is_own(kit / "exercise2.py", exercise)


@pytest.mark.parametrize("where", ["", "exercises/", "../the kit/exercises/"])
def test_a_file_that_is_named_is_the_one_that_is_graded(kit, grader, capsys, monkeypatch, where):
    both_begun(kit, newer=1)
    for name in ("exercise2.py", "exercise2.ipynb"):
        grade.run([f"{where}{name}", "--format", "json"])
        captured = capsys.readouterr()
        assert json.loads(captured.out)["submission"]["path"].endswith(name)
        assert captured.err == ""


def test_a_file_that_is_named_and_gone_is_not_the_other_one(kit, grader, fails):
    assert "grade exercise2.ipynb --reset exercise2 gives you a new one" in fails(2, "exercise2.ipynb")
    assert fails(2, "older/exercise2.py").endswith(
        "there is no file older/exercise2.py; your own is exercises/exercise2.py"
    )
