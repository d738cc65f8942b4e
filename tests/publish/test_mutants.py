"""Mutants: which small things are changed in a reference, and by what they are known."""

import ast

import pytest

from autograder.publish.mutants import mutants

FUNCTION = '''\
import torch

def untouched(x):
    return x + 1

def f({parameters}):
    """Return 2."""
    ### BEGIN SOLUTION
    {body}
    ### END SOLUTION

LAST = 1
'''


def written(body: str, parameters: str = "x, y") -> set[str]:
    """What stands in the place of the changed lines in each mutant."""
    text = FUNCTION.format(parameters=parameters, body=body)
    return {each.key.removeprefix("f: ").split(" → ")[1] for each in mutants(text)}


@pytest.mark.parametrize(
    ("body", "changed"),
    [
        ("return x - y", {"x + y", "y - x", "x", "y", "y - y", "x - x"}),
        ("return x @ y.T", {"x * y.T", "y.T @ x", "x.T @ y.T", "x @ y", "x", "y.T", "y @ y.T", "x @ x.T", "x @ y.T.T"}),
        ("return g(x, y)", {"g(y, x)", "g(y)", "g(x)", "x", "y", "g(y, y)", "g(x, x)"}),
        ("return x.sum(dim=0)", {"x.mean(dim=0)", "x.sum()", "x.sum(dim=1)", "x.sum(dim=-1)", "x", "y.sum(dim=0)"}),
        ("return x.detach().clone()", {"x.detach()", "x.clone()", "y.detach().clone()"}),
        ("return x[1:-1]", {"x[:-1]", "x[1:]", "x[2:-1]", "x[0:-1]", "x[1:1]", "x[1:-2]", "x[1:-0]", "y[1:-1]"}),
        ("return x['a1']", {"x['b1']", "x['a2']", "y['a1']"}),
        ("return {'a': x, 'b': y}", {"{'a': y, 'b': x}", "{'a': x, 'b': x}", "{'a': y, 'b': y}"}),
        ("return (x, y)", {"(y, x)", "(x,)", "(y,)", "(x, x)", "(y, y)"}),
        ("return x > y", {"x >= y", "x < y", "x > x", "y > y"}),
        ("return x and (not y)", {"x or not y", "x", "not y", "x and y", "y and (not y)", "x and (not x)"}),
        ("return -x", {"x", "-y"}),
        ("return zip(x, y, strict=True)", {"zip(y, x, strict=True)", "zip(x, strict=True)", "zip(y, strict=True)",
                                           "x", "y", "zip(x, x, strict=True)", "zip(y, y, strict=True)"}),
    ],
)  # fmt: skip
def test_what_is_changed_in_an_expression(body: str, changed: set[str]) -> None:
    assert written(body) == {f"return {each}" for each in changed}


def test_statements_are_left_out_and_rounds_too() -> None:
    found = written("for each in x:\n        y += each\n    return y")
    assert {"pass", "y -= each", "y = each", "for each in list(x)[1:]:", "for each in list(x)[:-1]:"} <= found


def test_a_mutant_is_the_whole_file_and_only_what_students_write_is_changed() -> None:
    for each in mutants(FUNCTION.format(parameters="x", body="return x + 2")):
        tree = ast.parse(each.text)
        assert ast.unparse(tree.body[1]) == "def untouched(x):\n    return x + 1"
        assert ast.unparse(tree.body[3]) == "LAST = 1"
        assert ast.get_docstring(tree.body[2]) == "Return 2."
        assert each.function == "f"


def test_a_key_outlives_edits_elsewhere_and_is_there_once() -> None:
    keys = [each.key for each in mutants(FUNCTION.format(parameters="x, y", body="y = x\n    y = x\n    return y"))]
    assert len(keys) == len(set(keys))
    assert {"f: y = x → pass", "f: y = x → pass (2)"} <= set(keys)
    later = FUNCTION.replace("LAST", "# a remark\nz = 3\nLAST")
    assert [
        each.key for each in mutants(later.format(parameters="x, y", body="y = x\n    y = x\n    return y"))
    ] == keys
