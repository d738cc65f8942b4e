"""Exports: the plain table, and the files of Canvas and Moodle with the scores filled in."""

import csv
import io
from dataclasses import replace

import pytest

from autograder.classroom.exports import canvas, moodle
from autograder.classroom.exports.csv import defused, original, render
from autograder.classroom.exports.roster import Filled
from autograder.classroom.exports.sheet import decimal_mark, number, read_sheet
from autograder.errors import UserError
from autograder.model import ClassRow

FUNCTIONS = ("forward", "loss")


def graded(student: str, score: float = 25, *, points: tuple[int, ...] = (20, 5), is_errored: bool = False) -> ClassRow:
    functions = [
        {"name": name, "score": earned, "max_score": 25, "outcome": "passed"}
        for name, earned in zip(FUNCTIONS, points, strict=True)
    ]
    return ClassRow(
        student=student,
        file=f"{student}.py",
        sha256="0" * 64,
        raw_score=sum(points),
        score=score,
        max_score=30,
        seconds_late=0.0,
        seconds=1.0,
        report={"functions": functions},
        is_errored=is_errored,
    )


def read(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter, strict=True))


# The plain table

NAMES = ["alice", "Doe, Jane", 'Bo "Bobby" Tables', "two\nlines", "jöhn", "李小龙", "", " spaced ", "semi;colon"]
FORMULAS = ["=1+1", "+1", "-rf", "@SUM(A1)", "\tx", "\rx", "\nx", "  =1", "＝1", "'quoted", "''", "=cmd|' /C calc'!A0"]


def test_a_table():
    assert render([graded("alice"), graded("Doe, Jane", 22.5)], FUNCTIONS) == (
        'student,score,max_score,forward,loss\r\nalice,25,30,20,5\r\n"Doe, Jane",22.5,30,20,5\r\n'
    )


@pytest.mark.parametrize("name", NAMES + FORMULAS)
def test_any_name_comes_back(name):
    (_, row) = read(render([graded(name)], FUNCTIONS))
    assert original(row[0]) == name
    assert row[1:] == ["25", "30", "20", "5"]


@pytest.mark.parametrize("name", NAMES[:6])
def test_a_name_that_is_no_formula_is_kept(name):
    assert defused(name) == name


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_is_defused(name):
    assert defused(name) == "'" + name


def test_where_the_grader_failed_there_is_no_score():
    (_, row) = read(render([graded("alice", 0, is_errored=True)], FUNCTIONS))
    assert row == ["alice", "", "30", "", ""]


def test_a_report_without_a_function_leaves_its_cell_empty():
    (_, row) = read(render([graded("alice")], ("loss", "collapse")))
    assert row == ["alice", "25", "30", "5", ""]


@pytest.mark.parametrize(
    ("value", "text"), [(30, "30"), (30.0, "30"), (0, "0"), (0.0, "0"), (100, "100"), (27.5, "27.5"), (28.97, "28.97")]
)
def test_numbers(value, text):
    assert number(value) == text


# Taking files apart

BYTES = [
    b"a,b\n1,2\n",
    b"a,b\r\n1,2",
    b"\xef\xbb\xbfa;b\r\n1;2\r\n",
    b'"a""b",c\n"x\ny",\n',
    b"a\tb\n\n1\t\n",
    b"a\n",
    b",\n,",
    '"李, 小龙",é\n'.encode(),
    b'a,"b,c;d;e;f"\n1,2\n',
    b"a,b\r1,2\r",
]


@pytest.mark.parametrize("data", BYTES)
def test_a_file_that_is_not_filled_is_the_same_to_the_byte(data):
    assert read_sheet(data, "it").filled(0, {}).encode() == data


@pytest.mark.parametrize("data", BYTES)
def test_cells_are_read_as_python_reads_them(data):
    sheet = read_sheet(data, "it")
    theirs = [row or [""] for row in read(data.decode(), sheet.delimiter)]
    assert [sheet.cells(row) for row in range(len(sheet.rows))] == theirs


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is empty"),
        (b"\xef\xbb\xbf", "it is empty"),
        ("a,ü\n".encode("latin-1"), "it is not saved as UTF-8"),
        ("a,b\n".encode("utf-16"), "it is not saved as UTF-8"),
        (b'a,b\n1,"2\n', "it, line 2: a quotation mark is out of place"),
        (b'a,b\n1,"2"3\n', "it, line 2: a quotation mark is out of place"),
    ],
)
def test_files_that_cannot_be_taken_apart(data, reason):
    with pytest.raises(UserError, match=reason):
        read_sheet(data, "it")


