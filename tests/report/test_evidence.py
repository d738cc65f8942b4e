"""What a check that failed has seen, as lines of text."""

from autograder.model import Evidence, Revealed, RevealedPart, WrongPart, message
from autograder.report.evidence import facts, revealed_facts
from autograder.report.words import FailureWords

CASE = (("x", "[1, 2]"), ("parameters", "a = 1, b = 2"))


def told(lines: object) -> list[tuple[str, str]]:
    return [(label.strip(), value) for label, value in lines if value]


def test_what_is_wrong_stands_beside_what_is_expected_where_it_fits():
    evidence = Evidence(CASE, (WrongPart("a", "1", "2"),), "torch autograd", ("a.py, line 1",), (), "ValueError: no")
    assert told(facts(FailureWords("", evidence=evidence), 70)) == [
        ("case", "x = [1, 2]   parameters: a = 1, b = 2"),
        ("a", "yours 1, expected 2   (torch autograd)"),
        ("Python", "ValueError: no"),
        ("at", "a.py, line 1"),
    ]


def test_a_hidden_check_in_full_has_the_reference_s_answer():
    said = Revealed(message("`a` is wrong"), CASE, (RevealedPart("a", "1", "2", "2.5"),), oracle="torch autograd")
    assert told(revealed_facts(said, 70))[1:] == [
        ("a", "yours 1, expected 2   (torch autograd)"),
        ("reference", "a = 2.5"),
    ]


def test_where_no_part_could_be_compared_all_that_came_is_there():
    parts = (RevealedPart("", "", "2", "2"),)
    said = Revealed(message("the answer has 2 numbers"), CASE, parts, "[1, 2]", trace=("a.py, line 3",), python="E: x")
    assert told(revealed_facts(said, 70))[1:] == [
        ("yours", "[1, 2]"),
        ("expected", "2"),
        ("reference", "2"),
        ("Python", "E: x"),
        ("at", "a.py, line 3"),
    ]
