"""Turns the visible checks of an exercise into values: what a student kit holds in place of their source."""

import functools
import importlib
import json
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

import torch
from matplotlib.figure import Figure
from torch import Tensor

from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.grading import facts
from autograder.grading.cases import CaseCache
from autograder.grading.collection import CollectedCheck, Collection, collect
from autograder.grading.comparing import in_double
from autograder.grading.diagnosis import Diagnoser
from autograder.grading.grader import load_reference
from autograder.grading.mistakes import Mistake
from autograder.grading.oracles import Oracles
from autograder.grading.outcomes import Outcome
from autograder.grading.released import SCHEMA, SEEDS, written_case, written_check, written_mistake
from autograder.grading.seeds import seed_of
from autograder.host.answers import Case
from autograder.host.in_process import ReferenceFunctions
from autograder.model import looks_at
from autograder.report.plots.drawn_submission import DrawnSubmission
from autograder.report.plots.due_values import DueValues

FORESEEN = 3  # so many of the seeds 0, 1, … have cases of their own

CHECKS, PLOTS = PurePosixPath("checks"), PurePosixPath("report", "plots")


def frozen(exercise: Exercise) -> dict[PurePosixPath, str]:
    """Return what a student kit says of an exercise, its cases and its drawing, as JSON by the path in the package.

    It is worked out once for the sources as they are.
    """
    sources = [path for folder in ("checks", "mistakes") for path in sorted(exercise.package.glob(f"{folder}/*.py"))]
    return _frozen(exercise, tuple(path.read_bytes() for path in (*sources, exercise.solution) if path is not None))


@functools.lru_cache(maxsize=16)
def _frozen(exercise: Exercise, _sources: tuple[bytes, ...]) -> dict[PurePosixPath, str]:
    torch.set_num_threads(1)
    collection = collect(exercise)
    values = collection.oracles.values
    values.__dict__.update({name: _remembering(function) for name, function in vars(values).items()})
    said, cases = _checks(exercise, collection)
    texts = {CHECKS / f"{exercise.name}.json": said, CHECKS / f"{exercise.name}.cases.json": cases}
    drawing = PLOTS / f"{exercise.name}.py"
    # What is not by hand is drawn by what was read from its objects.
    if (exercise.package / drawing).is_file() and exercise.by_hand:
        texts[drawing.with_suffix(".json")] = _drawn(exercise, collection.oracles)
    return texts


def _checks(exercise: Exercise, collection: Collection) -> tuple[str, str]:
    """Return what is said of an exercise's functions, visible checks and mistakes, and the cases of the checks."""
    diagnoser = Diagnoser(collection.oracles, collection.bank)
    functions = collection.oracles.functions
    own = [each for name in functions for each in collection.bank.of(name)]
    repeated = [each for name in functions for each in diagnoser.repeated(name)]
    visible = [each for each in collection.checks if each.check.visibility == "visible"]
    cases = _Cases(collection, diagnoser, [*own, *repeated])
    drawn = cases.of(visible)
    kept = cases.kept()
    said = {
        "schema": SCHEMA,
        "title": exercise.title,
        "by_hand": exercise.by_hand,
        "forbidden": exercise.forbidden,
        "held_back": _held_back(collection.checks),
        "functions": [_function(collection.oracles, name) for name in functions],
        "checks": [written_check(each.check) for each in visible],
        "mistakes": [{"mistake": written_mistake(each), "is_repeated": each in repeated} for each in kept],
    }
    return _json(said, indent=2), _json({name: _numbered(each, kept) for name, each in drawn.items()})


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


Drawn = dict[str, dict[int, list[Case]]]  # a check's cases, drawn and exact, by seed


