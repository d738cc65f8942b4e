"""Near-identical submissions: what a disguise cannot hide, and what is no reason to look at anybody."""

import ast
import itertools
import random
import re
import time

import pytest
from places import KIT

from autograder.classroom.similarity import MOST_TOKENS, Group, fingerprint, near_identical
from autograder.submissions.submission import read_submission

STUB = (KIT / "exercises" / "exercise2.py").read_text(encoding="utf-8")
CODE = (KIT / "solutions" / "exercise2.py").read_text(encoding="utf-8")
RIGHT = sorted((KIT / "tests" / "corpus" / "right" / "exercise2").glob("*.py"))
PRINT = fingerprint([CODE], STUB)
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
    code = re.sub(r"return ([^(){}\[\]\n]+)$", r"return (  # mine\n        \1\n    )", code, flags=re.MULTILINE)
    code = re.sub(r'"(\w+)"', r"'\1'", code).replace("0.5", "5e-1")
    return code.replace("\n\n", "\n# so\n\n\n")


DISGUISES = {
    "names": renamed(CODE),
    "order": reordered(CODE),
    "layout": spread(CODE),
    "layout, comments and docstrings": ast.unparse(ast.parse(CODE)),
    "annotations": re.sub(r"\) -> [^\n]+:\n", "):\n", CODE)
    .replace(": Tensor", "")
    .replace("x: dict[str, Tensor]", "x"),
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


def test_a_copy_with_a_slip_or_padding_is_still_found() -> None:
    slip = CODE.replace("return {", "total = 0\n    return {", 1)
    padded = CODE + "\n\ndef unused(q, w):\n    return [q[i] * w[-i] + 3 for i in range(len(q)) if q[i] > w[i]]\n"
    assert slip != CODE
    (group,) = near_identical({"a": PRINT, "b": fingerprint([slip], STUB), "c": fingerprint([padded], STUB)})
    assert group.students == ("a", "b", "c")
    assert 0.8 <= group.alike < 1


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


def test_independent_right_solutions_are_not_listed() -> None:
    prints = {path.stem: fingerprint([cell.code for cell in read_submission(path).cells], STUB) for path in RIGHT}
    assert len(prints) > 15
    assert near_identical(prints) == []
    unusual = max(prints, key=lambda name: len(prints[name]))
    assert [set(group.students) for group in near_identical({**prints, "twin": prints[unusual]})] == [{unusual, "twin"}]


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


MILLION = 10**6
HOSTILE = {
    "brackets": ["(" * 10 * MILLION],
    "signs": ["x=" + "-" * 10 * MILLION + "1"],
    "a sum": ["x=" + "1+" * 5 * MILLION + "1"],
    "a tuple": ["a," * 5 * MILLION],
    "broken lines": ["x=\n" * 3 * MILLION],
    "decorators": ["@\n" * 5 * MILLION],
    "attributes": ["x" + ".a" * 5 * MILLION],
    "a number": ["x=0x" + "f" * 10 * MILLION],
    "blanks": ["if x:\n" + " " * 10 * MILLION],
    "cells": [""] * MILLION,
    "broken cells": ["x="] * MILLION,
    "text": ["'" * 10 * MILLION],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_keeps_nobody_waiting(name: str) -> None:
    started = time.process_time()
    assert len(fingerprint(HOSTILE[name])) <= MOST_TOKENS
    assert time.process_time() - started < 5  # a second at most, on a machine that has nothing else to do


def numbers(seed: int, count: int = 40) -> tuple[int, ...]:
    return tuple(random.Random(seed).sample(range(2**32), count))


def test_what_much_of_the_class_has_says_nothing() -> None:
    shared = numbers(0)
    few = {f"s{at:02}": (shared if at < 3 else ()) + numbers(at + 1, 5) for at in range(20)}
    assert [group.students for group in near_identical(few)] == [("s00", "s01", "s02")]
    many = {f"s{at:02}": (shared if at < 4 else ()) + numbers(at + 1, 5) for at in range(20)}
    assert near_identical(many) == []
    small = {f"s{at:02}": (shared if at < 4 else ()) + numbers(at + 1, 5) for at in range(19)}
    assert [group.students for group in near_identical(small)] == [("s00", "s01", "s02", "s03")]


@pytest.mark.parametrize(
    ("shared", "only_one", "only_other", "alike"),
    [
        (40, 0, 0, 1.0),
        (40, 0, 40, 1.0),  # padded to twice its size
        (40, 0, 41, None),
        (40, 10, 10, 0.8),
        (39, 10, 10, None),
        (12, 0, 0, 1.0),
        (11, 0, 0, None),  # too little to say anything
        (0, 40, 40, None),
    ],
)
def test_where_a_pair_begins(shared: int, only_one: int, only_other: int, alike: float | None) -> None:
    both = numbers(1, shared)
    found = near_identical({"b": both + numbers(2, only_one), "a": both + numbers(3, only_other)})
    assert found == ([] if alike is None else [Group(("a", "b"), alike)])


def naive(prints: dict[str, tuple[int, ...]]) -> set[frozenset[str]]:
    """The linked pairs, by the definition."""
    counts: dict[int, int] = {}
    for value in itertools.chain(*map(set, prints.values())):
        counts[value] = counts.get(value, 0) + 1
    most = 0.15 * len(prints) if len(prints) >= 20 else len(prints)
    telling = {name: {value for value in values if counts[value] <= most} for name, values in prints.items()}
    pairs = set()
    for one, other in itertools.combinations(prints, 2):
        small, large = sorted((telling[one], telling[other]), key=len)
        common = len(small & large)
        if common >= 12 and common >= 0.8 * len(small) and len(large) <= 2 * len(small):
            pairs.add(frozenset((one, other)))
    return pairs


@pytest.mark.parametrize("seed", range(5))
def test_groups_are_what_the_links_of_the_definition_hold_together(seed: int) -> None:
    drawn = random.Random(seed)
    blocks = [numbers(at, 8) for at in range(30)]
    prints = {
        f"s{at}": tuple(itertools.chain(*(blocks[min(int(drawn.expovariate(0.08)), 29)] for _ in range(4))))
        + numbers(1000 + at, drawn.randrange(5))
        for at in range(60)
    }
    groups = [set(group.students) for group in near_identical(prints)]
    pairs = naive(prints)
    assert pairs
    merged: list[set[str]] = [set(pair) for pair in pairs]
    for pair in pairs:
        touching = [group for group in merged if group & pair]
        merged = [group for group in merged if not group & pair] + [set().union(*touching)]
    assert sorted(map(sorted, groups)) == sorted(map(sorted, merged))


def test_the_order_in_which_students_come_does_not_matter() -> None:
    prints = {f"s{at}": numbers(at % 5) + numbers(100 + at, 4) for at in range(15)}
    shuffled = dict(sorted(prints.items(), key=lambda item: hash(item[1])))
    assert list(shuffled) != list(prints)
    assert near_identical(shuffled) == near_identical(prints)
    assert len(near_identical(prints)) == 5


def test_nobody_and_one() -> None:
    assert near_identical({}) == []
    assert near_identical({"a": PRINT}) == []
    assert near_identical({"a": (), "b": ()}) == []


@pytest.mark.system
def test_a_class_of_ten_thousand() -> None:
    drawn = random.Random(1)
    variants = [[numbers(100 * function + at, 12) for at in range(60)] for function in range(8)]
    weights = [1 / (at + 1) for at in range(60)]
    prints = {
        f"s{at:05}": tuple(
            itertools.chain(*(drawn.choices(of_one, weights)[0] for of_one in variants), numbers(at, 10))
        )
        for at in range(10_000)
    }
    copies = {f"copy {at}": prints[f"s{at:05}"] for at in range(50)}
    started = time.process_time()
    groups = near_identical(prints | copies)
    assert time.process_time() - started < 30  # two seconds, on a machine that has nothing else to do
    assert {(f"copy {at}", f"s{at:05}") for at in range(50)} <= {group.students for group in groups}
