"""Checks as values: the cases of a student kit's checks, what is right there, and what each known mistake gives there.

Two files stand where the checks' source is in an instructor's kit: `<exercise>.json` says what the checks, functions
and mistakes are, `<exercise>.cases.json` holds the cases of each check by seed. No formula is among them.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor

from autograder.errors import GraderError
from autograder.exercise import Exercise
from autograder.grading.cases import CaseGenerator, CaseRecorder
from autograder.grading.comparing import Expected, ExpectedValue
from autograder.grading.diagnosis import EMPTY, Numbers, Outcome
from autograder.grading.mistakes import Bank, Mistake
from autograder.grading.oracles import Oracles
from autograder.host.answers import Case, Probe, Question, Refusal, RemoteConstructor
from autograder.model import Check

SCHEMA = "backprop-exercises/checks/v1"
LIVE = "autograder.checks.in_worker"  # what is read from objects in the worker cannot be said by values
FULL, SHORT = 17, 11  # digits of an argument, and of what it is compared with

Json = Any


@dataclass(frozen=True)
class ReleasedCases:
    """The cases of a check by whether they are exact and by seed; what draws them in a student kit."""

    by_seed: dict[bool, tuple[tuple[Case, ...], ...]]

    def __call__(self, judge: CaseRecorder, draw: CaseGenerator) -> None:
        """Take down the cases of a seed."""
        seeds = self.by_seed[draw.is_exact]
        judge.cases.extend(seeds[draw.seed % len(seeds)])


class ReleasedOracles(Oracles):
    """What is known of an exercise's functions in a student kit: an Oracles without values of its own."""

    def __init__(self, functions: list[dict[str, Any]], live: Oracles | None) -> None:
        self._said = {each["name"]: each for each in functions}
        self._live = live
        self.values = SimpleNamespace() if live is None else live.values

    answers_helpers = False

    @property
    def functions(self) -> tuple[str, ...]:
        return tuple(self._said)

    def names(self, function: str) -> tuple[str, ...]:
        return tuple(self._said[function]["names"])

    def source(self, function: str) -> str:
        return str(self._said[function]["source"])

    def is_single(self, function: str) -> bool:
        return bool(self._said[function]["single"])

    def repeatable(self, function: str) -> bool:
        return bool(self._said[function]["repeatable"])

    def parameters(self, function: str) -> tuple[str, ...]:
        return tuple(self._said[function]["parameters"])

    def is_read(self, function: str) -> bool:
        return self._live is not None and self._live.is_read(function)

    def read(self, function: str, probe: Probe, value: Any, arguments: tuple[Any, ...]) -> tuple[Any, dict[str, Any]]:
        return (value, {}) if self._live is None else self._live.read(function, probe, value, arguments)

    def expect(self, function: str, arguments: tuple[Any, ...], observations: dict[str, Any] | None = None) -> Expected:
        """Return the expected value of a function that hangs on what was observed; all others stand with the cases."""
        if self._live is None:
            raise GraderError(f"the student kit does not hold what {function} returns; ask for a complete one")
        return self._live.expect(function, arguments, observations)

    def answer(self, question: Question) -> Any:
        """Refuse: there is nobody here who knows."""
        raise Refusal(f"{question.function} is not right yet")


@dataclass(frozen=True)
class Released:
    """An exercise's checks as a student kit holds them."""

    checks: tuple[tuple[Check, ReleasedCases], ...]
    oracles: ReleasedOracles
    bank: Bank


def read_released(exercise: Exercise) -> Released:
    """Return the checks of a student kit; GraderError where they cannot be read."""
    path = exercise.checks
    try:
        said = json.loads(path.read_bytes())
        cases = json.loads(path.with_suffix(".cases.json").read_bytes())
        mistakes = tuple(_mistake(each) for each in said["mistakes"])
        checks = tuple((_check(each), _cases(cases[each["name"]], mistakes)) for each in said["checks"])
        return Released(checks, ReleasedOracles(said["functions"], _live(exercise.name)), _bank(said, mistakes))
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise GraderError(f"{path} cannot be read ({error!r}); restore it or install the kit again") from error


def _live(name: str) -> Oracles | None:
    module = f"{LIVE}.{name}"
    return Oracles(importlib.import_module(module)) if importlib.util.find_spec(module) else None


def _check(said: dict[str, Any]) -> Check:
    names = said["name"], said["function"], said["summary"]
    return Check(*names, "visible", said["points"], tuple(said["needs"]), said["hint"])


def _mistake(said: dict[str, Any]) -> Mistake:
    words = said["function"], said["id"], said["text"], said["question"]
    return Mistake(*words, _unknown, said["is_whole"], said["asks"], said["parts"])


def _unknown(*_arguments: Any, **_observations: Any) -> Any:
    raise LookupError("only its values are known")


