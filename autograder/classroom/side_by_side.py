"""Two files beside each other, with the lines marked that say the same whatever they call it.

That is coarser than the prints by which such files are found (`submissions.fingerprint`), which nothing here parses
again: a line counts as the other's where one beside it is the other's neighbour, too.
"""

import keyword
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

MOST_LINES, LONGEST_LINE = 400, 160  # of a file that are shown
FOLDED = 3  # lines in a row, of those that say nothing, from which on they are folded
COMMON = 0.5  # of the files of others: what so many have says nothing
COMMENT = re.compile(r"#.*")
NAME = re.compile(r"(?<![\w.])[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """A line with its number; `partner` is that of the line in the other file that says the same, 0 where none does.

    Number 0 stands in place of lines that are not shown.
    """

    number: int
    text: str
    partner: int = 0


@dataclass(frozen=True)
class FilePair:
    """Two files; `left_out` are how many lines at the end of each are not shown."""

    one: tuple[ComparedLine, ...]
    other: tuple[ComparedLine, ...]
    left_out: tuple[int, int]


def compare(one: Sequence[str], other: Sequence[str], common: frozenset[str] = frozenset()) -> FilePair:
    """Return two files with each line's partner, but for lines that are `common`; many of these in a row are folded."""
    said = [_gist(line) for line in one], [_gist(line) for line in other]
    first = list(_folded(_marked(one, said[0], _partners(*said), common), common))
    second = list(_folded(_marked(other, said[1], _partners(*said[::-1]), common), common))
    left_out = max(0, len(first) - MOST_LINES), max(0, len(second) - MOST_LINES)
    return FilePair(tuple(first[:MOST_LINES]), tuple(second[:MOST_LINES]), left_out)


def common_lines(others: Iterable[Sequence[str]]) -> frozenset[str]:
    """Return the lines that most of these files have, and what they say."""
    files = [{*file, *map(_gist, file)} for file in others if file]
    counts = Counter(line for file in files for line in file)
    return frozenset(line for line, count in counts.items() if len(files) > 1 and count >= COMMON * len(files))


def _marked(
    file: Sequence[str], gists: Sequence[str], partners: Mapping[int, int], common: frozenset[str]
) -> Iterator[ComparedLine]:
    for at, (text, gist) in enumerate(zip(file, gists, strict=True)):
        yield ComparedLine(at + 1, text[:LONGEST_LINE], 0 if gist in common else partners.get(at, -1) + 1)


def _folded(lines: Iterable[ComparedLine], common: frozenset[str]) -> Iterator[ComparedLine]:
    """Yield lines, with one in place of many that say nothing: what was handed out, as a rule."""
    for says_nothing, group in groupby(lines, lambda line: not line.partner and (line.text in common or not line.text)):
        found = list(group)
        if says_nothing and len(found) > FOLDED:
            yield ComparedLine(0, f"… {len(found)} lines that most others have, too")
        else:
            yield from found


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
