"""Students' texts are read, whatever they hold."""

from textwrap import dedent

import pytest

from autograder.submissions.definitions import definitions, imports


def test_definitions_gives_line_parameters_and_docstring() -> None:
    found = definitions(
        'import os\n\ndef loss(y_pred: "T", /, y=1, *, n: int = 2) -> int:\n    "Return it."\n    return 1\n'
    )
    assert list(found) == ["os", "loss"]
    loss = found["loss"]
    assert (loss.line, loss.parameters, loss.docstring) == (3, "(y_pred, /, y=1, *, n=2)", "Return it.")
    assert not loss.unwritten


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "...",
        '"""Text."""',
        "raise NotImplementedError",
        'raise NotImplementedError("f")',
        "'x'; pass; raise NotImplementedError",
    ],
)
def test_unwritten_bodies(body: str) -> None:
    assert definitions(f"def f(x):\n    # to do\n    {body}\n")["f"].unwritten


@pytest.mark.parametrize(
    "body", ["return None", "raise ValueError", "x = 1", "raise NotImplementedError; return 1", "raise"]
)
def test_written_bodies(body: str) -> None:
    assert not definitions(f"def f(x):\n    {body}\n")["f"].unwritten


def test_decorated_function_may_be_more_than_its_body() -> None:
    assert not definitions("@wrapped\ndef f(x): ...\n")["f"].unwritten


@pytest.mark.parametrize(
    "later",
    [
        "f = g",
        "f: object = g",
        "a, (f, *b) = g",
        "from mine import g as f",
        "class f: pass",
        "f = lambda y: y",
        "async def f(y): return y",
    ],
)
def test_last_definition_wins_whatever_it_is(later: str) -> None:
    for text in (f"def f(x): pass\n{later}\n", f"def f(x): pass\ntry:\n    {later}\nexcept OSError:\n    pass\n"):
        found = definitions(text)["f"]
        assert not found.unwritten
        assert found.line == text.split("\n").index(next(line for line in text.split("\n") if later in line)) + 1


def test_lambda_shows_its_parameters() -> None:
    assert definitions("f = lambda y, n=1: y\n")["f"].parameters == "(y, n=1)"


def test_definitions_in_blocks_count_and_those_in_functions_and_main_do_not() -> None:
    text = """\
    if 1:
        def a(): return 1
    else:
        def b(): return 1
    try:
        def c(): return 1
    except ImportError:
        def d(): return 1
    finally:
        e = 1
    match 1:
        case 1:
            g = 1
    def h():
        i = 1
    class J:
        k = 1
    f.l = 1
    m: int
    if __name__ == "__main__":
        a = 2
        n = 1
    else:
        o = 1
    """
    found = definitions(dedent(text))
    assert list(found) == ["a", "b", "c", "d", "e", "g", "h", "J", "o"]
    assert found["a"].line == 2


@pytest.mark.parametrize(
    "text",
    ["def f(:", "x = 1\0", "x = " + "(" * 5000 + ")" * 5000, "-" * 200_000 + "1", "x = '\udc80'", "\tdef f(): pass"],
    ids=["syntax", "nul", "parentheses", "minus", "surrogate", "indent"],
)
def test_unreadable_text_defines_nothing(text: str) -> None:
    assert definitions(text) == {}


def test_odd_but_valid_text_is_read_without_a_warning() -> None:
    chain = "if 0:\n    pass\n" + "elif 0:\n    pass\n" * 300
    assert list(definitions("\ufeffa = '\\d' is 'x'\r\n" + chain + "def f(): return 1\n")) == ["a", "f"]


def test_imports_are_those_of_the_file_and_not_of_its_functions() -> None:
    text = "import os.path, torch as t\ntry:\n    from math import pi\nexcept OSError:\n    from . import x\n"
    assert imports(text + "def f():\n    import re\n") == {"os", "torch", "math"}
    assert imports("import os\nx = (") == frozenset()
