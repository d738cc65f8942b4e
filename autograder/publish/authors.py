"""What the author of a checks file may have got wrong in it: found by drawing cases, before anything is graded."""

from collections.abc import Iterator
from typing import Any

from torch import Tensor

from autograder.grading.cases import CaseCache
from autograder.grading.collection import CollectedCheck, Collection
from autograder.grading.comparing import ExpectedValue, FormMismatch, in_double, match
from autograder.grading.labels import Labels
from autograder.grading.oracles import Oracles
from autograder.host.answers import Case
from autograder.host.in_process import ReferenceFunctions
from autograder.report.words import several

WRITTEN = "terms(…), summed(…) or ExpectedValue(value, scale), or a dict, list or tuple of those"


def author_faults(collection: Collection, reference: ReferenceFunctions) -> list[str]:
    """Return what makes cases of checks useless, each fault once: for a function, only the first."""
    found: dict[str, str] = {}
    for each in collection.checks:
        if each.check.function not in found:
            fault = next(_faults(each, collection.oracles, reference), None)
            if fault is not None:
                found[each.check.function] = fault
    return [*found.values()]


def _faults(collected: CollectedCheck, oracles: Oracles, reference: ReferenceFunctions) -> Iterator[str]:
    name, function = f"check_{collected.check.name}", collected.check.function
    try:
        cases = CaseCache().cases(name, collected.body, 0, short=True, exact=False)
    except Exception as error:  # noqa: BLE001 - whatever an author's code raises
        yield f"{name} cannot draw its cases ({type(error).__name__}: {error}); correct it"
        return
    due = oracles.parameters(function)
    called = f"judge({', '.join(due)})"
    if function in reference.names and (own := reference.parameters(function)) != due:
        takes = f"takes {', '.join(due) or 'nothing'} after the other oracles' values"
        yield f"the oracle of {function} {takes}, and the reference {', '.join(own)}; students read both"
        return
    if not cases:
        yield f"{name} never calls judge, so whatever is handed in passes; give it cases by {called}"
        return
    for case in cases:
        if len(case.arguments) != len(due):
            yield f"{name} calls judge with {_counted(len(case.arguments))}, and {function} takes {len(due)}: {called}"
            return
    if not oracles.observes(function):
        yield from _oracle_faults(name, function, cases[0], oracles, reference)


def _oracle_faults(
    name: str, function: str, case: Case, oracles: Oracles, reference: ReferenceFunctions
) -> Iterator[str]:
    """Yield what is wrong with what an oracle returns."""
    try:
        expected = oracles.expect(function, tuple(in_double(argument) for argument in case.arguments))
    except Exception as error:  # noqa: BLE001 - whatever an author's code raises
        yield f"the oracle of {function} fails in {name} ({type(error).__name__}: {error}); correct one of them"
        return
    strange = next(_strange(expected), None)
    if strange is not None:
        yield f"the oracle of {function} returns {strange}; let it return {WRITTEN}"
    elif not oracles.is_read(function) and function in reference.names:
        try:
            match(expected, reference.call(function, list(case.arguments)).value, Labels(), lambda _: None)
        except FormMismatch as mismatch:
            yield f"the oracle of {function} has another form than the reference's answer ({mismatch}); correct one"
        except Exception:  # noqa: BLE001 - the reference's own fault, which grading it tells
            return


def _strange(expected: Any) -> Iterator[str]:
    """Yield the kinds of what is no expected value."""
    if isinstance(expected, dict | list | tuple):
        for each in expected.values() if isinstance(expected, dict) else expected:
            yield from _strange(each)
    elif not isinstance(expected, ExpectedValue):
        yield _kind(expected)
    else:
        for what, part in (("value", expected.value), ("scale", expected.scale)):
            if not isinstance(part, Tensor):
                yield f"an ExpectedValue of which the {what} is {_kind(part)} and no tensor"


def _kind(part: Any) -> str:
    kind = type(part).__name__
    return "nothing" if part is None else f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _counted(arguments: int) -> str:
    return several(arguments, "argument") if arguments else "no arguments"
