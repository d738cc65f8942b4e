"""The verdict on one check: the ways in which a student's function may be right, and what to say if none does it."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from autograder.grading.cases import CaseCache, CaseGenerator, CaseRecorder
from autograder.grading.evaluation import BREACH, SINGLE_NOTE, CheckFailed, Evaluator, Functions, OraclesDisagree
from autograder.grading.leftovers import reachable
from autograder.grading.oracles import NO_ANSWER, Oracles
from autograder.grading.seeds import seed_of
from autograder.host.answers import Frame
from autograder.host.session import Session, Way
from autograder.model import Check, CheckResult, Evidence, Message, Outcome, Violation, message

# What is said of a hidden check. Neither the case nor the text of an exception comes out: a student's code could put
# into its exceptions what it was called with.
HIDDEN = {
    "breach": BREACH,
    "raised": message("it raises an exception"),
    "lost": message("it gives no answer"),
    "unusable": message("it cannot be called"),
    "type": message("the answer is not of the kind that is due"),
    "shape": message("the answer has the wrong shape"),
    "finite": message("the answer is not finite"),
    "changed": message("an argument was changed in place"),
    "value": message("the values are wrong"),
    "repeat": message("called a second time with the same arguments, it answers differently"),
}


NO_VALUE = ("breach", "raised", "unusable")  # kinds of failures in which there is nothing to compare


@dataclass
class _Attempts:
    """The ways of passing a check that are left, and how the others failed.

    `asked`: some of them had calls answered by the reference. `alone_is_pointless`: a fresh worker would do the same.
    """

    ways: list[Way]
    failures: dict[Way, CheckFailed] = field(default_factory=dict)
    asked: bool = False
    alone_is_pointless: bool = False


@dataclass
class CheckRunner:
    """Runs checks against one submission. `unwritten` are the functions whose body is still empty."""

    session: Session
    oracles: Oracles
    reference: Functions | None
    seed: int
    secret: str
    unwritten: frozenset[str]
    repertoire: CaseCache = field(default_factory=CaseCache)
    printed: list[str] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    _worked: dict[str, Way] = field(default_factory=dict)  # by function: the way that was right last
    _outcomes: dict[str, Outcome] = field(default_factory=dict)
    _stands: dict[str, bool] = field(default_factory=dict)  # by function: whether all its checks passed as it stands
    _waiting: dict[str, _Attempts] = field(default_factory=dict)  # by check

    def decide(
        self, check: Check, body: Callable[[CaseRecorder, CaseGenerator], None], *, may_wait: bool = False
    ) -> CheckResult | None:
        """Run one check; the result's score is what it is worth by itself.

        With `may_wait`, None where what is left to try depends on how other checks of its helpers end; then it is to
        be decided again after those.
        """
        started = time.perf_counter()
        if may_wait and any(name in self._waiting for name in check.needs):
            self._waiting[check.name] = _Attempts(self._ways(check.function))
            return None
        result = self._skipped(check) or self._run(check, body, may_wait=may_wait)
        if result is None:
            return None
        self._outcomes[check.name] = result.outcome
        as_it_stands = result.outcome == "passed" and self._worked[check.function] is Way.SHARED
        self._stands[check.function] = as_it_stands and self._stands.get(check.function, True)
        seconds = time.perf_counter() - started
        return CheckResult(
            check, result.outcome, result.score, result.message, result.evidence, None, result.notes, seconds
        )

    def _skipped(self, check: Check) -> CheckResult | None:
        if self.session.problem is not None:
            return _failed(check, message("the file cannot be loaded: {text}", text=self.session.problem.text))
        missing = [self._outcomes[name] for name in check.needs if self._outcomes.get(name, "passed") != "passed"]
        if not missing:
            return None
        outcome: Outcome = "not_attempted" if missing[0] == "not_attempted" else "blocked"
        return CheckResult(check, outcome, 0)

    def _run(
        self, check: Check, body: Callable[[CaseRecorder, CaseGenerator], None], *, may_wait: bool
    ) -> CheckResult | None:
        attempts = self._waiting.pop(check.name, None) or _Attempts(self._ways(check.function))
        while attempts.ways:
            way = attempts.ways[0]
            if self._pointless(way, check.function, attempts):
                pass
            elif attempts.failures and self._pointless_with_right_helpers(way, check.function, attempts.failures):
                if may_wait:
                    self._waiting[check.name] = attempts
                    return None
            else:
                result = self._attempt(way, check, body, attempts)
                if result is not None:
                    return result
            del attempts.ways[:1]
        shown = _shown(attempts)
        if shown.breach is not None:
            self._violated(check.function, shown.breach)
        if check.visibility == "hidden":
            return _failed(check, HIDDEN[shown.kind])
        return _failed(check, shown.text, shown.evidence)

    def _attempt(
        self, way: Way, check: Check, body: Callable[[CaseRecorder, CaseGenerator], None], attempts: _Attempts
    ) -> CheckResult | None:
        """Try one way; None where it fails, with what that says of the ways that are left."""
        patient = self.session.patient
        try:
            notes = self._try(way, check, body)
        except CheckFailed as failure:
            if self._is_unwritten(check.function, failure):
                return CheckResult(check, "not_attempted", 0)
            attempts.failures[way] = failure
            attempts.asked = attempts.asked or self.session.questions > 0
            if way is Way.SHARED:
                as_if_alone = self.session.pristine or self._reachable is not None
                again_the_same = as_if_alone if failure.kind != "lost" else not patient
                attempts.alone_is_pointless = attempts.alone_is_pointless or again_the_same
            if failure.kind == "unusable" and check.function not in self.session.names:
                attempts.ways.clear()  # nor will it be there another time
            return None
        except OraclesDisagree as error:
            return CheckResult(check, "errored", 0, message("{text}", text=error))
        self._worked[check.function] = way
        return CheckResult(check, "passed", check.points, notes=notes)

    def _pointless(self, way: Way, function: str, attempts: _Attempts) -> bool:
        """Whether a way would end as another has: nothing it changes is of any consequence to the function."""
        shared = attempts.failures.get(Way.SHARED)
        if way is Way.ALONE:
            return attempts.alone_is_pointless
        if shared is None or shared.kind == "lost":
            return False
        if way is Way.HELPED:
            asks_nobody = self._reachable is not None and not self._reachable[function].intersection(
                self.session.above(function)
            )
            return asks_nobody and attempts.alone_is_pointless
        # With another value expected, what is no value stays none.
        alone = shared if attempts.alone_is_pointless else attempts.failures.get(Way.ALONE)
        return way is Way.COMPOSED and alone is not None and alone.kind in NO_VALUE

    @functools.cached_property
    def _reachable(self) -> dict[str, frozenset[str]] | None:
        if not self.session.is_whole:
            return None
        return reachable([cell.code for cell in self.session.cells], self.oracles.graded)

    def _pointless_with_right_helpers(self, way: Way, function: str, failures: dict[Way, CheckFailed]) -> bool:
        """Whether wrong values would stay the same: all that would be put in another's place is right as it stands.

        A helper is right once all its checks have passed, hidden ones too, which come later than the visible ones of
        its callers. Only for values: an exception may come from a call that the reference would have answered.
        """
        if way is Way.HELPED:
            helpers: Collection[str] = self.session.above(function)
        elif way is Way.COMPOSED:
            helpers = self.oracles.composed_of(function)
        else:
            return False
        only_values = all(failure.kind == "value" for failure in failures.values())
        return only_values and all(self._stands.get(helper, False) for helper in helpers)

    def _violated(self, function: str, place: Frame) -> None:
        """Note a breach, unless the place is none of the file's: a worker could say anything."""
        lines = {cell.label: cell.code.count("\n") + 1 for cell in self.session.cells}
        if not 1 <= place.line <= lines.get(place.label, 0):
            return
        in_notebook = place.label.startswith("cell ")  # where a line number alone says little
        text = message("{cell}: {text}", cell=place.label, text=BREACH) if in_notebook else BREACH
        violation = Violation("by-hand", function, place.line, text)
        if violation not in self.violations:
            self.violations.append(violation)

    def _ways(self, function: str) -> list[Way]:
        ways = [Way.SHARED]
        if self.session.above(function):
            ways.append(Way.HELPED)
        ways.append(Way.ALONE)
        if self.oracles.composed_of(function):
            ways.append(Way.COMPOSED)
        worked = self._worked.get(function)
        return sorted(ways, key=lambda way: way is not worked)

    def _try(self, way: Way, check: Check, body: Callable[[CaseRecorder, CaseGenerator], None]) -> tuple[Message, ...]:
        """Run a check in one way; the notes of a passed one. Imprecise answers get a case that is exact in float32."""
        try:
            return self._once(way, check, body, exact=False)
        except CheckFailed as failure:
            if not failure.imprecise:
                raise
            try:
                self._once(way, check, body, exact=True)
            except CheckFailed:
                raise failure from None
            return (SINGLE_NOTE,)

    def _once(
        self, way: Way, check: Check, body: Callable[[CaseRecorder, CaseGenerator], None], *, exact: bool
    ) -> tuple[Message, ...]:
        """Run a check in one way; where a kept worker fails, once more in a fresh one, as for the first check of it."""
        patient = self.session.patient
        try:
            return self._run_in(way, check, body, exact=exact)
        except CheckFailed as failure:
            if way is Way.SHARED or self.session.pristine or (failure.kind == "lost" and not patient):
                raise
        return self._run_in(way, check, body, exact=exact)

    def _run_in(
        self, way: Way, check: Check, body: Callable[[CaseRecorder, CaseGenerator], None], *, exact: bool
    ) -> tuple[Message, ...]:
        secret = self.secret if check.visibility == "hidden" else ""
        seed = seed_of(self.seed, secret, check.visibility, check.name)
        cases = self.repertoire.cases(check.name, body, seed, short=check.visibility == "visible", exact=exact)
        judging = Evaluator(check.function, self.oracles, self.reference, self.session, composed=way is Way.COMPOSED)
        self.session.begin(way, check.function, self.oracles.answer, hidden=check.visibility == "hidden")
        passed = False
        try:
            judging(cases)
            passed = True
        finally:
            printed = self.session.end(keep=passed)
            if check.visibility == "visible" and way is Way.SHARED:
                self.printed.append(printed)
        # A note may hold what the student's code put into it, and so the hidden case.
        return tuple(note for note in judging.notes if check.visibility == "visible" or note == SINGLE_NOTE)

    def _is_unwritten(self, function: str, failure: CheckFailed) -> bool:
        """Whether the function itself, not one it calls, says that it is not written yet."""
        raised = failure.raised
        if raised is not None and raised.type_name == "NotImplementedError":
            return bool(raised.trace) and raised.trace[-1].function == function
        return function in self.unwritten and failure.kind == "type"


def _shown(attempts: _Attempts) -> CheckFailed:
    """Choose the failure to speak of: the helped one where helpers were in play, since what is left is its own."""
    helped = attempts.failures.get(Way.HELPED)
    if attempts.asked and helped is not None and not (helped.raised is not None and NO_ANSWER in helped.raised.text):
        return helped
    return next(iter(attempts.failures.values()))


def _failed(check: Check, text: Message, evidence: Evidence | None = None) -> CheckResult:
    return CheckResult(check, "failed", 0, text, evidence)
