"""Where a text defines a function, and whether it is still as handed out, told by lines and in little time."""

import time

import pytest
from places import KIT

from autograder.submissions.outline import is_unwritten, line_of, to_write

STUB = (KIT / "exercises" / "exercise1.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("def f(): pass", 1),
        ("x = 1\nasync def f(x): ...\n", 2),
        ("def f(): pass\n\ndef f(): pass\n", 3),
        ("f = lambda x: x", 1),
        ("\nf: object = g", 2),
        ("class f:\n    pass", 1),
        ("def ff(): pass\nclass C:\n    def f(self): ...\ng(f)", None),
    ],
)
def test_the_last_definition_at_the_left_margin_counts(code, line):
    assert line_of(code, "f") == line


STUB_OF_F = """
def f(
    x,
) -> int:
    '''Say: it.

    More.'''
    # why
    raise NotImplementedError("f (x)")

y = 1
"""


@pytest.mark.parametrize(
    ("code", "so"),
    [
        ("def f(x): pass", True),
        ("def f(x):\n    ...\n", True),
        (STUB_OF_F, True),
        ("def f(x):\n    '''d'''\n", True),
        ("def f(x):\n    'd'\n    raise NotImplementedError", True),
        ("@own\ndef f(x): pass", False),
        ("def f(x): return 1", False),
        ("def f(x):\n    \"\"\"d\"\"\"\n    y = x\n    raise NotImplementedError(y)\n", False),
        ("def f(x):\n    return None\n", False),
        ("def f(x): pass\nf = g", False),
        ("def f(x): pass\n\n\ndef f(x):\n    return x\n", False),
        ("def g(x): pass", False),
    ],
)  # fmt: skip
def test_what_is_unwritten(code, so):
    assert is_unwritten(code, "f") == so


def test_a_stub_is_as_it_was():
    names = ("predict", "loss", "manual_gradients", "update", "train_epoch")
    assert [is_unwritten(STUB, name) for name in names] == [True] * 5


@pytest.mark.parametrize(
    "code",
    [
        "def loss(x):\n" + " \n" * 900_000,
        "def loss(x): #\n" * 100_000,
        "@a\n" * 600_000,
        "def loss" * 180_000,
        'def loss(x):\n  """' + '"' * 2_000_000,
        "def loss(x):\n raise NotImplementedError(" + "(" * 1_000_000,
        "a;" * 1_000_000,
    ],
)
def test_a_hostile_text_keeps_nobody_waiting(code):
    began = time.process_time()
    is_unwritten(code, "loss")
    assert time.process_time() - began < 10


def test_what_says_that_it_is_not_written_is_to_be_written():
    code = 'def a(x):\n    """Say."""\n    raise NotImplementedError("a")\n\n\ndef b():\n    pass\n'
    assert to_write(f"{code}\n\nNotImplementedError = 1\n") == ["a"]
