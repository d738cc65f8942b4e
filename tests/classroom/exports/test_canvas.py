"""A gradebook exported from Canvas, with the scores filled in."""

import pytest
from exported import graded, read, rows_of

from autograder.classroom.exports import canvas
from autograder.classroom.exports.roster import Filled
from autograder.errors import UserError
from autograder.model import ClassRow

CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Notes,Exercise 1 (901),Exercise 2 (902),"
    "Homework Current Score,Final Score\r\n"
    ",,,,,,,Manual Posting,,\r\n"
    "    Points Possible,,,,,,20.00,30.00,(read only),(read only)\r\n"
    '"Doe, Jane",12345,S001,jdoe,Group A and Group B,likes tea,18.00,,90.00,90.00\r\n'
    '"O\'Brien, ""Bo""",12346,S002,bobrien@uni.edu,Group A,,,17.00,,\r\n'
    '"Müller, Jörg",12347,,JMüller,Group B,,20.00,EX,,\r\n'
    '"李, 小龙",12348,S004,li,Group B,,,N/A,,\r\n'
    '"Student, Test",99999,,,Group A,,,,,\r\n'
)


def into_canvas(*students: str | ClassRow, text: str = CANVAS, assignment: str = "Exercise 2") -> Filled:
    return canvas.export(text.encode(), rows_of(students), assignment)


JANE, BO = "Doe, Jane", 'O\'Brien, "Bo"'


@pytest.mark.parametrize(
    ("student", "name"),
    [
        *((student, JANE) for student in ("12345", "S001", "jdoe", "JDOE", "s001", "doejane_12345", "doe_jane_12345")),
        *((student, BO) for student in ("obrienbo_12346", "bobrien@uni.edu")),
    ],
)
def test_canvas_finds_a_student_also_as_its_downloads_write_them(student, name):
    filled = into_canvas(student)
    assert {row[0]: row[-1] for row in read(filled.text)[1:]}[name] == "25"
    assert (filled.written, filled.unlisted, filled.kept) == (1, (), ())


@pytest.mark.parametrize("address", ["bobrien@uni.edu", "BObrien@UNI.edu", "jdoe@uni.edu"])
def test_canvas_finds_a_student_by_the_address_on_the_roster(address):
    found = canvas.export(
        CANVAS.encode(), rows_of(["clone-of-a-repository"]), "Exercise 2", lambda student: (student, address)
    )
    assert (found.written, found.unlisted) == (1, ())
    assert len(found.ungraded) == 4


@pytest.mark.parametrize(
    "student", ["Doe, Jane", "smith_12345", "doejane_12346", "jdoe2", "1234", "", "Points Possible"]
)
def test_canvas_takes_nobody_for_another(student):
    filled = into_canvas(student)
    assert (filled.written, filled.unlisted) == (0, (student,))
    assert len(filled.ungraded) == 5


def test_canvas_keeps_to_the_byte_what_it_leaves_in():
    assert into_canvas("jdoe", graded("S002", 22.5)).text == (
        "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Exercise 2 (902)\r\n"
        ",,,,,Manual Posting\r\n"
        "    Points Possible,,,,,30.00\r\n"
        '"Doe, Jane",12345,S001,jdoe,Group A and Group B,25\r\n'
        '"O\'Brien, ""Bo""",12346,S002,bobrien@uni.edu,Group A,22.5\r\n'
        '"Müller, Jörg",12347,,JMüller,Group B,EX\r\n'
        '"李, 小龙",12348,S004,li,Group B,N/A\r\n'
        '"Student, Test",99999,,,Group A,\r\n'
    )


def test_canvas_says_who_is_missing_on_both_sides():
    filled = into_canvas("jdoe", "stranger", "S004", "jmüller")
    assert filled.written == 1
    assert filled.unlisted == ("stranger",)
    assert filled.ungraded == ('O\'Brien, "Bo"', "Student, Test")
    assert filled.kept == ("S004: does not have this assignment in Canvas", "jmüller: is excused in Canvas")


