"""Which file is the student's where both a script and a notebook are there."""

import json
import os

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
