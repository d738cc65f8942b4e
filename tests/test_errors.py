"""Whose failure it is decides the exit code, so that the two must not be taken for each other."""

from autograder.errors import GraderError, UserError


def test_neither_kind_is_caught_as_the_other():
    assert not issubclass(UserError, GraderError)
    assert not issubclass(GraderError, UserError)
