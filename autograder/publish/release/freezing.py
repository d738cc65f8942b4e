"""Turns the visible checks of an exercise into values: what a student kit holds in place of their source."""

import functools
import importlib
import json
from pathlib import PurePosixPath
from typing import Any

import torch
from matplotlib.figure import Figure

from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.grading.cases import CaseCache
from autograder.grading.collection import CollectedCheck, Collection, collect
from autograder.grading.comparing import in_double
from autograder.grading.diagnosis import Diagnoser, Outcome
from autograder.grading.grader import load_reference
from autograder.grading.mistakes import Mistake
from autograder.grading.oracles import Oracles
from autograder.grading.released import SCHEMA, written_case
from autograder.grading.seeds import seed_of
from autograder.host.answers import Case
from autograder.host.in_process import ReferenceFunctions
from autograder.report.plots.drawn_submission import DrawnSubmission
from autograder.report.plots.due_values import DueValues

SEEDS = 3  # so many of the seeds 0, 1, … have cases of their own; a further one has those of one of them


CHECKS, PLOTS = PurePosixPath("checks"), PurePosixPath("report", "plots")


def frozen(exercise: Exercise) -> dict[PurePosixPath, str]:
    """Return what a student kit says of an exercise, its cases and its drawing, as JSON by the path in the package.

    It is worked out once for the sources as they are.
    """
    sources = [exercise.checks, exercise.checks.parents[1] / "mistakes" / exercise.checks.name, exercise.solution]
    return _frozen(exercise, tuple(path.read_bytes() for path in sources if path is not None and path.is_file()))


@functools.lru_cache(maxsize=16)
def _frozen(exercise: Exercise, _sources: tuple[bytes, ...]) -> dict[PurePosixPath, str]:
    torch.set_num_threads(1)
    collection = collect(exercise)
    said, cases = _checks(exercise, collection)
    texts = {CHECKS / f"{exercise.name}.json": said, CHECKS / f"{exercise.name}.cases.json": cases}
    if not any(collection.oracles.is_read(name) for name, _ in exercise.functions):  # else it is drawn by what was read
        texts[PLOTS / f"{exercise.name}.json"] = _drawn(exercise, collection.oracles)
    return texts


def _checks(exercise: Exercise, collection: Collection) -> tuple[str, str]:
    """Return what is said of an exercise's functions, visible checks and mistakes, and the cases of the checks."""
    diagnoser = Diagnoser(collection.oracles, collection.bank)
    functions = [name for name, _ in exercise.functions]
    own = [each for name in functions for each in collection.bank.of(name)]
    repeated = [each for name in functions for each in diagnoser.repeated(name)]
    visible = [each for each in collection.checks if each.check.visibility == "visible"]
    cases = _Cases(collection, diagnoser, [*own, *repeated])
    written = {each.check.name: cases.of(each) for each in visible}
    kept = cases.kept()
    said = {
        "schema": SCHEMA,
        "title": exercise.title,
        "by_hand": exercise.by_hand,
        "held_back": _held_back(collection.checks),
        "functions": [_function(collection, name) for name in functions],
        "checks": [_check(each) for each in visible],
        "mistakes": [_mistake(each, each in repeated) for each in kept],
    }
    return _json(said, indent=2), _json({name: cases.numbered(each, kept) for name, each in written.items()})


def _drawn(exercise: Exercise, oracles: Oracles) -> str:
    """Return what the drawing of an exercise measures a submission by, as JSON; for that it is drawn once."""
    drawing = importlib.import_module(f"autograder.report.plots.{exercise.name}")
    due = DueValues(oracles)
    reference = load_reference(exercise)
    if reference is None:
        raise UserError(f"there is no solutions/{exercise.name}.py to draw by; restore it")
    submission = DrawnSubmission(_Reference(reference), due)  # type: ignore[arg-type]
    drawing.draw(Figure(), submission, exercise.kit / "datasets")
    return _json(due.taken)


