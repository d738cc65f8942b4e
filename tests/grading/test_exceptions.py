"""Exceptions in a sentence for beginners."""

from string import Formatter

from autograder.grading.exceptions import RULES, explained, python_says
from autograder.grading.raising import Raising
from autograder.host.answers import Raised


def test_there_are_many() -> None:
    assert len(RULES) >= 60


def test_what_python_says_is_kept_with_what_it_would_suggest() -> None:
    found = Raised("NameError", "name 'ypred' is not defined", near="y_pred")
    assert python_says(found) == "NameError: name 'ypred' is not defined. Did you mean: 'y_pred'?"
    assert python_says(Raised("StopIteration", "")) == "StopIteration"
    assert python_says(Raised("NotImplementedError", "f is not written yet")) == ""


def test_a_text_of_the_students_own_breaks_no_rule() -> None:
    for each in RULES:
        for kind in each.types.split():
            for text in ("", "{0} {x}", "'{' '}'", "index 9 is out of bounds for dimension 0 with size 2"):
                found = explained(Raising(Raised(kind, text), "f"))
                assert found is None or Formatter().parse(str(found.text)) is not None
