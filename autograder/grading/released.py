"""Checks as values: the cases of a student kit's checks, what is right there, and what each known mistake gives there.

Two files stand where the checks' source is in an instructor's kit: `<exercise>.json` says what the checks, functions
and mistakes are, `<exercise>.cases.json` holds the cases of each check by seed. No formula is among them. What hangs on
what was observed of a student's objects cannot be said by values: that stands in `checks/in_worker/` and
`mistakes/in_worker/`, and is in a student kit as it is.
"""

from __future__ import annotations

import dataclasses
import importlib
import importlib.util
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from autograder.errors import GraderError
from autograder.exercise import Exercise
from autograder.grading.cases import CaseGenerator, CaseRecorder
from autograder.grading.comparing import Expected
from autograder.grading.json_values import SHORT, Json, read_value, rounded, written
from autograder.grading.labels import Labels
from autograder.grading.mistakes import Bank, Mistake, read_bank
from autograder.grading.oracles import Oracles
from autograder.grading.outcomes import EMPTY, Numbers, Outcome
from autograder.host.answers import Case, Probe, Question, Refusal, RemoteConstructor
from autograder.model import Check

SCHEMA = "backprop-exercises/checks/v1"
IN_WORKER = "in_worker"  # the folder of what is read from objects in the worker
UNREADABLE = (OSError, ValueError, LookupError, TypeError, AttributeError)  # what damaged JSON causes
SEEDS = {False: "drawn", True: "exact"}  # the key of a check's cases, by whether they are exact


@dataclass(frozen=True)
class ReleasedCases:
    """The cases of a check as they are written, by seed; what draws them in a student kit."""

    said: Mapping[str, Mapping[str, list[Json]]]
    mistakes: tuple[Mistake, ...]

    @classmethod
    def of(cls, said: Json, mistakes: tuple[Mistake, ...]) -> ReleasedCases:
        """Return the cases that are written there; ValueError where there are none."""
        if not all(said[key].values() for key in SEEDS.values()):
            raise ValueError("no cases")
        return cls(said, mistakes)

    def __call__(self, judge: CaseRecorder, draw: CaseGenerator) -> None:
        """Take down the cases of a seed; one that nobody has foreseen has those of another."""
        seeds = self.said[SEEDS[draw.is_exact]]
        said = seeds.get(str(draw.seed)) or [*seeds.values()][draw.seed % len(seeds)]
        judge.cases.extend(case_of(each, self.mistakes) for each in said)


class ReleasedOracles(Oracles):
    """What is known of an exercise's functions in a student kit: an Oracles without values of its own."""

    answers_helpers = False

    def __init__(self, functions: list[dict[str, Any]], live: Oracles | None) -> None:
        """`live`: the oracles of what hangs on observations."""
        self._said = {each["name"]: each for each in functions}
        self._live = live
        self.values = SimpleNamespace() if live is None else live.values

    @property
    def functions(self) -> tuple[str, ...]:
        return tuple(self._said)

    def labels(self, function: str) -> Labels:
        said = self._said[function]
        return Labels(tuple(said["names"]), tuple(said["parts"].items()), said["passes"])

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
        checks = [check_of(each) for each in said["checks"]]
        mistakes = tuple(mistake_of(each["mistake"]) for each in said["mistakes"])
        oracles = ReleasedOracles(said["functions"], _live(exercise.name))
        bank = _bank(said, mistakes, read_bank(exercise, IN_WORKER))
        path = path.with_suffix(".cases.json")
        cases = json.loads(path.read_bytes())
        bodies = [ReleasedCases.of(cases[check.name], mistakes) for check in checks]
        return Released(tuple(zip(checks, bodies, strict=True)), oracles, bank)
    except UNREADABLE as error:
        raise unreadable(path, error) from error


def unreadable(path: Any, error: Exception) -> GraderError:
    """Return what is said of a file of a student kit that is missing or damaged."""
    return GraderError(f"{path} cannot be read ({error!r}); restore it or install the kit again")


def _live(name: str) -> Oracles | None:
    module = f"autograder.checks.{IN_WORKER}.{name}"
    return Oracles(importlib.import_module(module)) if importlib.util.find_spec(module) else None


def _bank(said: dict[str, Any], mistakes: tuple[Mistake, ...], live: Bank) -> Bank:
    own = dict(live.mistakes)
    repeated: dict[str, tuple[Mistake, ...]] = {each["name"]: () for each in said["functions"]}
    for each, mistake in zip(said["mistakes"], mistakes, strict=True):
        kept = repeated if each["is_repeated"] else own
        kept[mistake.function] = (*kept.get(mistake.function, ()), mistake)
    return Bank(own, {}, repeated)


