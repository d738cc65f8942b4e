"""Rosters: who is on one, whom a submission's name means, and what is no roster."""

from pathlib import Path

import pytest

from autograder.classroom.enrolment import Enrolment, read_roster
from autograder.errors import UserError

ROSTER = """Section;Student;Name;Email;State
A;ann;Ann Lee;ann@uni.edu;
A;bob;"Kay, Bob";bob@uni.edu;Withdrawn
B;kim;Kim Poe;;
B;kim2;Kim Poe;;
"""


def test_who_is_on_it_and_who_has_withdrawn():
    roster = read_roster(ROSTER.encode("utf-8-sig"), Path("roster.csv"))
    assert [one.student for one in roster.students] == ["ann", "bob", "kim", "kim2"]
    assert [one.student for one in roster.active] == ["ann", "kim", "kim2"]
    assert Enrolment.of(roster.stored()) == roster
    assert (bool(roster), bool(Enrolment())) == (True, False)
    assert (roster.names_of("Ann Lee_12345"), roster.names_of("zoe")) == (["ann", "ann@uni.edu"], [])


@pytest.mark.parametrize(
    ("submitter", "student"),
    [
        ("ann", "ann"), ("ANN", "ann"), ("Ann Lee", "ann"), ("Ann Lee_12345", "ann"), ("annlee_12345", "ann"),
        ("ann@uni.edu", "ann"), ("Kay, Bob", "bob"), ("kim", "kim"), ("Kim Poe", None), ("zoe", None), ("ann_b", None),
    ],
)  # fmt: skip
def test_whom_a_name_means(submitter, student):
    found = read_roster(ROSTER.encode(), Path("roster.csv")).find(submitter)
    assert (found.student if found else None) == student


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name\nann\n", 'has no column "student"; name it so'),
        ("student\n", "lists no students; write one a line"),
        ("student\nann\nAnn\n", "line 3: Ann is listed twice; leave one"),
        ("student,name\n,Ann\n", "line 2: there is no student; fill in"),
    ],
)
def test_what_is_no_roster(text, says):
    with pytest.raises(UserError) as error:
        read_roster(text.encode(), Path("roster.csv"))
    assert says in str(error.value)
