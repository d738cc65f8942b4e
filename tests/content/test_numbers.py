"""No number in the prose is wrong: tests/content/numbers/ says of each phrase with numbers what they must be."""

import runpy
from typing import Any

import pytest
from figures import faults
from places import KIT

from solutions import FUNCTIONS, source

TABLES = {path.stem: path for path in sorted((KIT / "tests" / "content" / "numbers").glob("*.py"))}


def said(name: str) -> dict[str, Any]:
    """What a table says: phrases of the prose, and the value, list, tensor or dict of them that must come out."""
    return runpy.run_path(str(TABLES[name]))["SAID"]


def test_every_exercise_has_a_table() -> None:
    assert list(TABLES) == sorted(FUNCTIONS)


@pytest.mark.parametrize("name", TABLES)
def test_every_number_is_the_one_that_comes_out(name: str) -> None:
    assert faults(source(name), said(name)) == []


@pytest.mark.parametrize(
    ("prose", "table", "fault"),
    [
        ("The loss is 6.5.", {"The loss is 6.5": 6.5}, None),
        ("It gives `[3, 7]`, and\n# $-1$ or −7.", {"gives `[3, 7]`, and $-1$ or −7": [[3, 7], {"a": -1}, -7]}, None),
        ("About 52 % of 1,000.", {"About 52 %": 51.8, "of 1,000": 1000}, None),
        ("It ends at 3.2e+49.", {"at 3.2e+49": 3.18e49}, None),
        ("In exercise 1, $x_1^2$ has $i = 3$.", {"i = 3": 3}, None),
        ("The loss is 6.5.", {}, "6.5 is worked out nowhere"),
        ("The loss is 6.5.", {"The loss is 6.5": 6.45}, None),
        ("The loss is 6.5.", {"The loss is 6.5": 6.4}, "6.5, not 6.4"),
        ("The loss is 6.", {"The loss is 6": 6.4}, "6, not 6.4"),
        ("The loss is 6.", {"loss is 6": 6, "loss is 7": 7}, "the prose does not say: loss is 7"),
        ("It gives 3 and 7.", {"gives 3 and 7": [3]}, "2 numbers, and 1 come out"),
    ],
)
def test_a_wrong_number_is_found(prose: str, table: dict[str, Any], fault: str | None) -> None:
    found = faults(f"# %% [markdown]\n# {prose}\n", table)
    assert found == [] if fault is None else fault in found[0]
