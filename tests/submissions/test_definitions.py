"""Students' texts are read, whatever they hold."""

from textwrap import dedent

import pytest

from autograder.submissions.definitions import definitions


@pytest.mark.parametrize(
    "text",
    ["f = g", "f: object = g", "(f, *_) = g", "from mine import g as f", "class f: pass", "async def f(y): pass"],
)
def test_whatever_gives_a_name_defines_it_once(text: str) -> None:
    assert "f" in definitions(text)
    assert definitions(f"def f(x): pass\ntry:\n    {text}\nexcept OSError:\n    pass\n").count("f") == 1


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
    assert definitions(dedent(text)) == ["a", "b", "c", "d", "e", "g", "h", "J", "o"]


@pytest.mark.parametrize(
    "text",
    ["def f(:", "x = 1\0", "x = " + "(" * 5000 + ")" * 5000, "-" * 200_000 + "1", "x = '\udc80'", "\tdef f(): pass"],
    ids=["syntax", "nul", "parentheses", "minus", "surrogate", "indent"],
)
def test_unreadable_text_defines_nothing(text: str) -> None:
    assert definitions(text) == []


def test_odd_but_valid_text_is_read_without_a_warning() -> None:
    chain = "if 0:\n    pass\n" + "elif 0:\n    pass\n" * 300
    assert definitions("\ufeffa = '\\d' is 'x'\r\n" + chain + "def f(): return 1\n") == ["a", "f"]
