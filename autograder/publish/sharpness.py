"""Do the checks see what they are there for? Each known mistake, and variants that only a weak check lets through."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import zip_longest
from typing import Any

from torch import Tensor

from autograder.grading.collection import CollectedCheck
from autograder.grading.comparing import mapped
from autograder.grading.mistakes import Mistake, Variant, altered
from autograder.grading.precedence import GIVES_WAY
from autograder.host.answers import Case
from autograder.model import CheckResult
from autograder.publish.rehearsal import Rehearsal

# How far off a variant is that no check may let through: less than a wrong formula makes of it, more than rounding.
SLIGHTLY, SLIGHTLY_IN_SINGLE = 1e-6, 1e-3
WIDE = "let through what is slightly off"


def mistake_faults(rehearsal: Rehearsal, blunt: Collection[str] = ()) -> list[str]:
    """Return what is wrong with the known mistakes: each is refused, and has its name or a better one.

    Those of functions whose checks are known to be `blunt` are left out: what is said of those would be said again.
    """
    graded = [name for name, _ in rehearsal.exercise.functions]
    strangers = [each.id for name in rehearsal.bank.mistakes if name not in graded for each in rehearsal.bank.of(name)]
    faults = [f"the mistake {identity} is of no graded function; correct its name" for identity in strangers]
    for name in graded:
        for each in () if name in blunt else rehearsal.bank.of(name):
            faults += _faults_of(each, rehearsal)
    return faults


def _faults_of(mistake: Mistake, rehearsal: Rehearsal) -> Iterator[str]:
    """Yield what is wrong with a mistake, by the checks of its function."""
    what = f"the mistake {mistake.id} of {mistake.function}"
    checks = [each for each in rehearsal.checks if each.check.function == mistake.function]
    results = rehearsal.results(mistake.function, mistake.variant, checks)
    errored = [str(result.message) for result in results if result.outcome == "errored"]
    if errored:
        yield f"{what} cannot be judged: {errored[0]}"
        return
    if _passes(results):
        yield f"{what} costs nothing; add a case in which it shows"
        return
    named = [result.diagnosis for result in results if result.outcome == "failed"]
    names = {"nothing" if diagnosis is None else diagnosis.id for diagnosis in named}
    if not names <= {mistake.id} | GIVES_WAY.get(mistake.id, set()):
        found = " and ".join(sorted(names))
        yield f"{what} is called {found}; draw a case that tells it from others, or say which of them gives way"


def blunt_checks(rehearsal: Rehearsal) -> dict[str, list[str]]:
    """Return by function which checks let something through that is wrong, and what to do.

    That is what is slightly off, right for one sample only, or right where all can see it; and a wrong function must
    cost nobody else.
    """
    graded = [name for name, _ in rehearsal.exercise.functions]
    found = {name: list(_blunt(name, rehearsal)) for name in graded}
    imprecise = [name for name in graded if any(WIDE in fault for fault in found[name])]
    if len(imprecise) > 1 and imprecise == graded:
        text = f"all its checks {WIDE}; mend DOUBLE_TOLERANCE in autograder/grading/comparing.py"
        found = {name: [text] for name in graded}
    return found


def _blunt(name: str, rehearsal: Rehearsal) -> Iterator[str]:
    """Yield what is wrong with the checks of a function; where they let all through, only that."""
    own = [each for each in rehearsal.checks if each.check.function == name]
    if not _passes(rehearsal.results(name, _off(name, 0), own)):
        yield f"{name} cannot be tried out: not even its oracle's own values pass"
        return
    imprecise = list(_imprecise(name, own, rehearsal))
    yield from imprecise
    if not imprecise:
        yield from _for_one_sample(name, own, rehearsal)
        yield from _for_known_cases(name, own, rehearsal)
        yield from _costing_others(name, rehearsal)


def _imprecise(name: str, checks: Sequence[CollectedCheck], rehearsal: Rehearsal) -> Iterator[str]:
    size = SLIGHTLY_IN_SINGLE if rehearsal.oracles.is_single(name) else SLIGHTLY
    wide = [each.check.name for each in checks if _passes(rehearsal.results(name, _off(name, size), [each]))]
    if len(wide) == len(checks):
        file = f"autograder/checks/{rehearsal.exercise.name}.py"
        yield f"all checks of {name} {WIDE}; its oracle's scale in {file} is too large: sum up the sizes of its terms"
    else:
        yield from (
            f"{check} alone {WIDE.replace('let', 'lets', 1)}; draw cases whose terms do not cancel" for check in wide
        )


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
    if not has_arguments:
        return
    if _passes(rehearsal.results(name, _off(name, 0), checks, in_hidden=_off(name))):
        yield f"{name} may be right in the visible cases alone; add a hidden check"
        return
    hidden = [each for each in checks if each.check.visibility == "hidden"]
    once, again = ([_numbers(rehearsal.cases(each, seed)) for each in hidden] for seed in (0, 1))
    differ = (a != b for one, other in zip(once, again, strict=True) for a, b in zip_longest(one, other))
    if any(_numbers(rehearsal.cases(each)) for each in hidden) and not any(differ):
        yield f"the hidden cases of {name} are the same for every seed, so they can be learned by heart; draw them"


def _costing_others(name: str, rehearsal: Rehearsal) -> Iterator[str]:
    """Yield what else a wrong function costs: those below it in the table may call it."""
    graded = [each for each, _ in rehearsal.exercise.functions]
    below = [each for each in rehearsal.checks if each.check.function in graded[graded.index(name) + 1 :]]
    results = rehearsal.results(name, _off(name), below)
    costs = {result.check.function for result in results if result.outcome != "passed"}
    if costs:
        yield f"a wrong {name} also costs {', '.join(sorted(costs))}; let that be judged by itself"


def _numbers(value: Any) -> list[Any]:
    """Return the numbers of all tensors in a case."""
    if isinstance(value, Tensor):
        return [value.tolist()]
    if isinstance(value, Case):
        return _numbers(value.arguments)
    if isinstance(value, dict | list | tuple):
        return [each for item in (value.values() if isinstance(value, dict) else value) for each in _numbers(item)]
    return []


def _passes(results: Sequence[CheckResult]) -> bool:
    return all(result.outcome == "passed" for result in results)


def _off(function: str, size: float = 1.0) -> Variant:
    """Return the variant that is off by a part of each number."""
    return altered(function, lambda right, *_arguments: mapped(right, lambda value: value * (1 + size)))


def _samples(arguments: tuple[Any, ...]) -> int:
    """Return for how many samples a function is called, 0 where it is not told: the rows of its first array."""
    return next((len(each) for each in arguments if isinstance(each, Tensor) and each.dim()), 0)
