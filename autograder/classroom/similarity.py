"""Finds submissions that are nearly the same, by their fingerprints (`submissions.fingerprint`).

Two files that share most of what few others have are alike. That is a reason to look at both files, and never a
verdict: in short exercises right solutions look alike by nature.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]

COMMON = 0.15  # of a class: what more than that have says nothing
CLASS = 20  # students; in fewer, nothing can be called common
TELLING = 12  # hashes that both must have and few others do
ALIKE = 0.8  # of the telling hashes of the one that has fewer
EXTRA = 2.0  # how many times as many the other may have


@dataclass(frozen=True)
class Group:
    """Students whose files are nearly identical, in order; `alike` is what the least similar pair shares, 0 to 1."""

    students: tuple[str, ...]
    alike: float


def near_identical(prints: Mapping[str, Sequence[int]]) -> list[Group]:
    """Return the groups of students whose prints nearly agree in what few others have, the most alike first.

    A hash that more than 15 % of a class of 20 or more have does not count. Two students are linked who share 80 % of
    the telling hashes of the one that has fewer, unless the other has more than twice as many; a group is what links
    hold together.
    """
    names = sorted(prints)
    groups: dict[int, _Linked] = {}
    for one, other, alike in _links(_telling([prints[name] for name in names])):
        pair = (groups.setdefault(index, _Linked({index})) for index in (one, other))
        small, large = sorted(pair, key=lambda group: len(group.members))
        large.least = min(small.least, large.least, alike)
        if small is not large:
            large.members |= small.members
            groups |= dict.fromkeys(small.members, large)
    found = [
        Group(tuple(names[index] for index in sorted(group.members)), group.least) for group in set(groups.values())
    ]
    return sorted(found, key=lambda group: (-group.alike, -len(group.students), group.students))


@dataclass(eq=False)
class _Linked:
    """Students, as numbers, that links hold together, and what the least similar pair shares."""

    members: set[int]
    least: float = 1.0


def _telling(prints: Sequence[Sequence[int]]) -> list[Numbers]:
    """Return of each print the hashes that say something, as numbers from 0 on."""
    sets = [np.unique(np.array(values, dtype=np.int64)) for values in prints]
    values = np.concatenate([np.empty(0, np.int64), *sets])
    _, numbers, counts = np.unique(values, return_inverse=True, return_counts=True)
    is_telling = counts <= (COMMON * len(prints) if len(prints) >= CLASS else len(prints))
    ends = np.cumsum([len(one) for one in sets], dtype=np.int64)
    return [one[is_telling[one]] for one in np.split(numbers, ends[:-1])] if sets else []


def _links(telling: list[Numbers]) -> Iterator[tuple[int, int, float]]:
    """Yield each linked pair and what it shares. Of those with the same hashes, each is linked to the first only."""
    first: dict[bytes, int] = {}
    for index, numbers in enumerate(telling):
        if len(numbers) >= TELLING and first.setdefault(numbers.tobytes(), index) != index:
            yield first[numbers.tobytes()], index, 1.0
    different = list(first.values())
    sizes = np.array([len(telling[index]) for index in different])
    owners, edges = _owners([telling[index] for index in different])
    for here, index in enumerate(different):
        having = [owners[edges[number] : edges[number + 1]] for number in telling[index].tolist()]
        shared = np.bincount(np.concatenate(having), minlength=len(sizes))
        smaller = np.minimum(sizes, sizes[here])
        is_linked = (shared >= np.maximum(TELLING, ALIKE * smaller)) & (sizes + sizes[here] <= (1 + EXTRA) * smaller)
        for there in np.flatnonzero(is_linked[:here]):
            yield different[there], index, float(shared[there] / smaller[there])


def _owners(telling: list[Numbers]) -> tuple[Numbers, list[int]]:
    """Return the places of those that have each hash, one hash after the other, and where each hash's begin."""
    numbers = np.concatenate([np.empty(0, np.int64), *telling])
    places = np.repeat(np.arange(len(telling)), [len(one) for one in telling])
    edges = np.concatenate([[0], np.cumsum(np.bincount(numbers))])
    return places[np.argsort(numbers, kind="stable")], edges.tolist()
