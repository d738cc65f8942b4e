"""`grade` alone: the exercises with the last scores, and what to go on with."""

import json
from pathlib import Path

from example_reports import WRONG

from autograder.cli import grade

UNWRITTEN = "def forward(parameters, x):\n    raise NotImplementedError\n"


def test_a_new_kit(kit, capsys):
    assert grade.run([]) == 0
    assert capsys.readouterr().out == (
        "exercise1  One layer                 – / 5   not graded yet\n"
        "exercise2  Two layers, one factor    – / 5   not graded yet\n"
        "total                                0 / 10  [....................]\n"
        "\n"
        "Next:     exercises/exercise1.py\n"
        "Then run: grade exercise1\n"
    )


def test_scores_are_remembered(kit, grader, capsys):
    grade.run(["exercise1"])
    grader.report = WRONG
    grade.run(["exercise2"])
    capsys.readouterr()
    assert grade.run([]) == 0
    out = capsys.readouterr().out
    assert "exercise1  One layer                30 / 30\n" in out
    assert "exercise2  Two layers, one factor   11 / 30\n" in out
    assert out.endswith("Then run: grade exercise2\n")


def test_an_edit_since_is_noticed(kit, grader, capsys):
    grade.run(["exercise2"])
    Path("exercises/exercise2.py").write_text("a = 2\n")
    capsys.readouterr()
    grade.run([])
    assert "   30 / 30  edited since\n" in capsys.readouterr().out


def test_everything_done(kit, grader, capsys):
    grade.run(["exercise1"])
    grade.run(["exercise2"])
    capsys.readouterr()
    grade.run([])
    out = capsys.readouterr().out
    assert "total                               60 / 60  [####################]\n" in out
    assert "Full marks everywhere. Well done!" in out
    assert "What comes next: " in out


def test_after_an_edit_or_without_its_file_it_is_done_no_more(kit, grader, capsys):
    grade.run(["exercise1"])
    grade.run(["exercise2"])
    Path("exercises/exercise1.py").unlink()
    Path("exercises/exercise2.py").write_text("a = 2\n")
    capsys.readouterr()
    grade.run([])
    out = capsys.readouterr().out
    assert "   30 / 30  its file is gone\n" in out
    assert "   30 / 30  edited since\n" in out
    assert "   30 / 35  [#################...]\n" in out
    assert out.endswith("Next:     exercises/exercise1.py is gone\nGet it:   grade exercise1 --reset exercise1\n")


def test_it_names_the_notebook_where_that_is_worked_in(kit, grader, capsys):
    Path("exercises/exercise1.py").write_text(UNWRITTEN)
    cell = {"cell_type": "code", "source": UNWRITTEN.replace("raise NotImplementedError", "return x"), "metadata": {}}
    notebook = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [{**cell, "outputs": []}]}
    Path("exercises/exercise1.ipynb").write_text(json.dumps(notebook))
    grade.run([])
    assert "Next:     exercises/exercise1.ipynb\n" in capsys.readouterr().out
