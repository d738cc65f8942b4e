"""The readings in which a function may be right, in their order, and how a check has gone in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from autograder.grading.evaluation import CheckFailed
from autograder.grading.oracles import NO_ANSWER
from autograder.grading.outcomes import Observation
from autograder.model import CheckResult


class Reading(Enum):
    """How a function is called; it is right where any of them says so.

    AS_SUBMITTED: in the worker that serves all checks. FRESH_WORKER: in one in which no other function has run, so that
    nobody's leavings (a default dtype, a patched module) count. REFERENCE_HELPERS: with those functions above it in the
    exercise's table answered by the reference that are not right. ALL_REFERENCE_HELPERS: with all of them, for a helper
    may be right and yet raise at what this function gives it; one with crossed parameters by their places.
    """

    AS_SUBMITTED = "as submitted"
    FRESH_WORKER = "fresh worker"
    REFERENCE_HELPERS = "reference helpers"
    ALL_REFERENCE_HELPERS = "all reference helpers"


def further_readings(*, right_helpers: int, wrong_helpers: int, are_answered: bool) -> tuple[Reading, ...]:
    """Return how to try a function again that failed as submitted, in order, each in a worker of its own.

    Its helpers are the functions above it in the table, right as submitted or not. Where they are answered, that comes
    first: a function that asks none of them would fail in a fresh worker just so. One that is right by its checks may
    leave something behind (a patched module), and raise or answer wrongly at what only this function gives.
    """
    wrong = (Reading.REFERENCE_HELPERS,) if wrong_helpers else ()
    if not are_answered:
        return (Reading.FRESH_WORKER, *wrong)
    if not right_helpers:
        return (*wrong, Reading.FRESH_WORKER)
    return (Reading.ALL_REFERENCE_HELPERS, Reading.FRESH_WORKER, *wrong)


@dataclass
class Trial:
    """How a check has gone: its result so far, and why it failed in each reading.

    `has_asked`: calls of the function's were answered by the reference. `hang`: it ran late in its full time.
    `is_over`: no other reading would turn it, since in one of them it was alone, and nothing could be answered for it.
    """

    result: CheckResult
    failures: dict[Reading, CheckFailed] = field(default_factory=dict)
    passed: list[Observation] = field(default_factory=list)  # of its cases, once it has passed
    has_asked: bool = False
    hang: CheckFailed | None = None
    is_over: bool = False

    @property
    def shown(self) -> CheckFailed | None:
        """The failure to speak of: where wrong helpers were answered, what is left is the function's own."""
        helped = self.failures.get(Reading.REFERENCE_HELPERS)
        if self.has_asked and helped is not None:
            helped = self.failures.get(Reading.ALL_REFERENCE_HELPERS) or helped
            was_refused = helped.raised is not None and NO_ANSWER in helped.raised.text
            if not was_refused:
                return helped
        first = next(iter(self.failures.values()), None)
        # Who is told that something took too long should read how long it was waited for.
        return self.hang if first is not None and first.kind == "late" and self.hang else first

    @property
    def is_late(self) -> bool:
        """Whether the failure to speak of is that no answer came in time."""
        return self.shown is not None and self.shown.kind == "late"

    def is_endless(self, function: str) -> bool:
        """Whether this is a check of that function, which has had its full time and did not end."""
        is_own = self.result.check.function == function
        return is_own and self.hang is not None and self.result.outcome == "failed"

    def fails(
        self, failure: CheckFailed, reading: Reading, *, is_alone: bool, has_own: bool, asks: bool, is_patient: bool
    ) -> None:
        """Take down why it failed in a reading, and whether another one could turn it.

        `is_alone`: nothing else has run in that worker. `has_own`: functions above it in the table stood there as the
        student wrote them, one of which may be what is wrong; where all are answered, and it `asks` for none, it is the
        function itself. `is_patient`: it had its full time; a loop that never ends is not waited for again.
        """
        self.failures[reading] = failure
        self.has_asked = self.has_asked or asks
        if failure.kind == "lost" or (failure.kind == "late" and not is_patient):
            return
        if failure.kind == "late":
            self.hang = self.hang or failure
        self.is_over = self.is_over or (is_alone and not asks and not has_own)