@pytest.mark.parametrize(
    ("header", "mark"), [("a,b", ","), ("a;b", ";"), ("a\tb", "\t"), ('a,"b;c;d"', ","), ("a", ",")]
)
def test_the_delimiter_is_the_headers(header, mark):
    assert read_sheet(f"{header}\n1;2;3,4\n".encode(), "it").delimiter == mark


def test_the_decimal_mark_is_the_files():
    assert decimal_mark(["Yes", "", "30.00"]) == "."
    assert decimal_mark(["Doe, Jane", "30,00"]) == ","


# Canvas

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
    rows = [graded(student) if isinstance(student, str) else student for student in students]
    return canvas.export(text.encode(), rows, assignment)


def canvas_scores(filled: Filled, delimiter: str = ",") -> dict[str, str]:
    return {row[0]: row[-1] for row in read(filled.text, delimiter)[1:] if row[0]}


@pytest.mark.parametrize("student", ["12345", "S001", "jdoe", "JDOE", "doejane_12345", "s001"])
def test_canvas_finds_a_student(student):
    filled = into_canvas(student)
    assert canvas_scores(filled)["Doe, Jane"] == "25"
    assert (filled.written, filled.unlisted, filled.kept) == (1, (), ())


@pytest.mark.parametrize(
    ("student", "name"),
    [("obrienbo_12346", 'O\'Brien, "Bo"'), ("bobrien@uni.edu", 'O\'Brien, "Bo"'), ("doe_jane_12345", "Doe, Jane")],
)
def test_canvas_finds_names_as_its_downloads_write_them(student, name):
    assert canvas_scores(into_canvas(student))[name] == "25"


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
    assert filled.kept == (
        "S004: does not have this assignment in Canvas",
        "jmüller: is excused in Canvas",
    )


def test_canvas_gets_no_score_where_the_grader_failed():
    filled = into_canvas(graded("S002", 0, is_errored=True))
    assert canvas_scores(filled)['O\'Brien, "Bo"'] == "17.00"
    assert filled.kept == ("S002: the grader failed on the submission",)


def test_canvas_does_not_guess_between_two_students():
    filled = into_canvas("jdoe", "doejane_12345")
    assert filled.written == 0
    assert filled.kept == (
        "jdoe: may be Doe, Jane, and so may doejane_12345",
        "doejane_12345: may be Doe, Jane, and so may jdoe",
    )
    twofold = CANVAS.replace("S002", "12345")
    filled = into_canvas("12345", text=twofold)
    assert filled.written == 0
    assert filled.kept == ('12345: may be Doe, Jane or O\'Brien, "Bo"',)


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
    assert filled.text.endswith("Doe, Jane;1;jdoe;S;22,5\r\nRoe, R;2;rr;S;1,5")
    commas = '"Student",ID,SIS Login ID,Section,A (7)\r\n    Points Possible,,,,"30,00"\r\n"Doe, J",1,jdoe,S,\r\n'
    filled = into_canvas(graded("jdoe", 22.5), text=commas, assignment="A")
    assert filled.text.endswith('"Doe, J",1,jdoe,S,"22,5"\r\n')


@pytest.mark.parametrize(
    "text", ["student,score\njdoe,3\n", "Identifier,Full name,Grade\n", "Student,ID,Grade\n", "Student,Section,X (1)\n"]
)
def test_what_is_no_gradebook_from_canvas(text):
    with pytest.raises(UserError, match="does not begin with Student, ID, …, Section; export it under Grades > Export"):
        into_canvas("jdoe", text=text)


def test_no_results():
    with pytest.raises(UserError, match="there are no results to export"):
        into_canvas()
    with pytest.raises(UserError, match="some results are of 20 and some of 30 points"):
        into_canvas("a", replace(graded("b"), max_score=20))


# Moodle

