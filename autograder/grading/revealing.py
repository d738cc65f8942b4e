"""A hidden check that failed, told in full to an instructor: the case, yours, expected, and the reference's answer."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

import torch

from autograder.grading.comparing import Comparison, in_double, match
from autograder.grading.evaluation import CheckFailed
from autograder.grading.formatting import LONGEST, MAX_PARTS, answer_shown, arguments_shown, numbers_shown
from autograder.grading.oracles import Oracles
from autograder.host.answers import Case, Raised, Returned, trace_lines
from autograder.host.in_process import ReferenceFunctions
from autograder.model import CheckResult, Revealed, RevealedPart, message

DEEPEST = 10  # lines of a traceback, the innermost ones
OWN_START = "{reference} (from a start of its own)"


def revealed(
    result: CheckResult, failure: CheckFailed, oracles: Oracles, reference: ReferenceFunctions | None
) -> CheckResult:
    """Return a result with all that its failure has seen, of bounded size."""
    function, case = result.check.function, failure.case
    said = message("{text}", text=str(failure.text)[:LONGEST])
    if case is None:
        return replace(result, revealed=Revealed(said))
    shown = arguments_shown(oracles.parameters(function), case.arguments)
    raised = failure.answer if isinstance(failure.answer, Raised) else None
    whole = failure.answer if isinstance(failure.answer, Returned) and not failure.wrong else None
    return replace(
        result,
        revealed=Revealed(
            said,
            case=tuple((name, text[:LONGEST]) for name, text in shown),
            parts=tuple(_parts(failure.wrong, _right(function, case, oracles, reference))),
            answer=answer_shown(whole.value) if whole is not None and not oracles.is_read(function) else "",
            oracle=oracles.source(function),
            trace=() if raised is None else tuple(line[:LONGEST] for line in trace_lines(raised)[-DEEPEST:]),
            python="" if raised is None else f"{raised.type_name}: {raised.text}"[:LONGEST],
        ),
    )


def _right(function: str, case: Case, oracles: Oracles, reference: ReferenceFunctions | None) -> tuple[Comparison, ...]:
    """Return the parts of the reference's answer beside the oracle's; none where that cannot be had."""
    with suppress(Exception):  # what is told besides is not worth a verdict
        if reference is not None:
            answer = reference.call(function, list(case.arguments))
            value, observed = oracles.read(function, reference.probe, answer.value, case.arguments)
            double = tuple(in_double(argument) for argument in case.arguments)
            expected = oracles.expect(function, double, in_double(observed))
            return tuple(match(expected, value, oracles.labels(function), lambda _: None))
    return ()


def _parts(wrong: Sequence[Comparison], right: Sequence[Comparison]) -> Iterator[RevealedPart]:
    """Yield the first of the parts that are wrong; where none could be compared, of those of the right answer."""
    beside = _once(right)
    for part in list(_once(wrong).values())[:MAX_PARTS]:
        yield _part(part, beside.get(part.label))
    for part in [] if wrong else list(beside.values())[:MAX_PARTS]:
        yield RevealedPart(part.label, "", *map(answer_shown, (part.wanted, part.got.reshape(part.wanted.shape))))


def _once(parts: Sequence[Comparison]) -> dict[str, Comparison]:
    """Return the parts by their names, the first of each."""
    found: dict[str, Comparison] = {}
    for part in parts:
        found.setdefault(part.label, part)
    return found


def _part(part: Comparison, right: Comparison | None) -> RevealedPart:
    shape = part.wanted.shape
    if right is None or right.got.numel() != part.wanted.numel():
        yours, expected = numbers_shown(part.got.reshape(shape), part.wanted)
        return RevealedPart(part.label, yours, expected, "")
    theirs = right.got.reshape(shape)
    yours, expected, reference = numbers_shown(part.got.reshape(shape), part.wanted, theirs)
    # What is due may hang on the weights that the student's model started with.
    is_same = torch.allclose(right.wanted.reshape(shape).double(), part.wanted.double(), equal_nan=True)
    return RevealedPart(part.label, yours, expected, reference if is_same else OWN_START.format(reference=reference))
