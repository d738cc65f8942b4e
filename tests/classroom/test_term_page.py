"""Pages of a course: whatever a name is, it is text; a student's page has nobody else's."""

from datetime import UTC, datetime

from autograder.classroom.term import NOTHING, Term, TermCell, TermExercise, TermRow
from autograder.classroom.term_page import render_class, render_student

NASTY = "<script>alert(1)</script> & \u202eevil"
ROWS = (
    TermRow("ann", "Ann Lee", "", (TermCell("late", 4.5, 8, 3600.0, "ann"), NOTHING), 4.5, 11.25),
    TermRow(NASTY, "", "", (TermCell("refused"), TermCell("grader failed", None, 0, 0.0, NASTY)), None, None),
)
TERM = Term(
    (TermExercise("exercise1", "One", 10, 10.0), TermExercise("exercise2", "Two", 30, 30.0)), ROWS, False, (NASTY,)
)


def test_the_class():
    page = render_class(TERM, when=datetime(2026, 12, 1, tzinfo=UTC))
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert 'href="feedback/ann.html"' in page
    assert 'href="exercise1/feedback/ann.html">4.5</a>' in page
    assert 'href="exercise1/report.html"' in page
    assert "2 students, 2 exercises" in page
    assert page.count("<tr>") == 2 + 2 + 2  # headings, exercises, students


def test_a_student():
    page = render_student(TERM, ROWS[0])
    assert "late by 1 h: 8 earned, 3.5 taken for that" in page
    assert 'href="../exercise1/feedback/ann.html"' in page
    assert "nothing handed in" in page
    assert "4.5 / 40</td><td>11.25 %" in page
    assert "evil" not in page
    page = render_student(TERM, ROWS[1])
    assert "<script" not in page
    assert "not graded yet: your file could not be used" in page
    assert "which is no fault of yours" in page
    assert "total" not in page
