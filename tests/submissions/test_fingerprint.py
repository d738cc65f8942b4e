"""The print of a file: what a disguise cannot hide, and how little of a hostile file is read."""

import ast
import re

import pytest
from prints import CODE, PRINT, STUB, fingerprint

from autograder.submissions.fingerprint import MOST_TOKENS

PINNED = (295351237, 482554544, 560214864, 1090317262, 1153766386, 1349655086, 2151861517)
CELLS = re.split(r"^# %%.*\n", CODE, flags=re.MULTILINE)


def renamed(code: str) -> str:
    """Rename whatever the file itself names, functions too."""
    tree = ast.parse(code)
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    names |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return re.sub(r"(?<![\w.\"'])[a-z_]\w*", lambda name: f"my_{name[0]}" if name[0] in names else name[0], code)


def reordered(code: str) -> str:
    return ast.unparse(ast.Module([*reversed(ast.parse(code).body)], []))


def spread(code: str) -> str:
    """Lay the code out anew: brackets over several lines, other quotes, other numbers, comments everywhere."""
    code = re.sub(r"^( +)return ([^(){}\[\]\n]+)$", r"\1return (  # mine\n        \2\n    )", code, flags=re.MULTILINE)
    code = re.sub(r'"(\w+)"', r"'\1'", code).replace("0.5", "5e-1")
    return code.replace("\n\n", "\n# so\n\n\n")


def unannotated(code: str) -> str:
    tree = ast.parse(code)
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
    return ast.unparse(tree)


DISGUISES = {
    "names": renamed(CODE),
    "order": reordered(CODE),
    "layout": spread(CODE),
    "layout, comments and docstrings": ast.unparse(ast.parse(CODE)),
    "annotations": unannotated(CODE),
    "other imports": CODE.replace("import torch\n", "import torch\nimport math, os\n"),
    "line ends": CODE.replace("\n", "\r\n"),
    "all of it": renamed(reordered(CODE)),
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_disguise_changes_nothing(disguise: str) -> None:
    assert DISGUISES[disguise] != CODE
    assert fingerprint([DISGUISES[disguise]], STUB) == PRINT
    assert len(PRINT) > 40


def test_a_notebook_has_the_print_of_its_script() -> None:
    assert fingerprint(CELLS, STUB) == PRINT


def test_prints_stay_comparable_with_stored_ones() -> None:
    code = "def f(a, x, y):\n    r = a['a1'] * x - y\n    return (0.5 * r**2).sum()\n"
    assert fingerprint([code]) == PINNED


def test_the_stub_itself_says_nothing() -> None:
    assert fingerprint([STUB], STUB) == ()
    assert not set(fingerprint([STUB])) & set(PRINT)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a * x + b - y", "a * x + b - x"),
        ("(r * x).sum(dim=0).item()", "(r * x).mean(dim=0).item()"),
        ("[0.5 * r for r in rs if r > 1]", "[0.25 * r for r in rs if r > 1]"),
        ("p['a1'] * x + p['b1'] + 1", "p['a2'] * x + p['b2'] + 1"),
    ],
)
def test_what_means_something_else_differs(one: str, other: str) -> None:
    def print_of(expression: str) -> tuple[int, ...]:
        return fingerprint([f"def f(a, b, p, r, rs, x, y):\n    value = {expression}\n    return value\n"])

    assert print_of(one)
    assert print_of(one) != print_of(other)


@pytest.mark.parametrize(
    ("cells", "is_empty"),
    [
        ([], True),
        ([""], True),
        (["\0"], True),
        (["def f(:"], True),
        (["x = '\ud800' + y * z - (a + b) * (c + d)"], True),
        ([CODE + "\ndef broken(:\n"], False),
        (["def broken(:\n", CODE], False),
    ],
)
def test_a_file_that_does_not_parse_gives_what_can_be_read_of_it(cells: list[str], is_empty: bool) -> None:
    assert fingerprint(cells, STUB) == (() if is_empty else PRINT)


DEEP = {"brackets": "(" * 10**6, "signs": f"x={'-' * 10**6}1", "sum": f"x={'1+' * 10**5}1", "dots": f"x{'.a' * 10**5}"}


@pytest.mark.parametrize("name", DEEP)
def test_a_deep_tree_is_gone_through_or_left(name: str) -> None:
    assert len(fingerprint([DEEP[name]])) <= MOST_TOKENS