@pytest.mark.parametrize("assignment", ["Exercise 2", "exercise 2 ", "902", "Exercise 2 (902)"])
def test_canvas_finds_an_assignment(assignment):
    assert into_canvas("jdoe", assignment=assignment).text.startswith(
        "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Exercise 2 (902)\r\n"
    )


@pytest.mark.parametrize(
    ("assignment", "reason"),
    [
        ("Exercise 3", 'has no assignment "Exercise 3"; it has Exercise 1 (901), Exercise 2 (902)'),
        ("Final Score", 'has no assignment "Final Score"'),
        ("Override Score", 'has no assignment "Override Score"'),
        ("Exercise 0", 'has no assignment "Exercise 0"'),  # read only
        ("Section", 'has no assignment "Section"'),
        ("Exercise 1", "has 20 points in Canvas and the exercise 30; set the assignment's points to 30"),
    ],
)
def test_canvas_refuses_an_assignment(assignment, reason):
    text = CANVAS.replace("Homework Current Score", "Exercise 0 (900)").replace(
        "Final Score\r\n", "Final Score,Override Score\r\n"
    )
    with pytest.raises(UserError) as error:
        into_canvas("jdoe", text=text, assignment=assignment)
    assert reason in str(error.value)


def test_canvas_asks_which_of_two_assignments():
    text = CANVAS.replace("Exercise 1 (901)", "Exercise 2 (901)")
    with pytest.raises(
        UserError, match=r"several assignments .* say which of Exercise 2 \(901\) and Exercise 2 \(902\)"
    ):
        into_canvas("jdoe", text=text)


@pytest.mark.parametrize(
    "header",
    [
        "Student,ID,Section",
        "Student,ID,SIS Login ID,Section",
        "Student,ID,SIS User ID,SIS Login ID,Integration ID,Section",
        "Student,ID,SIS User ID,SIS Login ID,Root Account,Section",
        "LastName,FirstName,ID,SIS Login ID,Section",
    ],
)
def test_canvas_headers(header):
    info = {"LastName": "Doe", "FirstName": "Jane", "Student": '"Doe, Jane"', "ID": "12345"}
    cells = ",".join(info.get(name, "x") for name in header.split(","))
    text = f"{header},Exercise 2 (902)\n{cells},\n"
    for student in ("12345", "doejane_12345"):
        filled = into_canvas(student, text=text)
        assert filled.text == f"{header},Exercise 2 (902)\n{cells},25\n"
    assert into_canvas("zoe", text=text).ungraded == ("Doe, Jane",)


def test_canvas_with_semicolons_and_decimal_commas():
    text = (
        "Student;ID;SIS Login ID;Section;A, B (7)\r\n"
        "    Points Possible;;;;30,00\r\n"
        "Doe, Jane;1;jdoe;S;\r\n"
        "Roe, R;2;rr;S;1,5"
    )
    filled = into_canvas(graded("jdoe", 22.5), text=text, assignment="A, B")
    assert filled.text.endswith("Doe, Jane;1;jdoe;S;22,5\r\nRoe, R;2;rr;S;1,5\r\n")
    commas = '"Student",ID,SIS Login ID,Section,A (7)\r\n    Points Possible,,,,"30,00"\r\n"Doe, J",1,jdoe,S,\r\n'
    filled = into_canvas(graded("jdoe", 22.5), text=commas, assignment="A")
    assert filled.text.endswith('"Doe, J",1,jdoe,S,"22,5"\r\n')


@pytest.mark.parametrize(
    "text", ["student,score\njdoe,3\n", "Identifier,Full name,Grade\n", "Student,ID,Grade\n", "Student,Section,X (1)\n"]
)
def test_what_is_no_gradebook_from_canvas(text):
    with pytest.raises(UserError, match="does not begin with Student, ID, …, Section; export it under Grades > Export"):
        into_canvas("jdoe", text=text)
