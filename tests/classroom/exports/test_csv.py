"""The plain table of a class."""

from dataclasses import replace

import pytest
from exported import FUNCTIONS, graded, read

from autograder.classroom.exports.csv import defused, render, render_mistakes

NAMES = ["alice", "Doe, Jane", 'Bo "Bobby" Tables', "two\nlines", "jöhn", "李小龙", "", " spaced ", "semi;colon"]
FORMULAS = ["=1+1", "+1", "-rf", "@SUM(A1)", "\tx", "\rx", "\nx", "  =1", "＝1", "'quoted", "''", "=cmd|' /C calc'!A0"]


def test_a_table():
    rows = [graded("alice"), graded("Doe, Jane", 22.55, late=5400.0), graded("in time", late=0.0)]
    assert read(render(rows, FUNCTIONS)) == [
        ["student", "score", "max_score", "earned", "penalty", "hours_late", "forward", "loss"],
        ["alice", "25", "30", "25", "0", "", "20", "5"],
        ["Doe, Jane", "22.55", "30", "25", "2.45", "1.5", "20", "5"],
        ["in time", "25", "30", "25", "0", "0", "20", "5"],
    ]


def test_mistakes_by_student_each_once():
    named = {"function": "loss", "diagnosis": {"id": "half-dropped", "text": "twice, \x00what is expected"}}
    other = {"function": "forward", "diagnosis": {"id": "swapped", "text": "=under each other's names"}}
    nameless = {"function": "loss", "diagnosis": None}
    row = graded("=Doe, Jane")
    row.report["checks"] = [other, nameless, named, named]
    lost = replace(row, student="lost", is_errored=True, report={})
    assert read(render_mistakes([row, lost])) == [
        ["student", "function", "id", "text"],
        ["'=Doe, Jane", "forward", "swapped", "'=under each other's names"],
        ["'=Doe, Jane", "loss", "half-dropped", "twice, what is expected"],
    ]


@pytest.mark.parametrize("name", NAMES + FORMULAS)
def test_any_name_comes_back(name):
    (_, row) = read(render([graded(name)], FUNCTIONS))
    assert row[0].removeprefix("'") == name
    assert row[1:] == ["25", "30", "25", "0", "", "20", "5"]


@pytest.mark.parametrize("name", NAMES[:6])
def test_a_name_that_is_no_formula_is_kept(name):
    assert defused(name) == name


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_is_defused(name):
    assert defused(name) == "'" + name


def test_where_the_grader_failed_there_is_no_score():
    (_, row) = read(render([graded("alice", 0, is_errored=True)], FUNCTIONS))
    assert row == ["alice", "", "30", "", "", "", "", ""]


def test_a_report_without_a_function_leaves_its_cell_empty():
    (_, row) = read(render([graded("alice")], ("loss", "collapse")))
    assert row == ["alice", "25", "30", "25", "0", "", "5", ""]
