"""The judging: calls one function of one submission with cases and says whether what comes back is right."""

import difflib
import itertools
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from autograder.grading.comparing import (
    DOUBLE_TOLERANCE,
    SINGLE_TOLERANCE,
    Comparison,
    Expected,
    ExpectedValue,
    FormMismatch,
    Kind,
    in_double,
    match,
)
from autograder.grading.formatting import arguments_shown, arguments_sized, parts_shown
from autograder.grading.labels import Labels, quoted
from autograder.grading.oracles import Oracles
from autograder.grading.outcomes import SIGN, Observation, Outcome
from autograder.host.answers import (
    Answer,
    Case,
    Frame,
    NotCallable,
    ProbeFailed,
    Raised,
    Returned,
    WorkerLost,
    trace_lines,
)
from autograder.host.in_process import ReferenceFunctions
from autograder.host.session import Session
from autograder.model import Evidence, Message, message

BREACH = message(
    "it reaches for autograd, an optimizer or a ready-made loss; in this exercise that is yours to write by hand"
)
CHANGED = "{changed} {verb} changed in place; the caller still needs {old}"
CALLER = "What does the caller find in what it gave you, after the call?"
OVERWRITES = "a later call changes what an earlier one has returned; the caller still needs it"
KEPT = "What does your function keep from one call to the next?"
LOOP = "Which variable should change each time round, so that the loop comes to its end?"
LATE = "late"  # the sign of an answer that has missed its deadline
SOON = 1.0  # seconds that are spent on evidence, once a function has failed
SINGLE_NOTE = message("the numbers have float32 precision; the arguments were float64")


class OraclesDisagree(Exception):
    """The oracle and the reference solution give different values: the kit is wrong, not the student."""


BATCHES = "Each batch has a loss. What becomes of these numbers on the way to what you return?"
# What to ask where all is right but parts that begin so: a check's hint is about all that its function does.
OF_THE_LOSS = {
    "epoch_loss": BATCHES,
    "loss of epoch": BATCHES,
    "loss": "Which prediction is the loss taken of, and what is done to it before it is returned?",
}


@dataclass
class CheckFailed(Exception):
    """A student's function fails a check. `is_imprecise` says that only the precision of the answer is in doubt.

    `question` is what to ask in place of the check's hint, '' for nothing, None for the hint. `wrong` are the parts
    that are, `case` and `answer` what was asked and what came.
    """

    kind: Kind
    text: Message
    evidence: Evidence = field(default_factory=Evidence)
    is_imprecise: bool = False
    raised: Raised | None = None
    breach: Frame | None = None
    sign: str = ""
    observations: tuple[Observation, ...] = ()
    question: str | None = None
    arguments: tuple[Any, ...] = ()
    wrong: tuple[Comparison, ...] = ()
    case: Case | None = None
    answer: Answer | None = None


