"""Sentences for what Python does not understand in a file."""

import pytest

from autograder.host.syntax_errors import explained


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("y = a − b", "− is a printed minus"),
        ("y = ½ * b", "Python writes it 0.5"),
        ("y = “text”", "is a printed quote"),
        ("y = a × b", "Python writes *"),
        ("y = 3 € 4", "Python does not take the character € (euro sign)"),
        ("y = (1 + 2", "a ( is opened here and never closed"),
        ("y = 1 + 2)", "a ) closes here that was never opened"),
        ("y = (1 + 2]", "a ( was opened, and a ] closes"),
        ("def f(x)\n    return x", "a colon : is missing"),
        ("def f(x):\nreturn x", "the line after the function definition of line 1 is to be indented"),
        ("x = 1\n  y = 2", "indented further than the one above"),
        ("if x:\n    y = 1\n  z = 2", "at a column where no line above it begins"),
        ("def f(x):\n        y = 1\n\treturn y", "indented with a tab"),
        ("y = 'text", "the closing quote of a text is missing"),
        ("y = 2x", "a number runs into what follows"),
        ("y = (a b)", "something is missing here between two values"),
        ("if x = 1: pass", "two == compare"),
        ("f(x) = 1", "only a name can stand left"),
        ("return 1", "this `return` stands outside of a function"),
        ("break", "this line stands outside of a loop"),
        ("print 1", "`print` is called with round brackets"),
        ("f(a=1, 2)", "arguments without a name come before"),
        ("def f(a=1, b): pass", "parameters without a value come before"),
        ("def f(a, a): pass", "`a` stands twice"),
        ("y = 1\u00a0+ 2", "a blank of another kind"),
        ("if x:\n    y = 1\nelse if z:\n    y = 2", "Python writes elif"),
        ("i++", "Python has no ++"),
        ("y = 007", "a whole number cannot begin with a 0"),
    ],
)
def test_what_is_said(code, said):
    with pytest.raises(SyntaxError) as caught:
        compile(code + "\n", "mine.py", "exec")
    assert said in explained(caught.value.msg, caught.value.text or "")


def test_what_no_rule_knows_stays_as_it_is():
    assert explained("invalid syntax", "one plus one") == ""
    assert explained("something new", "") == ""
