"""What is known of a call that raised."""

import pytest

from autograder.grading.raising import Raising, always, counted, named
from autograder.host.answers import Frame, Raised

FOUND = Raised(
    "KeyError",
    "'a1'",
    (Frame("mine.py", 7, "update", "return g[k]"), Frame("mine.py", 7, "<dictcomp>", "return g[k]")),
    names=(("g", "dict a2, b2"), ("k", "text"), ("x", "tensor (4,)")),
)
RAISING = Raising(FOUND, "train_step", ("parameters", "x"), ({"a": 1}, 2), ("update",))


def test_its_line_and_what_stands_there() -> None:
    assert (RAISING.line, RAISING.within) == ("return g[k]", "update")
    assert (RAISING.kind("g"), RAISING.kind("h")) == ("dict a2, b2", "")
    assert (RAISING.first("tensor"), RAISING.first("list")) == ("x", "")
    assert (RAISING.holding("a"), RAISING.holding("x")) == ("parameters", "")


def test_where_nothing_is_known_of_the_line() -> None:
    bare = Raising(Raised("KeyError", "1"), "f")
    assert (bare.line, bare.within) == ("", "f")


def test_a_fixed_sentence_takes_the_groups_of_its_pattern() -> None:
    each = always("ValueError", r"(\w+) and (\w+)", "{2} meets {1}", "Why?")
    found = each.explain(each.pattern.search("one and two"), RAISING)
    assert (str(found.text), found.question) == ("two meets one", "Why?")


@pytest.mark.parametrize(("kind", "said"), [("Tensor", "a tensor"), ("builtins.dict", "a dict"), ("Odd", "a Odd")])
def test_kinds_have_names(kind, said) -> None:
    assert named(kind) == said


def test_things_are_counted() -> None:
    assert (counted(1, "member"), counted(3, "member")) == ("1 member", "3 members")