class _Cases:
    """The cases of checks, with what mistakes give in them."""

    def __init__(self, collection: Collection, diagnoser: Diagnoser, mistakes: list[Mistake]) -> None:
        self._oracles, self._diagnoser, self._mistakes = collection.oracles, diagnoser, mistakes
        self._cache = CaseCache()
        self._tried: list[Case] = []
        self._shown: set[Mistake] = set()

    def of(self, visible: list[CollectedCheck]) -> dict[str, Drawn]:
        """Return the cases of each check, each with its expected value.

        The cases of the first seed, which is the usual one, decide which mistakes are worth trying in those of others.
        """
        drawn: dict[str, Drawn] = {each.check.name: {key: {} for key in SEEDS.values()} for each in visible}
        for number in range(FORESEEN):
            for each in visible:
                seed = seed_of(number, "", each.check.visibility, each.check.name)
                for exact, key in SEEDS.items():
                    drawn[each.check.name][key][seed] = self._known(each, seed, exact=exact)
            self._mistakes = self.kept()
        return drawn

    def _known(self, collected: CollectedCheck, seed: int, *, exact: bool) -> list[Case]:
        """Return cases with what is right and what the mistakes give, as far as that hangs on the case alone."""
        function = collected.check.function
        cases = self._cache.cases(collected.check.name, collected.body, seed, short=True, exact=exact)
        if not self._oracles.observes(function):
            for case in cases:
                arguments = tuple(in_double(each) for each in case.arguments)
                case.expected = self._oracles.expect(function, arguments)
                if not exact:  # these only say whether it is precision that is wanting
                    self._try_out(function, case, arguments)
        return [*cases]

    def _try_out(self, function: str, case: Case, arguments: tuple[Any, ...]) -> None:
        right = Outcome.of(case.expected)
        self._tried.append(case)
        for mistake in self._mistakes:
            if mistake.function == function:
                outcome = self._diagnoser.outcome(mistake, arguments, {})
                case.outcomes[mistake] = outcome
                if (outcome.arrays, outcome.form) != (right.arrays, right.form):
                    self._shown.add(mistake)
        if any(len(array.items) == 1 for array in right.arrays.values()):  # of which there is something to say
            for which in facts.CUTS:
                facts.without(self._diagnoser, function, case, which)

    def kept(self) -> list[Mistake]:
        """Return the mistakes that show in some case, of those that give the same under one name the first."""
        found: dict[str, Mistake] = {}
        for each in self._mistakes:
            if each in self._shown:
                given = [repr(case.outcomes[each]) for case in self._tried if each in case.outcomes]
                found.setdefault(f"{each.function} {each.id} {each.is_whole} {given}", each)
        return [*found.values()]


def _remembering(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that works out each answer once: hundreds of mistakes ask the same of what they leave right."""
    known: dict[Any, Any] = {}

    def remembered(*arguments: Any, **observed: Any) -> Any:
        try:
            identity = _identity((arguments, observed))
        except TypeError:
            return function(*arguments, **observed)
        if identity not in known:
            known[identity] = function(*arguments, **observed)
        return _copied(known[identity])  # a mistake may be to change it in place

    return remembered


def _identity(value: Any) -> Any:
    """Return what arguments have in common that are the same in every bit; TypeError for objects, which may change."""
    if isinstance(value, Tensor):
        return value.dtype, value.shape, value.detach().numpy().tobytes()
    if isinstance(value, dict):
        return dict, tuple((key, _identity(item)) for key, item in value.items())
    if isinstance(value, list | tuple):
        return type(value), tuple(map(_identity, value))
    if value is None or isinstance(value, bool | int | float | str):
        return type(value), repr(value)
    raise TypeError(type(value).__name__)


def _copied(value: Any) -> Any:
    if isinstance(value, Tensor):
        return value.clone()
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return type(value)(map(_copied, value)) if isinstance(value, list | tuple) else value


def _numbered(drawn: Drawn, kept: list[Mistake]) -> dict[str, Any]:
    """Return cases as they are written, what mistakes give by the number of each."""
    numbers: dict[Any, int | str] = {mistake: index for index, mistake in enumerate(kept)}
    numbers |= {which: which for which in facts.CUTS}

    def numbered(case: Case) -> Any:
        known = {numbers[key]: found for key, found in case.outcomes.items() if key in numbers and found is not None}
        return written_case(case, known)

    return {
        key: {str(seed): [numbered(case) for case in cases] for seed, cases in seeds.items()}
        for key, seeds in drawn.items()
    }


def _held_back(checks: tuple[CollectedCheck, ...]) -> dict[str, dict[str, Any]]:
    """Return how many hidden checks each function has, what points they hold, and what they look at."""
    held: dict[str, dict[str, Any]] = {}
    for check in (each.check for each in checks if each.check.visibility == "hidden"):
        before = held.setdefault(check.function, {"checks": 0, "points": 0, "looks_at": []})
        before["checks"] += 1
        before["points"] += check.points
        before["looks_at"] += looks_at(check.summary)
    return held


def _function(oracles: Oracles, name: str) -> dict[str, Any]:
    labels = oracles.labels(name)
    return {
        "name": name,
        "names": labels.names,
        "parts": dict(labels.patterns),
        "passes": labels.passes,
        "parameters": oracles.parameters(name),
        "source": oracles.source(name),
        "single": oracles.is_single(name),
        "repeatable": oracles.repeatable(name),
    }


def _json(value: Any, indent: int | None = None) -> str:
    separators = (",", ":") if indent is None else None
    return json.dumps(value, indent=indent, ensure_ascii=False, separators=separators) + "\n"