def _bank(said: dict[str, Any], mistakes: tuple[Mistake, ...]) -> Bank:
    own: dict[str, tuple[Mistake, ...]] = {}
    repeated: dict[str, tuple[Mistake, ...]] = {each["name"]: () for each in said["functions"]}
    for each, mistake in zip(said["mistakes"], mistakes, strict=True):
        kept = repeated if each["is_repeated"] else own
        kept[mistake.function] = (*kept.get(mistake.function, ()), mistake)
    return Bank(own, {}, repeated)


def _cases(said: Json, mistakes: tuple[Mistake, ...]) -> ReleasedCases:
    return ReleasedCases(
        {
            exact: tuple(tuple(case_of(each, mistakes) for each in seed) for seed in said[key])
            for exact, key in ((False, "drawn"), (True, "exact"))
        }
    )


def case_of(said: Json, mistakes: tuple[Mistake, ...]) -> Case:
    """Return a case from what is written of it."""
    made: dict[int, RemoteConstructor] = {}
    arguments = tuple(read_value(each, made) for each in said["arguments"])
    case = Case(arguments, read_value(said["expected"], made) if said["expected"] is not None else None)
    if case.expected is not None:
        right = Outcome.of(case.expected)
        case.outcomes = {mistakes[int(index)]: outcome_of(each, right) for index, each in said["wrong"].items()}
    return case


def written_case(case: Case, outcomes: dict[int, Outcome]) -> Json:
    """Write a case down, with what the mistakes of these numbers give in it."""
    expected = None if case.expected is None else written(case.expected, SHORT)
    right = None if case.expected is None else Outcome.of(case.expected)
    wrong = {str(index): written_outcome(each, right) for index, each in outcomes.items() if right is not None}
    return {"arguments": [written(each, FULL) for each in case.arguments], "expected": expected, "wrong": wrong}


def written_outcome(outcome: Outcome, right: Outcome) -> Json:
    """Write an outcome down: what it raises, or its arrays, null for each that is right, and a form of its own."""
    if outcome.raised:
        return f"{outcome.raised}: {outcome.raised_text}"
    arrays = [
        None
        if right.arrays.get(place) == array
        else [list(array.shape), [_rounded(item, SHORT) for item in array.items]]
        for place, array in outcome.arrays.items()
    ]
    return [arrays] if outcome.form == right.form else [arrays, outcome.form]


def outcome_of(said: Json, right: Outcome) -> Outcome:
    """Return an outcome from what is written of it."""
    if isinstance(said, str):
        raised, _, text = said.partition(": ")
        return Outcome({}, {}, None, raised, text)
    arrays, *form = said
    outcome_form = form[0] if form else right.form
    places = list(_places(outcome_form, ()))
    read = {
        place: right.arrays[place] if array is None else Numbers(tuple(array[0]), array[1], False)
        for place, array in zip(places, arrays, strict=True)
    }
    return Outcome(read, {}, outcome_form)


def _places(form: Any, place: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if form is None:
        yield place
        return
    if form == EMPTY:
        return
    for key, item in form.items() if isinstance(form, dict) else enumerate(form):
        yield from _places(item, (*place, key))


def written(value: Any, digits: int) -> Json:
    """Write a value down as JSON; all containers but lists are marked."""
    if isinstance(value, ExpectedValue):
        scale = written(value.scale.expand(value.value.shape), digits)
        return {"value": written(value.value, FULL), "scale": scale, "usual": value.usual is float}
    if isinstance(value, Tensor):
        kind = str(value.dtype).removeprefix("torch.")
        items = [_rounded(item, digits) for item in value.flatten().tolist()]
        return {"tensor": kind, "shape": list(value.shape), "items": items}
    if isinstance(value, RemoteConstructor):
        arguments = [written(each, digits) for each in value.arguments]
        return {"make": value.probe, "number": value.number, "arguments": arguments}
    if isinstance(value, dict):
        return {"dict": {key: written(item, digits) for key, item in value.items()}}
    if isinstance(value, tuple):
        return {"tuple": [written(item, digits) for item in value]}
    return [written(item, digits) for item in value] if isinstance(value, list) else value


def _rounded(number: float, digits: int) -> float:
    return number if digits == FULL or isinstance(number, int) else float(f"{number:.{digits}g}")


def read_value(said: Json, made: dict[int, RemoteConstructor]) -> Any:
    """Return the value that was written down; an object that occurs twice is `made` once."""
    match said:
        case {"value": value, "scale": scale, "usual": usual}:
            return ExpectedValue(read_value(value, made), read_value(scale, made), float if usual else Tensor)
        case {"tensor": kind, "shape": shape, "items": items}:
            return torch.tensor(items, dtype=getattr(torch, kind)).reshape(shape)
        case {"make": probe, "number": number, "arguments": arguments}:
            if number not in made:
                made[number] = RemoteConstructor(probe, tuple(read_value(each, made) for each in arguments))
            return made[number]
        case {"dict": items}:
            return {key: read_value(item, made) for key, item in items.items()}
        case {"tuple": items}:
            return tuple(read_value(item, made) for item in items)
        case list():
            return [read_value(item, made) for item in said]
    return said
