"""A course as a table: states, totals, weights, rosters, and who is left out."""

import csv
import io
from dataclasses import replace

import pytest
from classes import EXERCISE, put

from autograder.classroom.enrolment import Enrolled, Enrolment
from autograder.classroom.store import Store
from autograder.classroom.term import (
    exercise_rows,
    in_order,
    parse_weights,
    read_term,
    render_table,
    term_lines,
    total_rows,
)
from autograder.errors import UserError

OTHER = replace(EXERCISE, name="exercise10", title="Ten", functions=(("f", 10),))
ROSTER = Enrolment((
    Enrolled("ann", "Ann Lee"), Enrolled("bob", "Bob Kay"), Enrolled("kim"), Enrolled("pat", is_withdrawn=True)
))  # fmt: skip


@pytest.fixture
def store(tmp_path):
    """Two exercises: ann in time and late, bob refused, kim nothing, pat withdrawn, zoe not on the roster."""
    with Store(tmp_path, create=EXERCISE, is_course=True) as store:
        put(store, "Ann Lee_12345", raw_score=30, score=30.0)
        put(store, "pat", raw_score=30, score=30.0)
        put(store, "zoe", raw_score=15, score=15.0)
        store.put_refused([("bob.zip", "is broken", "bob"), ("pat.zip", "is broken", "pat")])
        store.put_roster(ROSTER)
    with Store(tmp_path, create=OTHER, is_course=True) as store:
        put(store, "ann", raw_score=8, score=4.5, max_score=10, seconds_late=60.0)
        put(store, "zoe", is_errored=True, max_score=10)
    with Store(tmp_path) as store:
        yield store


def table(store: Store) -> list[list[str]]:
    return list(csv.reader(io.StringIO(render_table(read_term(store)))))


def test_a_row_a_student_and_a_column_an_exercise(store):
    assert table(store) == [
        ["student", "name", "exercise2", "exercise10", "total", "percent", "exercise2 state", "exercise10 state",
         "exercise2 penalty", "exercise10 penalty"],
        ["ann", "Ann Lee", "30", "4.5", "34.5", "86.25", "graded", "late", "0", "3.5"],
        ["bob", "Bob Kay", "", "0", "0", "0", "refused", "nothing handed in", "0", "0"],
        ["kim", "", "0", "0", "0", "0", "nothing handed in", "nothing handed in", "0", "0"],
        ["zoe", "", "15", "", "", "", "graded", "grader failed", "0", "0"],
    ]  # fmt: skip
    assert list(term_lines(read_term(store))) == [
        "  exercise2   2 graded, 1 refused, 1 nothing handed in; 22.5 of 30 points on average",
        "  exercise10  1 graded (1 late), 2 nothing handed in, 1 grader failed; 4.5 of 10 points on average",
        "4 students, 28.8 % on average; the total is of 40 points",
    ]
    assert read_term(store).strangers == ("zoe",)
    assert list(store.of("exercise2").students()) == ["Ann Lee_12345", "pat", "zoe"]  # the results stay


def test_weights(store):
    store.put_weights({"exercise2": 1, "exercise10": 3})
    assert table(store)[1][4:6] == ["34.5", "58.75"]
    store.put_weights({"exercise2": 1})
    assert table(store)[1][4:6] == ["34.5", "100"]
    assert list(term_lines(read_term(store)))[2:] == [
        "4 students, 33.3 % on average; the total is weighted: exercise2 1",
        "exercise10 counts nothing in the total, as --weights does not name it",
    ]
    store.put_weights({"exercise1": 1})
    left = "exercise2, exercise10 count nothing in the total, as --weights does not name them"
    assert list(term_lines(read_term(store)))[-1] == left


def test_scores_to_be_handed_on(store):
    def scores(rows):
        return [(row.student, row.score, row.max_score) for row in rows if not row.is_errored]

    term = read_term(store)
    assert scores(total_rows(term)) == [("ann", 34.5, 40), ("bob", 0, 40), ("kim", 0, 40)]
    assert scores(exercise_rows(term, "exercise2")) == [("Ann Lee_12345", 30, 30), ("kim", 0, 30), ("zoe", 15, 30)]
    store.put_weights({"exercise2": 1})
    assert scores(total_rows(read_term(store)))[0] == ("ann", 100, 100)


@pytest.mark.parametrize(
    "text",
    [
        "exercise1=10,exercise2=20.5",
        "exercise1=10, exercise2 = 20.5",
        "Exercise;Weight\nexercise1;10\nexercise2;20.5\n",
    ],
)
def test_weights_as_they_are_written(text):
    assert parse_weights(text, ["exercise1", "exercise2"]) == {"exercise1": 10, "exercise2": 20.5}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("exercise9=1", "there is no exercise 'exercise9'; there are exercise1"),
        ("exercise1=much", "exercise1 has no number that it counts for; write"),
        ("exercise1", "exercise1 has no number"),
        ("exercise1=0", "says of no exercise that it counts; write"),
    ],
)
def test_what_are_no_weights(text, says):
    with pytest.raises(UserError) as error:
        parse_weights(text, ["exercise1"])
    assert says in str(error.value)


def test_ten_comes_after_nine():
    assert sorted(["exercise10", "exercise9", "tiny"], key=in_order) == ["exercise9", "exercise10", "tiny"]
