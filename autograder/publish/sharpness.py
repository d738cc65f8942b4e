"""Do the checks see what they are there for? Each known mistake, and variants that only a weak check lets through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from torch import Tensor

from autograder.grading.collection import CollectedCheck
from autograder.grading.comparing import mapped
from autograder.grading.mistakes import Mistake, Variant, altered
from autograder.grading.precedence import GIVES_WAY
from autograder.model import CheckResult
from autograder.publish.rehearsal import Rehearsal

# How far off a variant is that no check may let through: less than a wrong formula makes of it, more than rounding.
SLIGHTLY, SLIGHTLY_IN_SINGLE = 1e-6, 1e-3


def mistake_faults(rehearsal: Rehearsal) -> list[str]:
    """Return what is wrong with the known mistakes: each costs its function alone, and has its name or a better one."""
    graded = [name for name, _ in rehearsal.exercise.functions]
    strangers = [each.id for name in rehearsal.bank.mistakes if name not in graded for each in rehearsal.bank.of(name)]
    faults = [f"the mistake {identity} is of no graded function; correct its name" for identity in strangers]
    for name in graded:
        for each in rehearsal.bank.of(name):
            faults += _faults_of(each, rehearsal, graded[graded.index(name) :])
    return faults


def _faults_of(mistake: Mistake, rehearsal: Rehearsal, below: Sequence[str]) -> Iterator[str]:
    """Yield what is wrong with a mistake; `below` are its function and those which may call that one."""
    what = f"the mistake {mistake.id} of {mistake.function}"
    checks = [each for each in rehearsal.checks if each.check.function in below]
    results = rehearsal.results(mistake.function, mistake.variant, checks)
    errored = [str(result.message) for result in results if result.outcome == "errored"]
    if errored:
        yield f"{what} cannot be judged: {errored[0]}"
        return
    costs = {result.check.function for result in results if result.outcome != "passed"}
    if mistake.function not in costs:
        yield f"{what} costs nothing; add a case in which it shows"
        return
    if costs != {mistake.function}:
        yield f"{what} also costs {', '.join(sorted(costs - {mistake.function}))}; let that be judged by itself"
    named = [result.diagnosis for result in results if result.outcome == "failed"]
    names = {"nothing" if diagnosis is None else diagnosis.id for diagnosis in named}
    if not names <= {mistake.id} | GIVES_WAY.get(mistake.id, set()):
        found = " and ".join(sorted(names))
        yield f"{what} is called {found}; draw a case that tells it from others, or say which of them gives way"


def blunt_checks(rehearsal: Rehearsal) -> list[str]:
    """Return which checks let through what is slightly off, or right for one sample only, or where all can see it."""
    faults: list[str] = []
    for name, _ in rehearsal.exercise.functions:
        own = [each for each in rehearsal.checks if each.check.function == name]
        if not _passes(rehearsal.results(name, _off(name, 0), own)):
            faults.append(f"{name} cannot be tried out: not even its oracle's own values pass")
            continue
        faults += _imprecise(name, own, rehearsal)
        faults += _for_one_sample(name, own, rehearsal)
        faults += _for_known_cases(name, own, rehearsal)
    return faults


def _imprecise(name: str, checks: Sequence[CollectedCheck], rehearsal: Rehearsal) -> Iterator[str]:
    size = SLIGHTLY_IN_SINGLE if rehearsal.oracles.is_single(name) else SLIGHTLY
    for each in checks:
        if _passes(rehearsal.results(name, _off(name, size), [each])):
            yield f"{each.check.name} takes answers that are off by {size:g} of their size; make it exact"


def _for_one_sample(name: str, checks: Sequence[CollectedCheck], rehearsal: Rehearsal) -> Iterator[str]:
    wrong = _off(name)

    def variant(functions: Any, *arguments: Any, **observed: Any) -> Any:
        if _samples(arguments) == 1:
            return getattr(functions, name)(*arguments, **observed)
        return wrong(functions, *arguments, **observed)

    if any(_samples(case.arguments) > 1 for each in checks for case in rehearsal.cases(each)):
        for each in checks:
            if _passes(rehearsal.results(name, variant, [each])):
                yield f"{each.check.name} has cases of one sample only; add one of several"


def _for_known_cases(name: str, checks: Sequence[CollectedCheck], rehearsal: Rehearsal) -> Iterator[str]:
    has_arguments = any(case.arguments for each in checks for case in rehearsal.cases(each))
    if has_arguments and _passes(rehearsal.results(name, _off(name, 0), checks, in_hidden=_off(name))):
        yield f"{name} may be right in the visible cases alone; add a hidden check"


def _passes(results: Sequence[CheckResult]) -> bool:
    return all(result.outcome == "passed" for result in results)


def _off(function: str, size: float = 1.0) -> Variant:
    """Return the variant that is off by a part of each number."""
    return altered(function, lambda right, *_arguments: mapped(right, lambda value: value * (1 + size)))


def _samples(arguments: tuple[Any, ...]) -> int:
    """Return for how many samples a function is called, 0 where it is not told: the rows of its first array."""
    return next((len(each) for each in arguments if isinstance(each, Tensor) and each.dim()), 0)
