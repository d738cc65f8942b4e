"""Two files beside each other, with the lines marked that say the same whatever they call it.

That is coarser than the prints by which such files are found (`submissions.fingerprint`), which nothing here parses
again: a line counts as the other's where one beside it is the other's neighbour, too.
"""

import keyword
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

MOST_LINES, LONGEST_LINE = 400, 160  # of a file that are shown
COMMON = 0.5  # of the files of others: what so many have says nothing
COMMENT = re.compile(r"#.*")
NAME = re.compile(r"(?<![\w.])[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A line; `partner` is the number of the line in the other file that says the same, 0 where none does."""

    text: str
    partner: int = 0


@dataclass(frozen=True)
class FilePair:
    """Two files; `left_out` are how many lines of each are not shown."""

    one: tuple[ComparedLine, ...]
    other: tuple[ComparedLine, ...]
    left_out: tuple[int, int]


def compare(one: Sequence[str], other: Sequence[str], common: frozenset[str] = frozenset()) -> FilePair:
    """Return two files with each line's partner, but for lines that are `common`."""
    files = list(one[:MOST_LINES]), list(other[:MOST_LINES])
    said = tuple([_gist(line) for line in file] for file in files)
    first, second = (
        tuple(
            ComparedLine(text[:LONGEST_LINE], 0 if gist in common else partners.get(at, -1) + 1)
            for at, (text, gist) in enumerate(zip(file, gists, strict=True))
        )
        for file, gists, partners in zip(files, said, (_partners(*said), _partners(*said[::-1])), strict=True)
    )
    return FilePair(first, second, (len(one) - len(first), len(other) - len(second)))


def common_lines(others: Iterable[Sequence[str]]) -> frozenset[str]:
    """Return what the lines say that most of these files have."""
    files = [{_gist(line) for line in file} for file in others if file]
    counts = Counter(gist for file in files for gist in file)
    return frozenset(gist for gist, count in counts.items() if len(files) > 1 and count >= COMMON * len(files))


def _gist(line: str) -> str:
    """Return a line without comment and spaces, its names made one; Python's own and those after a dot stay."""
    code = COMMENT.sub("", line)
    code = NAME.sub(lambda name: name[0] if keyword.iskeyword(name[0]) else "_", code)
    return "".join(code.split())


def _partners(mine: Sequence[str], theirs: Sequence[str]) -> dict[int, int]:
    """Return for lines of one file the place in the other of those that say the same, counted from 0."""
    places = [[at for at, gist in enumerate(file) if gist] for file in (mine, theirs)]
    known: dict[tuple[str, str], tuple[int, int]] = {}
    for before, after in pairwise(places[1]):
        known.setdefault((theirs[before], theirs[after]), (before, after))
    found: dict[int, int] = {}
    for before, after in pairwise(places[0]):
        if pair := known.get((mine[before], mine[after])):
            found[before] = pair[0]  # what follows a line says more of it than what goes before
            found.setdefault(after, pair[1])
    return found
