"""Ladders of hints: for each function a question, its formula with a blank, an example, and its place in the prose.

An exercise's stand in `mistakes/hints/<exercise>.py`. Standard library only, for a hint must be quick.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from typing import Any

from autograder.errors import GraderError
from autograder.exercise import Exercise

BLANK = "⎵"


@dataclass(frozen=True)
class Ladder:
    """The hints for a function, from the faintest to the plainest; none holds the whole formula.

    `formula` are lines, in which BLANK stands for what is to be found. `given` are the inputs of the example by name:
    numbers, lists of them, dicts of numbers. `steps` are what is worked out from them: what it is, and a chain of
    equal expressions that ends in numbers. `section` is the heading that the function stands under. `hidden` is what to
    ask where the function fails a hidden check, about what those look at.
    """

    function: str
    question: str
    formula: tuple[str, ...]
    given: dict[str, Any]
    steps: tuple[tuple[str, str], ...]
    section: str
    hidden: str = ""

    @property
    def inputs(self) -> tuple[tuple[str, str], ...]:
        """What is given, as it is shown."""
        return tuple((name, shown(value)) for name, value in self.given.items())


def shown(value: Any) -> str:
    """Return a number, a list or a dict as it is written on paper."""
    if isinstance(value, dict):
        return ", ".join(f"{name} = {shown(number)}" for name, number in value.items())
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    return str(value).replace("-", "−")


def read_ladders(exercise: Exercise) -> dict[str, Ladder]:
    """Return the ladders of an exercise by function, none where it has none; GraderError where they do not load."""
    path = exercise.checks.parents[1] / "mistakes" / "hints" / f"{exercise.name}.py"
    spec = importlib.util.spec_from_file_location(f"hints_{exercise.name}", path)
    if not path.is_file() or spec is None or spec.loader is None:
        return {}
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        ladders: tuple[Ladder, ...] = module.LADDERS
    except Exception as error:
        raise GraderError(f"the hints of {exercise.name} do not load: {error!r}") from error
    return {ladder.function: ladder for ladder in ladders}
