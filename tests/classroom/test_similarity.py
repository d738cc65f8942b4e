"""Near-identical submissions: what a disguise cannot hide, and what is no reason to look at anybody."""

import itertools
import random
import time

import pytest
from places import KIT
from prints import CODE, PRINT, STUB, fingerprint

from autograder.classroom.similarity import Group, near_identical
from autograder.submissions.submission import read_submission

RIGHT = sorted((KIT / "tests" / "corpus" / "right" / "exercise2").glob("*.py"))


def test_a_copy_with_a_slip_or_padding_is_still_found() -> None:
    slip = CODE.replace("return {", "total = 0\n    return {", 1)
    padded = CODE + "\n\ndef unused(q, w):\n    return [q[i] * w[-i] + 3 for i in range(len(q)) if q[i] > w[i]]\n"
    assert slip != CODE
    (group,) = near_identical({"a": PRINT, "b": fingerprint([slip], STUB), "c": fingerprint([padded], STUB)})
    assert group.students == ("a", "b", "c")
    assert 0.8 <= group.alike < 1


def test_independent_right_solutions_are_not_listed() -> None:
    prints = {path.stem: fingerprint([cell.code for cell in read_submission(path).cells], STUB) for path in RIGHT}
    assert len(prints) > 15
    assert near_identical(prints) == []
    unusual = max(prints, key=lambda name: len(prints[name]))
    assert [set(group.students) for group in near_identical({**prints, "twin": prints[unusual]})] == [{unusual, "twin"}]


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