ENGLISH = (
    '\ufeffIdentifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\n'
    '"Participant 101","Jane Doe",jane@uni.edu,"Submitted for grading",,30.00,Yes,'
    '"Monday, 30 November 2026, 10:00 AM",-,\n'
    '"Participant 102","Conor O\'Brien",conor@uni.edu,"Submitted for grading",12.00,30.00,Yes,-,'
    '"Tuesday, 1 December 2026, 9:00 AM","a, ""b"""\n'
    '"Participant 103","Locked Larry",larry@uni.edu,"No submission",,30.00,No,-,-,\n'
)
GERMAN = (
    "\ufeffID,Vollständiger Name,ID-Nummer,E-Mail-Adresse,Status,Bewertung,Bestwertung,Bewertung kann geändert werden,"
    "Zuletzt geändert (Abgabe),Zuletzt geändert (Bewertung),Feedback als Kommentar\r\n"
    'Teilnehmer/in101,Jane Doe,12345678,jane@uni.edu,Zur Bewertung abgegeben,"13,50","30,00",Ja,'
    '"Mittwoch, 13. März 2024, 19:59",-,\r\n'
    'Teilnehmer/in102,Jörg Müller,12345679,joerg@uni.edu,Keine Abgabe,,"30,00",Nein,-,-,\r\n'
)
FRENCH = (
    'Identifiant,"Nom complet","Adresse de courriel",Statut,Note,"Note maximale","La note peut être modifiée",'
    '"Dernière modification (travail remis)","Dernière modification (note)"\n'
    '"Participant101","Jane Doe",jane@uni.edu,"Remis pour évaluation",,"30,00",Oui,-,-\n'
)
SPANISH = (
    'Identificador,"Nombre completo","Dirección de correo",Estado,Calificación,"Calificación máxima",'
    '"La calificación puede cambiarse","Última modificación (entrega)","Última modificación (calificación)"\n'
    'Participante101,"Jane Doe",jane@uni.edu,"Enviado para calificar",,"30,00",Sí,-,-\n'
)
CHINESE = (
    "标识符,全名,电子邮件地址,状态,成绩,最高成绩,成绩可以更改,最后修改（学生）,最后修改（教师）\n"
    "参与人101,Jane Doe,jane@uni.edu,已提交，等待评分,,30.00,是,-,-\n"
)
UNKNOWN = (  # a language that nobody thought of
    "Auðkenni,Fullt nafn,Netfang,Staða,Einkunn,Hæsta einkunn,Má breyta einkunn,"
    "Síðast breytt (skil),Síðast breytt (einkunn)\n"
    'Þátttakandi101,Jane Doe,jane@uni.edu,Skilað,,"30,00",Já,-,-\n'
    'Þátttakandi102,Jón Jónsson,jon@uni.edu,Skilað,"4,00","30,00",Já,-,-\n'
)
BLIND = (
    'Identifier,Status,Grade,"Maximum grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)"\n'
    '"Participant 101","Submitted for grading",,30.00,Yes,-,-\n'
)
WORKSHEETS = {
    "English": ENGLISH,
    "German": GERMAN,
    "French": FRENCH,
    "Spanish": SPANISH,
    "Chinese": CHINESE,
    "unknown": UNKNOWN,
    "blind": BLIND,
}


def into_moodle(*students: str | ClassRow, text: str = ENGLISH, column: str | None = None) -> Filled:
    rows = [graded(student) if isinstance(student, str) else student for student in students]
    return moodle.export(text.encode(), rows, column)


def changed(before: str, after: str) -> list[tuple[str, str, str]]:
    """Return row, column title and new value of each cell that differs."""
    header, *old = read(before)
    _, *new = read(after)
    return [
        (a[0], header[place], b[place])
        for a, b in zip(old, new, strict=True)
        for place in range(len(header))
        if a[place] != b[place]
    ]


