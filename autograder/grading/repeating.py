"""A mistake of one function as its callers repeat it, which have written that function out once more."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

from autograder.grading.mistakes import Bank, Mistake, Variant
from autograder.grading.oracles import Oracles

ALONE = "swapped"  # whoever mixes up one pair has no reason to mix up another


def repeated_mistakes(oracles: Oracles, bank: Bank, function: str) -> tuple[Mistake, ...]:
    """Return the mistakes of the functions that one is made of, as they show in it where it repeats them.

    One mistake may be made in several of them at once: a mean in the loss and in its gradients.
    """
    reached = _reached(oracles, bank, function)
    made = [(each,) for helper in reached for each in bank.of(helper)]
    ways = [_Repeating(oracles, bank, function, way) for way in _ways(oracles, bank, function)]
    return tuple(
        mistake
        for together in (*made, *_together(bank, reached))
        for way in ways
        for mistake in way.as_of_caller(together)
    )


def _ways(oracles: Oracles, bank: Bank, function: str) -> tuple[Variant, ...]:
    """Return the ways in which a function is made of others."""
    return bank.compositions.get(function) or (functools.partial(oracles.composed, function),)


def _called(oracles: Oracles, bank: Bank, function: str) -> set[str]:
    """Return which functions one is made of."""
    ways = bank.compositions.get(function, ())
    return oracles.called(function).union(*(vars(way)["helpers"] for way in ways))


def _reached(oracles: Oracles, bank: Bank, function: str) -> list[str]:
    """Return the functions above one that it calls, or that those call, in the order of the table."""
    found: set[str] = set()
    pending = [function]
    while pending:
        last = pending.pop()
        called = _called(oracles, bank, last) - found
        found |= called
        pending += called
    above = oracles.functions[: oracles.functions.index(function)]
    return [name for name in above if name in found]


def _together(bank: Bank, helpers: Sequence[str]) -> Iterator[tuple[Mistake, ...]]:
    """Yield mistakes of one id in several functions, each in the form that has the same place among its like."""
    by_id: dict[str, dict[str, list[Mistake]]] = {}
    for helper in helpers:
        for each in bank.of(helper):
            if each.id != ALONE:
                by_id.setdefault(each.id, {}).setdefault(helper, []).append(each)
    for found in (several for several in by_id.values() if len(several) > 1):
        for size in {2, len(found)}:  # two of them, or all
            for some in itertools.combinations(found.values(), size):
                for place in range(max(map(len, some))):
                    yield tuple(each[place] if place < len(each) else each[0] for each in some)


class _Repeating:
    """Makes mistakes of a caller out of mistakes of the functions that it calls."""

    def __init__(self, oracles: Oracles, bank: Bank, function: str, composed: Variant) -> None:
        self._oracles, self._bank, self._function, self._composed = oracles, bank, function, composed

    def as_of_caller(self, together: tuple[Mistake, ...]) -> Iterator[Mistake]:
        """Yield the mistake of a caller that writes these functions out, and, if any, those that call them, too."""
        yield self._mistake(together, ())
        wrong = {each.function for each in together}
        between = [name for name in _reached(self._oracles, self._bank, self._function) if name not in wrong]
        through = tuple(name for name in between if _called(self._oracles, self._bank, name) & wrong)
        if through:
            yield self._mistake(together, through)

    def _mistake(self, together: tuple[Mistake, ...], through: tuple[str, ...]) -> Mistake:
        def variant(functions: Any, *arguments: Any, **observed: Any) -> Any:
            replaced = SimpleNamespace(**vars(functions))
            for each in together:
                setattr(replaced, each.function, functools.partial(each.variant, functions))
            for name in through:
                setattr(replaced, name, functools.partial(_ways(self._oracles, self._bank, name)[0], replaced))
            return self._composed(replaced, *arguments, **observed)

        first = together[0]
        names = [f"`{each.function}`" for each in together]
        parts = (
            f"the part of {names[0]}" if len(names) == 1 else f"the parts of {', '.join(names[:-1])} and {names[-1]}"
        )
        text = first.text if "{parts}" in first.text else f"{{parts}}: {first.text}"
        return Mistake(
            self._function,
            first.id,
            text,
            first.question,
            variant,
            any(each.is_whole for each in together),
            parts=parts,
        )