class Evaluator:
    """Calls one function of one submission with cases and says whether what comes back is right."""

    def __init__(
        self, function: str, oracles: Oracles, reference: ReferenceFunctions | None, submitted: Session
    ) -> None:
        """`reference`: the kit's own solution, with which the oracle must agree; None where the kit has none."""
        self._function = function
        self._oracles = oracles
        self._reference = reference
        self._submitted = submitted
        self._is_read = oracles.is_read(function)
        self._is_repeatable = oracles.repeatable(function)
        self.notes: dict[Message, None] = {}  # in order, each once
        self.observations: list[Observation] = []  # of the cases that went well

    def __call__(self, cases: tuple[Case, ...]) -> None:
        """Judge cases in order; CheckFailed says what is wrong with the first that is, OraclesDisagree that the kit is.

        Where objects are read from the worker between the answers, the calls come one by one.
        """
        answers = self._answers(cases)
        for index, (case, answer) in enumerate(zip(cases, answers, strict=True)):
            try:
                self._judge(case, answer)
            except CheckFailed as failure:
                failure.case, failure.answer = case, answer
                failure.observations = (*self.observations, *self._observed(cases[index:], answer))
                raise

    def _observed(self, cases: tuple[Case, ...], answer: Answer) -> Iterator[Observation]:
        """Yield what a function that fails does in this case and in the rest, as far as that can be seen."""
        rest = self._further(cases[1:]) if self._is_read else self._submitted.rest(len(cases) - 1)
        for case, given in zip(cases, itertools.chain([answer], rest), strict=False):
            if isinstance(given, Raised):
                yield Observation(case, given)
            elif not isinstance(given, Returned):
                if given is answer and isinstance(given, WorkerLost) and given.kind == "late":
                    yield Observation(case, Raised(SIGN, LATE))  # that it took so long is evidence, too
                return
            else:
                try:
                    value, observed = self._read(given.value, case)
                except CheckFailed as failure:
                    if not failure.sign:
                        return
                    yield Observation(case, Raised(SIGN, failure.sign))
                else:
                    yield Observation(case, value, tuple(observed.items()), _trait(given))

    def _answers(self, cases: tuple[Case, ...]) -> Iterator[Answer]:
        if self._is_read:
            return (next(self._submitted.calls(self._function, (case,))) for case in cases)
        return self._submitted.calls(self._function, cases, twice=self._is_repeatable)

    def _further(self, cases: tuple[Case, ...]) -> Iterator[Answer]:
        """Yield the answers to further cases, for a while, as long as the worker lives."""
        end = time.monotonic() + SOON
        for case in cases:
            answer = self._submitted.call(self._function, list(case.arguments))
            if isinstance(answer, WorkerLost) or time.monotonic() > end:
                return
            yield answer

    def _judge(self, case: Case, given: Answer) -> None:
        answer = self._returned(given, case)
        value, observations = self._read(answer.value, case)
        expected = self._expected(case, observations)
        compared = self._compared(expected, value, case)
        if answer.changed:
            names = self._oracles.parameters(self._function)
            parts = [f"`{names[index]}`" for index in answer.changed if 0 <= index < len(names)]
            one, many = ("was", "the old one"), ("were", "the old ones")
            verb, old = one if len(parts) == 1 else many
            text = message(CHANGED, changed=" and ".join(parts), verb=verb, old=old)
            raise CheckFailed("changed", text, Evidence(), question=CALLER)
        self._compare(compared, case)
        if self._is_repeatable and not case.is_large:
            self._repeat(answer, compared, case, expected)
            if answer.overwrites:
                raise CheckFailed("overwritten", message(OVERWRITES), Evidence(), question=KEPT)
        self.observations.append(Observation(case, None, tuple(observations.items())))

    def _read(self, value: Any, case: Case) -> tuple[Any, dict[str, Any]]:
        try:
            return self._oracles.read(self._function, self._submitted.probe, value, case.arguments)
        except FormMismatch as mismatch:
            raise self._misformed(mismatch, case) from None
        except ProbeFailed as error:
            text = message("what it returns cannot be used: {error}", error=error)
            raise CheckFailed("raised", text, self._evidence(case)) from None
        except (TypeError, ValueError, AttributeError, LookupError, RuntimeError):
            if self._reference is not None:
                self._audit(self._reference, case)  # if the reader is at fault, it fails there too
            raise self._unreadable(case) from None

    def _misformed(self, mismatch: FormMismatch, case: Case) -> CheckFailed:
        """Return the failure of an answer of another form; its numbers, and the case's, tell nothing then."""
        has_numbers = mismatch.kind in ("finite", "value")
        evidence = self._evidence(case) if has_numbers else Evidence(self._sizes(case))
        question = None if has_numbers else mismatch.question
        return CheckFailed(mismatch.kind, mismatch.text, evidence, question=question, sign=mismatch.sign)

    def _sizes(self, case: Case) -> tuple[tuple[str, str], ...]:
        return arguments_sized(self._oracles.parameters(self._function), case.arguments)

    def _unreadable(self, case: Case) -> CheckFailed:
        text = message("what it returns cannot be used; compare it with what the description asks for")
        return CheckFailed("type", text, self._evidence(case))

    def _expected(self, case: Case, observations: dict[str, Any]) -> Expected:
        """Return the expected value, computed once for a case: what also depends on the answer is so each time."""
        if observations:
            return self._computed(case, observations)
        if case.expected is None:
            case.expected = self._computed(case, observations)
        return case.expected

    def _computed(self, case: Case, observations: dict[str, Any]) -> Expected:
        """Return the oracle's value, once the reference has the same."""
        if self._reference is not None:
            self._audit(self._reference, case)
        try:
            return self._oracle_value(case, observations)
        except (TypeError, ValueError, AttributeError, LookupError, RuntimeError):
            if not observations:
                raise
            raise self._unreadable(case) from None  # what was observed of the answer is the worker's word

    def _oracle_value(self, case: Case, observations: dict[str, Any]) -> Expected:
        double = tuple(in_double(argument) for argument in case.arguments)
        return self._oracles.expect(self._function, double, in_double(observations))

    def _audit(self, reference: ReferenceFunctions, case: Case) -> None:
        """Hold the reference solution against the oracle; OraclesDisagree where they differ."""
        answer = reference.call(self._function, list(case.arguments))
        if not isinstance(answer, Returned):
            raise OraclesDisagree(f"{self._function}: the reference has no answer")
        value, observations = self._oracles.read(self._function, reference.probe, answer.value, case.arguments)
        try:
            compared = match(self._oracle_value(case, observations), value, Labels(), lambda _: None)
        except FormMismatch as mismatch:
            raise OraclesDisagree(f"{self._function}: the reference's form is not the oracle's: {mismatch}") from None
        if not all(part.error() <= self._tolerance(case) for part in compared):
            raise OraclesDisagree(f"{self._function}: oracle and reference disagree on {case.arguments}")

    def _tolerance(self, case: Case) -> float:
        single = case.is_single or self._oracles.is_single(self._function)
        return SINGLE_TOLERANCE if single else DOUBLE_TOLERANCE

    def _returned(self, answer: Answer, case: Case) -> Returned:
        if isinstance(answer, Returned | Raised) and answer.breach is not None:
            raise CheckFailed("breach", BREACH, self._evidence(case), breach=answer.breach)
        if isinstance(answer, Returned):
            return answer
        if isinstance(answer, WorkerLost):
            question = LOOP if answer.kind == "late" else ""
            raise CheckFailed(
                "late" if answer.kind == "late" else "lost",
                answer.reason,
                Evidence(self._sizes(case)),
                question=question,
            )
        if isinstance(answer, NotCallable):
            raise CheckFailed("unusable", self._unusable(answer.reason), question="")
        text = message("it raises {error}", error=f"{answer.type_name}: {answer.text}".removesuffix(": "))
        evidence = Evidence(self._sizes(case), trace=trace_lines(answer))
        raise CheckFailed("raised", text, evidence, raised=answer, question="", arguments=case.arguments)

    def _unusable(self, reason: str) -> Message:
        called = f"{self._function}({', '.join(self._oracles.parameters(self._function))})"
        if reason != "missing":
            return message(
                "`{name}` is {reason}; it is called as {called}", name=self._function, reason=reason, called=called
            )
        near = difflib.get_close_matches(self._function, self._submitted.names, 1)
        if near:
            return message(
                "there is no `{name}` in your file; did you mean `{near}`?", name=self._function, near=near[0]
            )
        return message(
            "there is no `{name}` in your file; it is called as {called}", name=self._function, called=called
        )

    def _compared(self, expected: Expected, value: Any, case: Case) -> list[Comparison]:
        try:
            return match(expected, value, self._oracles.labels(self._function), self._note)
        except FormMismatch as mismatch:
            raise self._misformed(mismatch, case) from None
        except (RuntimeError, ValueError, TypeError, OverflowError) as error:
            # Numbers of an odd kind that torch cannot put together: an answer, but no right one.
            text = message("the answer cannot be read as numbers: {error}", error=str(error)[:200])
            raise CheckFailed("type", text, self._evidence(case)) from None

    def _note(self, note: Message) -> None:
        self.notes[note] = None

    def _compare(self, compared: list[Comparison], case: Case) -> None:
        single = self._tolerance(case) == SINGLE_TOLERANCE
        wrong = [part for part in compared if not self._close(part, single)]
        if not wrong:
            return
        is_imprecise = not single and all(part.error() <= SINGLE_TOLERANCE for part in wrong)
        bad = {part.label for part in wrong}
        right = tuple(dict.fromkeys(part.label for part in compared if part.label not in bad))
        evidence = self._evidence(case, wrong=parts_shown(wrong), right=right)
        how = "right to {digits} digits, not exact" if is_imprecise else "wrong"
        digits = int(-math.log10(max(part.error() for part in wrong))) if is_imprecise else 0
        text = message("{what} " + how, what=named(wrong), digits=digits)
        asked = (ask for begin, ask in OF_THE_LOSS.items() if right and all(label.startswith(begin) for label in bad))
        question = next(asked, None)
        raise CheckFailed("value", text, evidence, is_imprecise, question=question, wrong=tuple(wrong))

    def _close(self, part: Comparison, single: bool) -> bool:
        error = part.error()
        if error <= DOUBLE_TOLERANCE:
            return True
        if not (single or part.single) or not error <= SINGLE_TOLERANCE:
            return False
        if not single:
            self._note(SINGLE_NOTE)
        return True

    def _second(self, first: Returned, case: Case) -> Returned | None:
        """Return the answer to a second identical call, asked with the first where nothing was to be read between."""
        if not self._is_read:
            return first.again
        second = self._submitted.call(self._function, list(case.arguments))
        return second if isinstance(second, Returned) else None

    def _repeat(self, first: Returned, compared: list[Comparison], case: Case, expected: Expected) -> None:
        second = self._second(first, case)
        same = second is not None
        if second is not None and second.value is not first.value:
            try:
                again = self._compared(expected, self._read(second.value, case)[0], case)
                same = all(_same(one, other) for one, other in zip(compared, again, strict=True))
            except CheckFailed:  # a form that the first one did not have
                same = False
        if not same:
            text = message("called a second time with the same arguments, it answers differently")
            raise CheckFailed("repeat", text, Evidence(), question=KEPT)

    def _evidence(self, case: Case, **shown: Any) -> Evidence:
        given = arguments_shown(self._oracles.parameters(self._function), case.arguments)
        return Evidence(given, oracle=self._oracles.source(self._function), **shown)


def named(compared: list[Comparison]) -> str:
    """Return the parts of an answer with their verb: "`a1` and `b1` are"."""
    labels = list(dict.fromkeys(part.label for part in compared))
    if not labels[0]:
        return "the value is"
    if len(labels) == 1:
        return f"{quoted(labels[0])} is"
    shown = [quoted(label) for label in labels[:4]] + ["others"] * (len(labels) > 4)
    return f"{', '.join(shown[:-1])} and {shown[-1]} are"


def _trait(given: Returned) -> str:
    """Say what else there is to an answer that is wrong: "changed", "repeat" or ''."""
    if given.changed:
        return "changed"
    if given.again is None or given.again.value is given.value:
        return ""
    try:
        return "" if Outcome.of(given.value).arrays == Outcome.of(given.again.value).arrays else "repeat"
    except TypeError:
        return ""


def _same(first: Comparison, second: Comparison) -> bool:
    tolerance = SINGLE_TOLERANCE if first.single else DOUBLE_TOLERANCE
    return Comparison(first.label, ExpectedValue(first.got, first.expected.scale), second.got).error() <= tolerance
