"""A grading worksheet from Moodle with the scores filled in, and a file for its gradebook."""

import pytest
from exported import graded, read, rows_of

from autograder.classroom.exports import moodle
from autograder.classroom.exports.roster import Filled
from autograder.errors import UserError
from autograder.model import ClassRow

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
    return moodle.export(text.encode(), rows_of(students), column)


def changed(before: str, after: str) -> list[tuple[str, str, str]]:
    """Return row, column title and new value of each cell that differs."""
    header, *old = read(before)
    same, *new = read(after)
    assert same == header
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
    assert changed(ENGLISH, filled.text) == []
    assert (filled.written, filled.unlisted) == (0, (student,))


def test_moodle_says_who_is_missing_on_both_sides():
    filled = into_moodle("Conor OBrien_102", "stranger", "larry@uni.edu")
    assert changed(ENGLISH, filled.text) == [("Participant 102", "Grade", "25")]
    assert filled.unlisted == ("stranger",)
    assert filled.ungraded == ("Jane Doe (Participant 101)",)
    assert filled.kept == ("larry@uni.edu: the grade cannot be changed in Moodle",)
    assert into_moodle("joerg@uni.edu", text=GERMAN).kept == ("joerg@uni.edu: the grade cannot be changed in Moodle",)
    assert into_moodle("x", text=BLIND).ungraded == ("Participant 101",)


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
        (ENGLISH.replace("30.00", "100.00"), "is 100 in Moodle and the exercise has 30 points; set it to 30"),
        (ENGLISH.replace("30.00", "-"), "has no maximum grade beside the grade; set the assignment's grade type"),
        (GERMAN.replace("30,00", "24,00"), "the maximum grade is 24 in Moodle"),
        (ENGLISH.split("\n")[0], "lists nobody"),
        ("Student,ID,Section\nJane Doe,1,A\n", "does not begin with a column like Participant 12345"),
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
