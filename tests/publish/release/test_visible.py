"""Hidden checks are cut out with all that only they use, or the file is refused."""

import re

import pytest
from small_kit import CHECKS

from autograder.errors import GraderError, UserError
from autograder.publish.release.visible import visible

NESTED = 'if 1:\n    @check("half", points=1, visibility="hidden")\n    def check_half_too(): ...'


def test_hidden_checks_go_with_all_that_only_they_use():
    cut = visible(CHECKS, "checks.py")
    begin, end = CHECKS.index('\n\n@check("double", points=3'), CHECKS.index('\n\n@check("half"')
    assert cut.text == CHECKS[:begin] + CHECKS[end:]
    assert cut.left_out == {"double": (1, 3)}


def test_what_only_they_use_is_told_by_scope_and_not_by_name():
    text = '''\
"""Title."""

import math
from autograder.checking import CaseGenerator, CaseRecorder, Probe, check

SIZES = (1, 2)  # of nobody


# how to make a case
def case(draw: CaseGenerator) -> object:
    return ping(draw)


def ping(draw: CaseGenerator) -> object:
    return pong(draw) or math.pi


def pong(draw: CaseGenerator) -> object:
    return ping(draw)


def shared(draw: CaseGenerator) -> object:
    return draw


HINT = "Why?"
OTHER = "Why not?"


# ---- f


@check("f", points=1, hint=HINT)
def check_f(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """is right"""
    case = shared(draw)  # a name of its own
    judge(case)


# Nobody may know of this: it is hidden.
@check("f", points=2, visibility="hidden", needs=("f",), hint=OTHER)
def check_f_hidden(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """is secret"""
    judge(case(draw), shared(draw), Probe)
'''
    assert (
        visible(text, "checks.py").text
        == '''\
"""Title."""
from autograder.checking import CaseGenerator, CaseRecorder, check

SIZES = (1, 2)  # of nobody


def shared(draw: CaseGenerator) -> object:
    return draw


HINT = "Why?"


# ---- f


@check("f", points=1, hint=HINT)
def check_f(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """is right"""
    case = shared(draw)  # a name of its own
    judge(case)
'''
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('visibility="hidden"', "visibility=HIDDEN", "checks.py:29: check_double_one: write visibility"),
        ("points=3", "points=THREE", "checks.py:29: check_double_one: write visibility"),
        (
            '@check("double", points=3',
            '@once\n@check("double", points=3',
            "checks.py:30: check_double_one has not just",
        ),
        ("def check_double_one(", "def double_one(", "checks.py:29: double_one is a check that nothing would run"),
        (
            "    judge(draw.vector(1))",
            f"    pass\n{NESTED}",
            "a hidden check that is no function at the top of the file",
        ),
        ('"What is due for x = 6?"', '"?", needs=("double_one",)', "a visible check needs the hidden double_one"),
        ("    judge(draw.vector(1))", "    pass; x = 1\ny = 2; z = 3", "checks.py:32: two statements in one line"),
    ],
)
def test_what_cannot_be_told_without_running_it_is_refused(old, new, said):
    assert CHECKS.count(old) == 1
    with pytest.raises((GraderError, UserError), match=re.escape(said)):
        visible(CHECKS.replace(old, new), "checks.py")
