"""An exercise's checks tried on wrong variants of its functions, in this process: hundreds of them take seconds.

A variant stands in the place of one function of a submission whose other functions are the reference's.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any, cast

import torch
from torch import Tensor

from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.grading.cases import CaseCache
from autograder.grading.collection import CollectedCheck, collect
from autograder.grading.diagnosis import Diagnoser
from autograder.grading.grader import load_reference
from autograder.grading.mistakes import Variant
from autograder.grading.oracles import Oracles
from autograder.grading.seeds import course_secret
from autograder.grading.verdict import CheckRunner
from autograder.host.answers import Answer, Answerer, Case, Raised, Returned
from autograder.host.in_process import ReferenceFunctions
from autograder.host.session import Session
from autograder.model import CheckResult, Problem


@dataclass(frozen=True)
class _Read:
    """What a reader would make of a variant's answer, and what it would find out besides."""

    values: Any
    observed: dict[str, Any]


class _VariantOracles(Oracles):
    """An exercise's oracles; of a variant, which gives values at once, they read just these."""

    def __init__(self, oracles: Oracles) -> None:
        vars(self).update(vars(oracles))

    def read(self, function: str, probe: Any, value: Any, arguments: tuple[Any, ...]) -> tuple[Any, dict[str, Any]]:
        if isinstance(value, _Read):
            return value.values, value.observed
        return super().read(function, probe, value, arguments)


class Rehearsal:
    """The checks of an exercise, and what they say of variants; GraderError where they do not load.

    `functions` are the reference's, in the module of which `names` a variant is put in the place of one.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        collection = collect(exercise)
        self.checks, self.oracles = collection.checks, _VariantOracles(collection.oracles)
        self.bank = collection.bank
        self._diagnoser = Diagnoser(self.oracles, self.bank)
        self._cases = CaseCache()
        module = _loaded(exercise)
        self.names, self.functions = vars(module), ReferenceFunctions(module)  # one for all: it watches optimizers
        self.observed: dict[tuple[int, ...], tuple[Any, dict[str, Any]]] = {}  # by a call's arguments, which it holds

    def results(
        self, function: str, variant: Variant, checks: Sequence[CollectedCheck], in_hidden: Variant | None = None
    ) -> tuple[CheckResult, ...]:
        """Return what checks say of a variant of a function; with `in_hidden`, of that one where they are hidden.

        Its own checks have one reading: a variant calls nothing that another reading would answer.
        """
        session = _VariantSession(self, function, variant, in_hidden)
        session.has_time = any(each.check.function != function for each in checks)
        # Without a reference to hold the oracles against, which takes as long again; it has been graded by itself.
        shared = self.oracles, None, 0, course_secret(), frozenset[str](), self._cases, self._diagnoser
        with session, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a variant may do what torch warns of
            return CheckRunner(cast(Session, session), *shared).run(checks)  # which asks no more than this one answers

    def cases(self, collected: CollectedCheck, seed: int = 0) -> tuple[Case, ...]:
        """Return the cases of a check by a seed."""
        return self._cases.cases(f"cases of {collected.check.name}", collected.body, seed, short=False, exact=False)


def _loaded(exercise: Exercise) -> ModuleType:
    loaded = load_reference(exercise)
    if loaded is None:
        raise UserError(f"there is no solutions/{exercise.name}.py to put variants into; write it")
    return loaded


class _VariantSession:
    """Answers as a session does whose submission is the reference with a variant of one function.

    The reference's own calls of that function get the variant's answer, too, unless a check asks for right helpers.
    """

    problem: Problem | None = None
    cells = names = forbidden = ()
    is_pristine = is_patient = True
    loads_slowly = False

    def __init__(
        self,
        rehearsal: Rehearsal,
        function: str,
        variant: Variant,
        in_hidden: Variant | None,
    ) -> None:
        self.functions = [name for name, _ in rehearsal.exercise.functions]
        self._oracles, self._function = rehearsal.oracles, function
        self._submitted, self._module = rehearsal.functions, rehearsal.names
        self._variants, self._is_hidden = (variant, in_hidden or variant), False
        self._under_way: Iterator[Answer] = iter(())
        self.probe, self.questions = self._submitted.probe, 0
        self.answered, self.first_asked = set[str](), ""
        self._right, self._observed = self._module[function], rehearsal.observed
        self.has_time = True

    def __enter__(self) -> None:
        self.open_worker()

    def __exit__(self, *_error: object) -> None:
        self._module[self._function] = self._right

    def above(self, function: str) -> list[str]:
        return self.functions[: self.functions.index(function)]

    def begin(self, *, hidden: bool) -> None:
        self._is_hidden, self.questions, self.first_asked = hidden, 0, ""

    def end(self) -> str:
        return ""

    def be_patient(self, is_patient: bool) -> None:
        """Nothing here takes long."""

    def open_worker(self, *, keep_helpers: bool = False) -> None:
        if not keep_helpers:
            self.answered.clear()
            self._module[self._function] = self._values

    def answer_by_reference(self, helpers: Sequence[str], _answerer: Answerer) -> None:
        self.answered.update(helpers)
        if self._function in helpers:
            self._module[self._function] = self._counted

    def call(self, function: str, arguments: list[Any], *, twice: bool = False) -> Answer:
        try:
            if function != self._function:
                return self._submitted.call(function, arguments, twice=twice)
            answer = Returned(self._answer(arguments))
        except Exception as error:  # noqa: BLE001 - whatever a variant raises is what it gives
            return Raised(type(error).__name__, str(error))
        return replace(answer, again=answer) if twice else answer

    def calls(self, function: str, cases: tuple[Case, ...], *, twice: bool = False) -> Iterator[Answer]:
        self._under_way = (self.call(function, list(case.arguments), twice=twice) for case in cases)
        return self._under_way

    def rest(self, cases: int) -> Iterator[Answer]:
        return itertools.islice(self._under_way, cases)

    def _answer(self, arguments: list[Any]) -> Any:
        """Return what the variant gives; where a reader finds something out about an answer, about the reference's."""
        if not self._oracles.is_read(self._function):
            return self._values(*arguments)
        self._module[self._function] = self._right
        key = tuple(map(id, arguments))
        if key not in self._observed:
            right = self._submitted.call(self._function, arguments)
            self._observed[key] = (
                arguments,
                self._oracles.read(self._function, self.probe, right.value, tuple(arguments))[1],
            )
        observed = self._observed[key][1]
        return _Read(self._values(*arguments, **observed), observed)

    def _values(self, *arguments: Any, **observed: Any) -> Any:
        return self._variants[self._is_hidden](self._oracles.values, *map(_own_copy, arguments), **observed)

    def _counted(self, *arguments: Any, **keywords: Any) -> Any:
        self.questions, self.first_asked = self.questions + 1, self._function
        return self._right(*arguments, **keywords)


def _own_copy(argument: Any) -> Any:
    """Return an argument in double precision, of which a variant may make what it likes."""
    if isinstance(argument, Tensor):
        return argument.to(torch.float64, copy=True)
    if isinstance(argument, dict):
        return {name: _own_copy(value) for name, value in argument.items()}
    return [_own_copy(item) for item in argument] if isinstance(argument, list) else argument
