"""The verdict on each check: the readings in which a function may be right, and what to say where none is."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

import pytest

from autograder.grading.cases import CaseCache
from autograder.grading.collection import CollectedCheck
from autograder.grading.diagnosis import Diagnoser
from autograder.grading.evaluation import BREACH, SINGLE_NOTE, CheckFailed, Evaluator, OraclesDisagree
from autograder.grading.facts import fact
from autograder.grading.kinds import ASKS, failed_for
from autograder.grading.oracles import Oracles
from autograder.grading.readings import Reading, Trial, further_readings
from autograder.grading.revealing import revealed
from autograder.grading.seeds import seed_of
from autograder.grading.telling import ASKING, Source, reached, told, told_hidden
from autograder.host.answers import Frame
from autograder.host.in_process import ReferenceFunctions
from autograder.host.session import Session
from autograder.model import Check, CheckResult, Message, Outcome, Violation, message

WAITS = "waits for `{helper}`"
TOGETHER = "it fails together with `{helper}`, which is right by itself"
ENDLESS = "waits for `{helper}`, which does not end"
NO_TIME = message("there was no time left to try it again apart from the other functions")


class CheckRunner:
    """Runs the checks of an exercise against one submission, in two passes.

    First every check as submitted, the visible ones before the hidden ones, since a worker that knows hidden cases
    serves no visible check any more. Then each function that failed is tried again, in the order of the table.
    `unwritten` are the functions whose body is still empty.
    """

    def __init__(
        self,
        session: Session,
        oracles: Oracles,
        reference: ReferenceFunctions | None,
        seed: int,
        secret: str,
        unwritten: frozenset[str],
        cases: CaseCache,
        diagnoser: Diagnoser,
        visible_secret: str = "",
    ) -> None:
        """`visible_secret` draws the visible cases as `secret` does the hidden ones: no student has seen them then."""
        self._session, self._oracles, self._reference = session, oracles, reference
        self._seed, self._unwritten, self._cases = seed, unwritten, cases
        self._secrets = {"visible": visible_secret, "hidden": secret}
        self._diagnoser = diagnoser
        self._source = Source(session.cells, tuple(session.functions))
        self._trials: dict[str, Trial] = {}  # by check, in the order of the first pass
        self._right_as_submitted: frozenset[str] = frozenset()
        self._served: set[str] = set()  # the functions that have run in the worker at hand
        self.printed: list[str] = []

    def run(self, checks: Sequence[CollectedCheck]) -> tuple[CheckResult, ...]:
        """Return the result of each check, in order; its score is what it is worth by itself."""
        in_order = sorted(checks, key=lambda each: each.check.visibility == "hidden")
        for each in in_order:
            self._try(each, Reading.AS_SUBMITTED)
        if self._session.problem is None:
            functions = tuple(dict.fromkeys(each.check.function for each in checks))
            failed = {result.check.function for result in self._results() if result.outcome != "passed"}
            self._right_as_submitted = frozenset(functions) - failed
            # Where each worker takes long, those first that are likeliest to be right: the callers of wrong helpers.
            for function in reversed(functions) if self._session.loads_slowly else functions:
                self._second_pass(function, [each for each in in_order if each.check.function == function])
        for name in {each.check.function for each in checks}:
            with suppress(Exception):  # a name is not worth a verdict; `course check` goes through all of the bank
                self._explain([trial for trial in self._trials.values() if trial.result.check.function == name])
        return tuple(self._trials[each.check.name].result for each in checks)

    def _explain(self, own: Sequence[Trial]) -> None:
        """Add to a function's results what explains all that it has answered in its checks: a mistake, or a fact."""
        failed = [trial for trial in own if trial.result.outcome == "failed" and trial.shown is not None]
        failures = [trial.shown for trial in failed if trial.shown is not None]
        if not failures:
            return
        function = failed[0].result.check.function
        passed = [each for trial in own if trial.result.outcome == "passed" for each in trial.passed]
        observations = [*passed, *(each for failure in failures for each in failure.observations)]
        diagnosis = self._diagnoser.diagnose(function, observations, failures[0].kind)
        is_hidden = failed[0].result.check.visibility == "hidden"
        open_ones = [trial for trial in own if trial.result.check.visibility == "visible"]
        shown = [each.case for trial in open_ones for each in trial.passed]
        shown += [each.case for trial in open_ones if trial.shown for each in trial.shown.observations]
        labels = self._oracles.labels(function)
        known = None
        tells = failures[0].kind == "value" or (is_hidden and failures[0].kind in ("raised", "finite"))
        if diagnosis is None and tells and not failures[0].is_imprecise:
            known = fact(self._diagnoser, labels, function, observations, shown)
        for trial in failed:
            trial.result = replace(trial.result, diagnosis=diagnosis)
        if known is not None:
            question = failed[0].result.question if known.question is None else known.question
            failed[0].result = replace(failed[0].result, message=known.text, question=question)
        elif is_hidden and failures[0].kind in ASKING:
            self._tell_kinds(failed[0], failures[0])

    def _tell_kinds(self, trial: Trial, failure: CheckFailed) -> None:
        """Say which of the cases that a hidden check names are wrong, where it is these alone."""
        check, said = trial.result.check, trial.result.message
        kinds = failed_for(self._diagnoser, check.function, check.summary, failure.observations)
        if kinds and said is not None:
            text = message(f"{said.template}; it failed for: {{kinds}}", kinds=", ".join(kinds))
            question = ASKS.get(kinds[0], trial.result.question) if len(kinds) == 1 else trial.result.question
            trial.result = replace(trial.result, message=text, question=question)

    def _results(self) -> Iterator[CheckResult]:
        return (trial.result for trial in self._trials.values())

    def revealed(self, results: Sequence[CheckResult]) -> tuple[CheckResult, ...]:
        """Return results in which hidden checks that failed are told in full."""
        return tuple(
            revealed(each, failure, self._oracles, self._reference)
            if each.check.visibility == "hidden"
            and each.outcome == "failed"
            and (failure := self._trials[each.check.name].shown)
            else each
            for each in results
        )

    def charged(self) -> frozenset[str]:
        """Return the functions that fail a check and have broken the by-hand rule in it, whatever line they tell."""
        failed = [trial for trial in self._trials.values() if trial.result.outcome == "failed"]
        return frozenset(
            trial.result.check.function
            for trial in failed
            if any(failure.breach is not None for failure in trial.failures.values())
        )

    def violations(self) -> tuple[Violation, ...]:
        """Return where the by-hand rule was broken, in the lines of the functions that failed for it.

        What only a hidden check has found is told at the function's definition: a line is the worker's word, which
        could tell what it was asked.
        """
        found: dict[str, dict[Violation, None]] = {}
        for trial in self._trials.values():  # the visible checks come first
            check, failure = trial.result.check, trial.shown
            if trial.result.outcome != "failed" or failure is None or failure.breach is None:
                continue
            is_visible = check.visibility == "visible"
            if is_visible or check.function not in found:
                place = failure.breach if is_visible else self._definition(check.function)
                violations = found.setdefault(check.function, {})
                violations.update(dict.fromkeys(self._violation(check.function, place)))
        return tuple(violation for violations in found.values() for violation in violations)

    def _second_pass(self, function: str, checks: Sequence[CollectedCheck]) -> None:
        """Try a function's failed checks again: a bug costs only the function that has it, and nobody else's leavings.

        Where a helper is wrong, that is mostly all there is: it is answered at once, in the worker at hand, unless this
        function has run there. What fails there too goes through the readings, each in a worker of its own: what an
        earlier try has left behind, a breach it has tried out, must not make it right.
        """
        helpers = self._session.above(function)
        if not self._oracles.answers_helpers and self._is_left_to_later(checks, helpers):
            return
        spoilt = [name for name in helpers if name not in self._right_as_submitted]
        wrong = [name for name in helpers if not self._is_right(name)] or spoilt
        hangs = any(self._trials[each.check.name].hang for each in checks) and not wrong
        # Or another function's endless loop would cost a slow one that is right its points.
        self._session.be_patient(not hangs)
        if wrong and any(True for _ in self._open(checks)):
            # A worker that answers what is not above this function might answer for it.
            if function in self._served or not self._session.answered <= set(helpers):
                self._session.open_worker()
            for each in self._open(checks):
                self._session.answer_by_reference(wrong, self._oracles.answer)
                self._try(each, Reading.REFERENCE_HELPERS, is_last_word=False)
                if self._trials[each.check.name].result.outcome != "passed":
                    break
        are_answered = self._oracles.answers_helpers
        right = len(helpers) - len(spoilt)
        readings = further_readings(right_helpers=right, wrong_helpers=len(spoilt), are_answered=are_answered)
        answered = {Reading.REFERENCE_HELPERS: spoilt, Reading.ALL_REFERENCE_HELPERS: helpers}
        self._try_apart([each for each in checks if not self._is_unattempted(each)], readings, answered)

    def _is_left_to_later(self, checks: Sequence[CollectedCheck], helpers: Sequence[str]) -> bool:
        """Whether a function is late after one above it that does not end; at home one such wait is enough."""
        late = [trial for each in checks if (trial := self._trials[each.check.name]).is_late]
        endless = [trial.result for name in helpers for trial in self._trials.values() if trial.is_endless(name)]
        if not late or not endless:
            return False
        for trial in late:
            text = message(ENDLESS, helper=endless[0].check.function)
            trial.result = replace(trial.result, outcome="blocked", message=text, evidence=None, question=None)
        return True

    def _open(self, checks: Sequence[CollectedCheck]) -> Iterator[CollectedCheck]:
        """Yield the checks that another reading may still turn, each when it is its turn."""
        for each in checks:
            trial = self._trials[each.check.name]
            is_open = trial.result.outcome in ("failed", "blocked") or self._is_unattempted(each)
            if is_open and not self._is_over(trial) and not self._is_missing(trial) and self._has_time(trial):
                yield each

    def _is_over(self, trial: Trial) -> bool:
        """Whether no reading would turn a check, or it has run late as another of its function that none would turn."""
        own = [each for each in self._trials.values() if each.result.check.function == trial.result.check.function]
        return trial.is_over or (trial.is_late and any(each.is_over for each in own))

    def _is_unattempted(self, collected: CollectedCheck) -> bool:
        """Whether a function that is written says that it is not, perhaps for want of a helper."""
        is_unattempted = self._trials[collected.check.name].result.outcome == "not_attempted"
        return is_unattempted and collected.check.function not in self._unwritten

    def _has_time(self, trial: Trial) -> bool:
        """Whether a check can be tried again; one that cannot says so."""
        if not self._session.has_time:
            trial.result = replace(trial.result, notes=(NO_TIME,))
        return self._session.has_time

    def _is_right(self, function: str) -> bool:
        """Whether all checks of a function have passed by now; one that is not graded may be wrong."""
        own = [result for result in self._results() if result.check.function == function]
        return bool(own) and all(result.outcome == "passed" for result in own)

    def _try_apart(
        self,
        checks: Sequence[CollectedCheck],
        readings: Sequence[Reading],
        answered: Mapping[Reading, Sequence[str]],
    ) -> None:
        """Go through the readings, each check first in the one to which those before it have led."""
        reading: Reading | None = None
        for each in self._open(checks):
            trial, left = self._trials[each.check.name], [*readings]
            if reading is not None:
                left.remove(reading)
                self._try(each, reading)
            # What it needs may have passed since, in a function above.
            is_due = trial.result.outcome == "blocked" and reading is None and not self._skipped(each.check)
            while left and not trial.is_over and (is_due or trial.result.outcome == "failed"):
                reading, is_due = left.pop(0), False
                self._session.open_worker()
                if reading in answered:
                    by_place = reading is Reading.ALL_REFERENCE_HELPERS
                    answerer = self._oracles.answer_in_turn if by_place else self._oracles.answer
                    self._session.answer_by_reference(answered[reading], answerer)
                self._try(each, reading)

    def _is_missing(self, trial: Trial) -> bool:
        """Whether the file defines nothing of the function's name, which will not be there another time either."""
        is_unusable = any(failure.kind == "unusable" for failure in trial.failures.values())
        return is_unusable and trial.result.check.function not in self._session.names

    def _try(self, collected: CollectedCheck, reading: Reading, *, is_last_word: bool = True) -> None:
        """Run a check in one reading and take down what comes of it, with the time that all readings took.

        `is_last_word`: what fails where something else has run gets a worker of its own.
        """
        check = collected.check
        started = time.perf_counter()
        trial = self._trials.setdefault(check.name, Trial(CheckResult(check, "failed", 0)))
        result = self._skipped(check) or self._result(collected, reading, trial, is_last_word)
        seconds = trial.result.seconds + time.perf_counter() - started
        trial.result = replace(result, seconds=seconds)

    def _skipped(self, check: Check) -> CheckResult | None:
        if self._session.problem is not None:
            return _failed(check, message("the file cannot be loaded: {text}", text=self._session.problem.text))
        outcomes = [self._trials[name].result.outcome for name in check.needs if name in self._trials]
        missing = [outcome for outcome in outcomes if outcome != "passed"]
        if not missing:
            return None
        outcome: Outcome = "not_attempted" if missing[0] == "not_attempted" else "blocked"
        return CheckResult(check, outcome, 0)

    def _result(self, collected: CollectedCheck, reading: Reading, trial: Trial, is_last_word: bool) -> CheckResult:
        """Run a check in one reading; one that raises anything but a verdict is the grader's fault, and says so."""
        check, is_patient = collected.check, self._session.is_patient
        try:
            return CheckResult(check, "passed", check.points, notes=self._notes(collected, reading, is_last_word))
        except CheckFailed as failure:
            if self._is_unwritten(check.function, failure):
                return CheckResult(check, "not_attempted", 0)
            if not self._oracles.answers_helpers and self._session.questions:
                return self._waits(check)
            shown = self._taken_down(trial, reading, failure, is_patient)
        except OraclesDisagree as error:
            return CheckResult(check, "errored", 0, message("{text}", text=error))
        except (Exception, pytest.skip.Exception, pytest.fail.Exception) as error:  # noqa: BLE001
            return CheckResult(check, "errored", 0, message("the grader failed: {error}", error=repr(error)))
        if check.visibility == "hidden":
            return told_hidden(check, shown.kind)
        return told(check, shown, self._oracles.parameters(check.function), self._source)

    def _waits(self, check: Check) -> CheckResult:
        """Return that a function waits for one it calls, which nobody answers in a student kit."""
        helper = self._session.first_asked
        text = message(TOGETHER if self._is_right(helper) else WAITS, helper=helper)
        return CheckResult(check, "blocked", 0, text)

    def _taken_down(self, trial: Trial, reading: Reading, failure: CheckFailed, was_patient: bool) -> CheckFailed:
        """Add a failure to a trial; return the one to speak of by now."""
        session = self._session
        own = [name for name in session.above(trial.result.check.function) if name not in session.answered]
        if failure.kind == "late" and session.answered:
            own = [name for name in own if not self._is_right(name)]  # which comes to its end
        trial.fails(
            failure,
            reading,
            is_alone=session.is_pristine,
            has_own=bool(own),
            asks=session.questions > 0,
            is_patient=was_patient,
        )
        return trial.shown or failure

    def _notes(self, collected: CollectedCheck, reading: Reading, is_last_word: bool) -> tuple[Message, ...]:
        """Return the notes of a check that passes; what fails where another check has run gets a worker of its own."""
        try:
            return self._in_worker(collected, reading)
        except CheckFailed as failure:
            is_late = failure.kind in ("late", "lost") and not self._session.is_patient
            if reading is Reading.AS_SUBMITTED or not is_last_word or is_late or self._session.is_pristine:
                raise
        self._session.open_worker(keep_helpers=True)
        return self._in_worker(collected, reading)

    def _in_worker(self, collected: CollectedCheck, reading: Reading) -> tuple[Message, ...]:
        """Run a check in the current worker. Imprecise answers get a case that is exact in float32, too."""
        try:
            return self._once(collected, reading, exact=False)
        except CheckFailed as failure:
            if not failure.is_imprecise:
                raise
            try:
                self._once(collected, reading, exact=True)
            except CheckFailed:
                raise failure from None
            self._trials[collected.check.name].passed = [*failure.observations]  # with digits that tell mistakes apart
            return (SINGLE_NOTE,)

    def _once(self, collected: CollectedCheck, reading: Reading, *, exact: bool) -> tuple[Message, ...]:
        check = collected.check
        is_visible = check.visibility == "visible"
        seed = seed_of(self._seed, self._secrets[check.visibility], check.visibility, check.name)
        cases = self._cases.cases(check.name, collected.body, seed, short=is_visible, exact=exact)
        evaluator = Evaluator(check.function, self._oracles, self._reference, self._session)
        self._session.begin(hidden=not is_visible)
        if self._session.is_pristine:
            self._served.clear()
        self._served.add(check.function)
        try:
            evaluator(cases)
            self._trials[check.name].passed = evaluator.observations
        finally:
            printed = self._session.end()
            if is_visible and reading is Reading.AS_SUBMITTED:
                self.printed.append(printed)
        # A note may hold what the student's code put into it, and so the hidden case.
        return tuple(note for note in evaluator.notes if is_visible or note == SINGLE_NOTE)

    def _is_unwritten(self, function: str, failure: CheckFailed) -> bool:
        """Whether the function itself, not one it calls, says that it is not written yet."""
        raised = failure.raised
        if raised is not None and raised.type_name == "NotImplementedError":
            last = raised.trace[-1] if raised.trace else None
            return last is not None and last.function == function and self._source.is_stub(last, function)
        return function in self._unwritten and failure.kind == "type"

    def _violation(self, function: str, place: Frame) -> Iterator[Violation]:
        """Yield the breach at a place, unless it is none of the file's: a worker says anything."""
        lines = {cell.label: cell.code.split("\n") for cell in self._session.cells}
        if 1 <= place.line <= len(lines.get(place.label, ())):
            what = reached(lines[place.label][place.line - 1], self._session.forbidden) or BREACH
            in_notebook = place.label.startswith("cell ")  # where a line number alone says little
            text = message("{cell}: {text}", cell=place.label, text=what) if in_notebook else what
            yield Violation("by-hand", function, place.line, text)

    def _definition(self, function: str) -> Frame:
        """Return where a function is defined, as far as the text tells; else the file's first line."""
        begins = re.compile(rf"^[ \t]*(?:(?:async[ \t]+)?def[ \t]+{function}\b|{function}[ \t]*[:=])", re.MULTILINE)
        cells = self._session.cells
        found = [(cell.label, match.start()) for cell in cells for match in begins.finditer(cell.code)]
        label, start = found[-1] if found else (cells[0].label, 0)
        before = next(cell.code for cell in cells if cell.label == label)[:start]
        return Frame(label, before.count("\n") + 1, function, "")


def _failed(check: Check, text: Message) -> CheckResult:
    return CheckResult(check, "failed", 0, text)