def written_check(check: Check) -> Json:
    """Write a visible check down."""
    return {key: value for key, value in dataclasses.asdict(check).items() if key != "visibility"}


def check_of(said: dict[str, Any]) -> Check:
    """Return a check from what is written of it."""
    return Check(**{**said, "needs": tuple(said["needs"]), "visibility": "visible"})


def written_mistake(mistake: Mistake) -> Json:
    """Write down what is said of a mistake."""
    fields = [each for each in dataclasses.fields(mistake) if each.name != "variant"]
    said = {each.name: getattr(mistake, each.name) for each in fields}
    return {name: value for name, value in said.items() if value}  # what is empty is so by default


def mistake_of(said: dict[str, Any]) -> Mistake:
    """Return a mistake from what is written of it; what it gives stands with the cases."""
    return Mistake(**said, variant=_unknown)


def _unknown(*_arguments: Any, **_observations: Any) -> Any:
    raise LookupError("only its values are known")


def written_case(case: Case, outcomes: dict[int | str, Outcome]) -> Json:
    """Write a case down, with what the mistakes of these numbers give in it, and what is known of it by a word."""
    made: list[int] = []
    said: dict[str, Json] = {"arguments": [written(each, made=made) for each in case.arguments]}
    if case.expected is not None:
        right = Outcome.of(case.expected)
        said["expected"] = written(case.expected)
        said["wrong"] = {str(index): written_outcome(each, right) for index, each in outcomes.items()}
    return said


def case_of(said: Json, mistakes: tuple[Mistake, ...]) -> Case:
    """Return a case from what is written of it."""
    made: dict[int, RemoteConstructor] = {}
    case = Case(tuple(read_value(each, made) for each in said["arguments"]))
    if "expected" in said:
        case.expected = read_value(said["expected"])
        known = {mistakes[int(key)] if key.isdigit() else key: each for key, each in said["wrong"].items()}
        case.outcomes = WrittenOutcomes(case.expected, known)
    return case


class WrittenOutcomes(dict[Any, Outcome]):
    """What a case's `outcomes` are, what is right among them by None; each is read when it is first asked for."""

    def __init__(self, expected: Expected, said: Mapping[Any, Json]) -> None:
        super().__init__()
        self._expected, self._said = expected, said

    def __contains__(self, key: object) -> bool:
        return key is None or key in self._said or super().__contains__(key)

    def __missing__(self, key: Any) -> Outcome:
        self[key] = Outcome.of(self._expected) if key is None else outcome_of(self._said[key], self[None])
        return self[key]


def written_outcome(outcome: Outcome, right: Outcome) -> Json:
    """Write an outcome down: its arrays, null for each that is right, and its form, if that is another.

    One without arrays is written as what else is known of it: what it raises.
    """
    if not outcome.arrays:
        said = {each.name: getattr(outcome, each.name) for each in dataclasses.fields(outcome)}
        return {name: value for name, value in said.items() if name not in ("arrays", "scales")}
    is_same = outcome.form == right.form  # also with its keys in another order: they are read in that of what is right
    arrays = [
        None if right.arrays.get(place) == outcome.arrays[place] else _written_numbers(outcome.arrays[place])
        for place in (right.arrays if is_same else outcome.arrays)
    ]
    return [arrays] if is_same else [arrays, outcome.form]


def outcome_of(said: Json, right: Outcome) -> Outcome:
    """Return an outcome from what is written of it."""
    if isinstance(said, dict):
        return Outcome({}, {}, **said)
    arrays, *other = said
    form = other[0] if other else right.form
    read = {
        place: right.arrays[place] if array is None else Numbers(tuple(array[0]), array[1], bool(array[2:]))
        for place, array in zip(_places(form, ()), arrays, strict=True)
    }
    return Outcome(read, {}, form)


def _written_numbers(numbers: Numbers) -> Json:
    """Write an array down; of single precision only where it says so."""
    said = [list(numbers.shape), rounded(numbers.items, SHORT)]
    return [*said, "single"] if numbers.is_single else said


def _places(form: Any, place: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    if form is None:
        yield place
    elif form != EMPTY:
        for key, item in form.items() if isinstance(form, dict) else enumerate(form):
            yield from _places(item, (*place, key))
