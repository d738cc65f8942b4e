"""Who is who in a list: one student one row, or none and a sentence."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from exported import graded

from autograder.classroom.exports.roster import Filled, ListedStudent, download_key, fill, read_scores
from autograder.classroom.exports.sheet import read_sheet
from autograder.errors import UserError
from autograder.model import ClassRow

LIST = b"name,login,score\nJane,jane,\nBo,bo,\nLi,li,\n"
LISTED = [
    ListedStudent(1, "Jane", frozenset({("login", "jane"), ("number", "1")})),
    ListedStudent(2, "Bo", frozenset({("login", "bo"), ("number", "2")})),
    ListedStudent(3, "Li", frozenset({("login", "li"), ("number", "bo")}), locked="is excused"),
]


def keys(student: str) -> Iterator[tuple[str, str]]:
    yield "login", student
    yield "number", student


def filled(*rows: ClassRow) -> Filled:
    return fill(read_sheet(LIST, "it"), 2, LISTED, read_scores(rows), keys, mark=",")


def test_a_score_is_written_with_the_mark_of_the_list():
    found = filled(graded("jane", 22.5), graded("stranger"))
    assert found.text == 'name,login,score\nJane,jane,"22,5"\nBo,bo,\nLi,li,\n'
    assert found == Filled(found.text, 1, ("stranger",), ("Bo", "Li"), ())


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        ([graded("li")], ["li: is excused"]),
        ([graded("jane", is_errored=True)], ["jane: the grader failed on the submission"]),
        ([graded("bo")], ["bo: may be Bo or Li"]),
        ([graded("jane"), graded("1")], ["jane: may be Jane, and so may 1", "1: may be Jane, and so may jane"]),
    ],
)
def test_who_gets_no_score_gets_a_sentence(rows, kept):
    found = filled(*rows)
    assert found.text.encode() == LIST
    assert (found.written, found.unlisted, list(found.kept)) == (0, (), kept)


def test_a_list_of_which_no_line_fits():
    first, told, *_ = filled(graded("Doe, Jane"), graded("x")).lines(Path("list.csv"))
    assert (first, told[:55]) == ("0 scores written", "no line of list.csv is that of anybody who was graded; ")


def test_names_with_commas_stand_in_quotes():
    rows = [ListedStudent(1, "Doe, Jane", frozenset({("login", "jane")})), ListedStudent(2, "Bo", frozenset())]
    found = fill(read_sheet(LIST, "it"), 2, rows, read_scores([graded("Roe, R"), graded("bo")]), keys, mark=".")
    assert list(found.lines(Path("l")))[2:] == [
        'not in l: "Roe, R"',
        "not in l: bo",
        'without a result: "Doe, Jane", Bo',
    ]
    found = fill(read_sheet(LIST, "it"), 2, rows[:1], read_scores([graded("jane", is_errored=True)]), keys, mark=".")
    assert list(found.lines(Path("l"))) == ["0 scores written", "jane: the grader failed on the submission"]


@pytest.mark.parametrize(
    ("student", "known", "is_found"),
    [
        ("jane", "jane@uni.edu", True),
        ("Jane@uni.edu", "jane", True),
        ("jane@gmail.com", "jane@uni.edu", False),  # perhaps somebody else
        ("jan", "jane@uni.edu", False),
    ],
)
def test_an_address_stands_for_its_login(student, known, is_found):
    rows = [ListedStudent(1, "Jane", frozenset({("field", known)}))]
    found = fill(read_sheet(LIST, "it"), 2, rows, read_scores([graded(student)]), keys, mark=".")
    assert (found.written, found.unlisted) == ((1, ()) if is_found else (0, (student,)))


def test_who_is_named_is_meant_before_whose_address_begins_so():
    rows = [
        ListedStudent(1, "Jane", frozenset({("login", "jane")})),
        ListedStudent(2, "J", frozenset({("f", "jane@x")})),
    ]
    found = fill(read_sheet(LIST, "it"), 2, rows, read_scores([graded("jane")]), keys, mark=".")
    assert (found.written, found.ungraded) == (1, ("J",))
    found = fill(
        read_sheet(LIST, "it"),
        2,
        [*rows[1:], replace(rows[1], row=3, label="K")],
        read_scores([graded("jane")]),
        keys,
        mark=".",
    )
    assert found.kept == ("jane: may be J or K",)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Doe, Jane_12", "doejane_12", True),
        ("O'Brien_1", "obrien_1", True),
        ("jo\u0308hn_1", "j\u00f6hn_1", True),
        ("doe_1_2", "doe1_2", True),
        ("doe_12", "doe_1", False),
        ("doe_1", "roe_1", False),
    ],
)
def test_a_name_of_a_download_is_its_letters_and_its_number(one, other, is_same):
    assert (download_key(one) == download_key(other)) == is_same


def test_results_that_make_no_list():
    with pytest.raises(UserError, match="there are no results to export"):
        read_scores([])
    with pytest.raises(UserError, match="some results are of 20 and some of 30 points"):
        read_scores([graded("a"), graded("b", max_score=20)])
