"""What comes back from a call, and how a file that stopped is told about."""

import pytest
import torch

from autograder.host.answers import Case, Frame, Raised, RemoteConstructor, stopped, trace_lines


@pytest.mark.parametrize(
    ("argument", "single"),
    [
        (torch.ones(2), True),
        (torch.ones(2).double(), False),
        ({"a": torch.ones(2).double(), "b": [0.5, torch.ones(())]}, True),
        (((1, 2.5), "x", torch.ones(2, dtype=torch.int64)), False),
    ],
    ids=["float32", "float64", "inside", "none"],
)
def test_a_case_is_single_where_an_argument_is(argument, single):
    assert Case((1, argument)).is_single is single


def test_each_object_to_be_made_has_a_number_of_its_own():
    assert RemoteConstructor("loader", ()).number != RemoteConstructor("loader", ()).number


@pytest.mark.parametrize(
    ("error", "text", "lines"),
    [
        (Raised("SyntaxError", "bad", syntax=(3, 7, "  y = (1 2)\n")), "SyntaxError: bad", ("  y = (1 2)", "      ^")),
        (
            Raised("SyntaxError", "bad", syntax=(3, 1, "=======\n")),
            "line 3 was left by a merge; keep one of the two versions",
            ("  =======", "  ^"),
        ),
        (Raised("SystemExit", "0"), "the file calls exit, so Python stops before it reaches the end", ()),
        (Raised("KeyError", "'a'"), "KeyError: 'a'", ()),
        (Raised("KeyError", ""), "KeyError", ()),
    ],
    ids=["syntax", "merge", "exit", "exception", "without words"],
)
def test_why_a_file_stopped(error, text, lines):
    problem = stopped(error)
    assert str(problem.text) == text
    assert problem.lines == (("line 3", *lines) if lines else ())


def test_lines_of_a_recursion_are_told_once():
    frame = Frame("exercise1.py", 3, "f", "f()")
    assert trace_lines(Raised("E", "", (frame, frame))) == ("exercise1.py, line 3, in f: f()",)
