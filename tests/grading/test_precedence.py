"""Which mistake is named where several explain the same."""

from autograder.grading.precedence import FORMS, GIVES_WAY


def test_no_mistake_gives_way_to_one_that_gives_way_to_it() -> None:
    assert [name for name, others in GIVES_WAY.items() for other in others if name in GIVES_WAY.get(other, set())] == []


def test_a_form_says_least() -> None:
    assert GIVES_WAY.keys() & {name for name, _ in FORMS.values()} <= {"not-finite"}