class _Reference(ReferenceFunctions):
    """The reference in place of a session with a submission."""

    def open_worker(self) -> None:
        """Nothing that it does stays."""

    begin = end = open_worker


class _Cases:
    """The cases of checks, with what mistakes give in them; mistakes that show in none are left out."""

    def __init__(self, collection: Collection, diagnoser: Diagnoser, mistakes: list[Mistake]) -> None:
        self._collection, self._diagnoser, self._mistakes = collection, diagnoser, mistakes
        self._cache = CaseCache()
        self._shown: set[Mistake] = set()

    def of(self, collected: CollectedCheck) -> dict[str, list[list[Case]]]:
        """Return the cases of a check by seed, drawn and exact, each with its expected value."""
        return {
            key: [self._completed(collected, number, exact=exact) for number in range(SEEDS)]
            for key, exact in (("drawn", False), ("exact", True))
        }

    def _completed(self, collected: CollectedCheck, number: int, *, exact: bool) -> list[Case]:
        check = collected.check
        seed = seed_of(number, "", check.visibility, check.name)
        cases = self._cache.cases(check.name, collected.body, seed, short=True, exact=exact)
        return [self._known(check.function, case, with_mistakes=not exact) for case in cases]

    def _known(self, function: str, case: Case, *, with_mistakes: bool) -> Case:
        """Return a case with what is right and what the mistakes give, as far as that hangs on the case alone."""
        arguments = tuple(in_double(each) for each in case.arguments)
        try:
            case.expected = self._collection.oracles.expect(function, arguments)
        except TypeError:  # its oracle takes what a reader has observed
            return case
        right = Outcome.of(case.expected)
        for mistake in self._mistakes if with_mistakes else ():
            if mistake.function == function:
                outcome = self._diagnoser.outcome(mistake, arguments, {})
                case.outcomes[mistake] = outcome
                if (outcome.arrays, outcome.form) != (right.arrays, right.form):
                    self._shown.add(mistake)
        return case

    def kept(self) -> list[Mistake]:
        """Return the mistakes that show in some case."""
        return [each for each in self._mistakes if each in self._shown]

    def numbered(self, cases: dict[str, list[list[Case]]], kept: list[Mistake]) -> dict[str, Any]:
        """Return cases as they are written, what mistakes give by the number of each."""
        numbers = {mistake: index for index, mistake in enumerate(kept)}

        def written(case: Case) -> Any:
            known = {numbers[each]: outcome for each, outcome in case.outcomes.items() if each in numbers}
            return written_case(case, known)

        return {key: [[written(case) for case in seed] for seed in seeds] for key, seeds in cases.items()}


def _held_back(checks: tuple[CollectedCheck, ...]) -> dict[str, dict[str, int]]:
    """Return how many hidden checks each function has, and what points they hold."""
    held: dict[str, dict[str, int]] = {}
    for check in (each.check for each in checks if each.check.visibility == "hidden"):
        before = held.setdefault(check.function, {"checks": 0, "points": 0})
        before["checks"] += 1
        before["points"] += check.points
    return held


def _function(collection: Collection, name: str) -> dict[str, Any]:
    oracles = collection.oracles
    return {
        "name": name,
        "names": oracles.names(name),
        "parameters": oracles.parameters(name),
        "source": oracles.source(name),
        "single": oracles.is_single(name),
        "repeatable": oracles.repeatable(name),
    }


def _check(collected: CollectedCheck) -> dict[str, Any]:
    check = collected.check
    keys = ("name", "function", "summary", "points", "needs", "hint")
    return {key: getattr(check, key) for key in keys}


def _mistake(mistake: Mistake, is_repeated: bool) -> dict[str, Any]:
    keys = ("function", "id", "text", "question", "is_whole", "asks", "parts")
    return {key: getattr(mistake, key) for key in keys} | {"is_repeated": is_repeated}


def _json(value: Any, indent: int | None = None) -> str:
    separators = (",", ":") if indent is None else None
    return json.dumps(value, indent=indent, ensure_ascii=False, separators=separators) + "\n"