@pytest.mark.parametrize(
    ("language", "grade", "score"),
    [
        ("English", "Grade", "22.5"),
        ("German", "Bewertung", "22,5"),
        ("French", "Note", "22,5"),
        ("Spanish", "Calificación", "22,5"),
        ("Chinese", "成绩", "22.5"),
        ("unknown", "Einkunn", "22,5"),
    ],
)
@pytest.mark.parametrize("student", ["jane@uni.edu", "JANE@UNI.EDU", "Jane Doe_101"])
def test_moodle_fills_the_grade_and_nothing_else(language, grade, score, student):
    text = WORKSHEETS[language]
    filled = into_moodle(graded(student, 22.5), text=text)
    (change,) = changed(text, filled.text)
    assert change[0].endswith("101")
    assert change[1:] == (grade, score)
    cell = f'"{score}"' if "," in score else score
    assert len(filled.text) - len(text) == len(cell) - (len('"13,50"') if language == "German" else 0)
    assert (filled.written, filled.unlisted, filled.kept) == (1, (), ())


@pytest.mark.parametrize(
    ("language", "student"),
    [
        ("English", "Participant 101"),
        ("English", "participant101"),
        ("German", "Teilnehmer/in101"),
        ("German", "12345678"),
        ("blind", "Participant_101"),
        ("blind", "Participant 101"),
        ("German", "Teilnehmerin_101"),
        ("Chinese", "参与人101"),
    ],
)
def test_moodle_finds_a_student(language, student):
    assert into_moodle(student, text=WORKSHEETS[language]).written == 1


@pytest.mark.parametrize("student", ["Jane Doe", "101", "jane_101", "John Doe_101", "Jane Doe_102", "Yes", "-", ""])
def test_moodle_takes_nobody_for_another(student):
    filled = into_moodle(student)
    assert (filled.text, filled.written, filled.unlisted) == (ENGLISH, 0, (student,))


def test_moodle_says_who_is_missing_on_both_sides():
    filled = into_moodle("Conor OBrien_102", "stranger", "larry@uni.edu")
    assert changed(ENGLISH, filled.text) == [("Participant 102", "Grade", "25")]
    assert filled.unlisted == ("stranger",)
    assert filled.ungraded == ("Jane Doe (Participant 101)",)
    assert filled.kept == ("larry@uni.edu: the grade cannot be changed in Moodle",)
    assert into_moodle("joerg@uni.edu", text=GERMAN).kept == ("joerg@uni.edu: the grade cannot be changed in Moodle",)
    assert into_moodle("x", text=BLIND).ungraded == ("Participant 101",)


def test_moodle_gets_no_score_where_the_grader_failed():
    filled = into_moodle(graded("conor@uni.edu", 0, is_errored=True))
    assert filled.text == ENGLISH
    assert filled.kept == ("conor@uni.edu: the grader failed on the submission",)


def test_moodle_with_the_column_named():
    text = ENGLISH.replace(",Grade,", ",Punkte,")
    assert changed(text, into_moodle("jane@uni.edu", text=text, column="punkte").text) == [
        ("Participant 101", "Punkte", "25")
    ]
    with pytest.raises(UserError, match=r"no columns that may hold the grade; name it\. It has Identifier, Full name"):
        into_moodle("jane@uni.edu", column="Marks")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            ENGLISH.replace("30.00", "100.00"),
            "the maximum grade is 100 in Moodle and the exercise has 30 points; set it to 30",
        ),
        (
            ENGLISH.replace("30.00", "-"),
            "has no maximum grade beside the grade; set the assignment's grade type to points",
        ),
        (GERMAN.replace("30,00", "24,00"), "the maximum grade is 24 in Moodle"),
        (ENGLISH.split("\n")[0], "lists nobody"),
        (CANVAS, "does not begin with a column like Participant 12345"),
        ("student,score\nbob1,3\n", "no columns that may hold the grade"),
    ],
)
def test_moodle_refuses_a_worksheet(text, reason):
    with pytest.raises(UserError) as error:
        into_moodle("jane@uni.edu", text=text)
    assert reason in str(error.value)


def test_a_file_for_moodles_gradebook():
    rows = [graded("jane@uni.edu", 22.5), graded("bob@uni.edu", 0, is_errored=True), graded("eve@uni.edu")]
    assert moodle.gradebook(rows, 'Exercise 2, "chains"') == (
        'Email address,"Exercise 2, ""chains"""\r\njane@uni.edu,22.5\r\neve@uni.edu,25\r\n'
    )
    assert moodle.gradebook([graded("=1"), graded("x@y")], "=2") == "ID number,'=2\r\n'=1,25\r\nx@y,25\r\n"
