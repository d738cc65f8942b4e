"""What a reader calls the parts of an answer: "a1", "weights of layer 2", "y of batch 1"."""

import functools
from dataclasses import dataclass
from typing import Any

Place = tuple[Any, ...]  # of a part in an answer: keys of dicts and places in lists, outermost first


@dataclass(frozen=True)
class Labels:
    """The names of an answer's members, and patterns for what lies deeper.

    A pattern is a place with dots between its parts, `#` for any number: ("weights.#", "weights of layer {n}"); `n`
    counts from 1, `i` from 0; that of '' is what the members of the answer are called together. Where a list holds the
    same things `passes` times over, they are counted once.
    """

    names: tuple[str, ...] = ()
    patterns: tuple[tuple[str, str], ...] = ()
    passes: int = 1

    def __call__(self, place: Place, length: int = 0) -> str:
        """Return the name of a part, '' for the whole answer; `length` is that of the outermost list, where known."""
        return _label(self, place, length)

    def counted(self, number: int) -> str:
        """Return a number of the members of the answer, a list, as a reader counts them: "2 batches"."""
        patterns = dict(self.patterns)
        thing = patterns.get("") or patterns.get("#", "").partition(" {")[0].rpartition(" ")[2] or "value"
        number = number // self.passes if number % self.passes == 0 else number
        return f"{number} {thing}" if number == 1 else f"{number} {thing}{'es' if thing.endswith('ch') else 's'}"

    def by_pattern(self, place: list[Any]) -> str:
        """Return the name that a pattern gives, '' where none does."""
        numbers = [part for part in place if isinstance(part, int)]
        exact = ".".join(map(str, place))
        general = ".".join("#" if isinstance(part, int) else str(part) for part in place)
        mixed = ".".join(["#" if isinstance(place[0], int) else str(place[0]), *map(str, place[1:])])
        patterns = dict(self.patterns)
        found = next((patterns[each] for each in (exact, mixed, general) if each in patterns), "")
        return found.format(n=numbers[0] + 1, i=numbers[0]) if numbers else found


@functools.lru_cache(maxsize=1000)  # the parts of an answer are named in every case
def _label(labels: Labels, place: Place, length: int) -> str:
    if not place:
        return ""
    first, *rest = place
    if labels.passes > 1 and length and isinstance(first, int):
        first = first % max(1, length // labels.passes)
    if isinstance(first, int) and first < len(labels.names):
        first = labels.names[first]
    return labels.by_pattern([first, *rest]) or _plain([first, *rest])


def _plain(place: list[Any]) -> str:
    """Return a name for what no pattern describes."""
    label = ""
    for part in place:
        if isinstance(part, int):
            label = f"{label}, number {part + 1}" if label else f"number {part + 1}"
        else:
            label = f"{part} of {label}" if label and label != "parameters" else str(part)
    return label


def quoted(label: str) -> str:
    """Return a label for a sentence: a name of Python's in backticks, "the answer" where it is all of it."""
    if not label:
        return "the answer"
    return f"`{label}`" if label.isidentifier() else label
