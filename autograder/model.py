"""What the grader talks about: submissions, checks and reports. Frozen values, standard library only."""

import re
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Any, Literal

from autograder.exercise import Exercise

Outcome = Literal["passed", "failed", "not_attempted", "blocked", "errored"]
Visibility = Literal["visible", "hidden"]
Isolation = Literal["sandbox", "process"]
Credit = Literal["function", "check"]


@dataclass(frozen=True)
class Limits:
    """What one worker may use, and a submission in all; seconds are wall time, sizes are bytes."""

    submission_seconds: float = 120.0
    load_seconds: float = 30.0
    call_seconds: float = 6.0
    # Once calls have run late this often, the rest of a submission gets `impatient_seconds` a call.
    patience: int = 1
    impatient_seconds: float = 1.5
    memory: int = 2 << 30  # on top of what the worker holds when it starts
    file_size: int = 32 << 20
    open_files: int = 64
    processor_seconds: int = 120
    output: int = 64 << 10  # printed text that is kept; the rest is read and dropped
    answer: int = 64 << 20  # one answer on the pipe
    questions: int = 2000  # that one call may ask in place of its helpers


@dataclass(frozen=True)
class GradingSpec:
    """What is graded by, and how.

    `isolation` is insisted on; None is a sandbox where the system has what it takes. `seed` draws the visible cases;
    the hidden ones also depend on `secret` and, with a `salt`, on the student, who gets the same ones each time.
    `functions`: only these; all where there are none. `credit`: a function earns its points by all of its checks
    together, or by each of them. `with_revealed`: hidden checks that fail are told in full, for an instructor.
    """

    exercise: Exercise
    isolation: Isolation | None = None
    seed: int = 0
    secret: str = ""
    salt: str = ""
    functions: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    with_fingerprint: bool = False
    credit: Credit = "function"
    with_revealed: bool = False


@dataclass(frozen=True)
class Message:
    """A sentence for a reader: `template` is the untranslated text, `values` fill its braces."""

    template: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.template.format(**dict(self.values))


def message(template: str, **values: object) -> Message:
    """Return the message of a template and its values, which are shown as `str` shows them."""
    return Message(template, tuple((name, str(value)) for name, value in values.items()))


@dataclass(frozen=True)
class Cell:
    """A piece of a submission that is run on its own; `label` names it to its author ("cell 3", "exercise2.py")."""

    label: str
    code: str


@dataclass(frozen=True)
class Problem:
    """Why a file or a cell could not be run; `lines` show the place (a line with its caret, or a traceback)."""

    text: Message
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Submission:
    """A student's file, decoded once; a script is one cell, a notebook one for each code cell.

    `problem` is set, and `cells` empty, where the bytes cannot be decoded as Python's own reader would.
    """

    student: str
    path: Path
    sha256: str
    cells: tuple[Cell, ...]
    is_notebook: bool = False
    problem: Problem | None = None


@dataclass(frozen=True)
class ForeignValue:
    """A value of an unusual form that crossed the pipe: `value` is its plain equivalent, None where it has none."""

    type_name: str
    value: object = None


@dataclass(frozen=True)
class WrongPart:
    """A part of an answer that is wrong, beside what is expected; `name` is '' for the whole answer."""

    name: str
    yours: str
    expected: str


@dataclass(frozen=True)
class Evidence:
    """What a visible check may show, ready to print; a matrix has a line for each row.

    `case` holds the arguments by name, `wrong` the parts of the answer that are wrong, `oracle` where the expected
    values come from, `trace` the student's own lines that raised, `right` the parts that are right already, `python`
    what Python says of an exception.
    """

    case: tuple[tuple[str, str], ...] = ()
    wrong: tuple[WrongPart, ...] = ()
    oracle: str = ""
    trace: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    python: str = ""


@dataclass(frozen=True)
class RevealedPart:
    """A part of an answer to a hidden case: what came, what is expected, what the reference gives."""

    name: str
    yours: str
    expected: str
    reference: str


@dataclass(frozen=True)
class Revealed:
    """A hidden check that failed, in full: for an instructor, and in nothing that a student gets.

    `message` is what is wrong, `case` holds the arguments by name, `answer` the whole answer where no part of it could
    be compared; `oracle`, `trace` and `python` are as in Evidence.
    """

    message: Message
    case: tuple[tuple[str, str], ...] = ()
    parts: tuple[RevealedPart, ...] = ()
    answer: str = ""
    oracle: str = ""
    trace: tuple[str, ...] = ()
    python: str = ""


@dataclass(frozen=True)
class Check:
    """One property of one function; `summary` and `hint` are sentences that students read."""

    name: str
    function: str
    summary: str
    visibility: Visibility
    points: int
    needs: tuple[str, ...]
    hint: str


def looks_at(summary: str) -> list[str]:
    """Return what a hidden check looks at, by its summary: "works for one sample, for many, and in float32".

    A summary of another form is one such thing.
    """
    if not summary.startswith("works "):
        return [summary]
    parts = re.split(r",? and (?=(?:for|in|with)\b)|, ", summary.removeprefix("works "))
    return [re.sub(r"^(?:and )?(?:for|in|with) ", "", part) for part in parts]


@dataclass(frozen=True)
class Diagnosis:
    """The mistake that explains a wrong answer, and a question that leads on; '' where the check's own does."""

    id: str
    text: Message
    question: str = ""


@dataclass(frozen=True)
class CheckResult:
    """What became of a check; `score` are the points that it has earned.

    `question` is what to ask in place of the check's hint, '' for nothing, None for the hint. `revealed` is there of
    hidden checks that failed, where the spec asks for it.
    """

    check: Check
    outcome: Outcome
    score: int
    message: Message | None = None
    evidence: Evidence | None = None
    diagnosis: Diagnosis | None = None
    notes: tuple[Message, ...] = ()
    seconds: float = 0.0
    question: str | None = None
    revealed: Revealed | None = None


@dataclass(frozen=True)
class FunctionResult:
    """The verdict on one function; `line` is where a script defines it, None where it does not or in a notebook."""

    name: str
    score: int
    max_score: int
    outcome: Outcome
    line: int | None


@dataclass(frozen=True)
class Violation:
    """A breach of the by-hand rule: which rule, in which function, on which line."""

    rule: str
    function: str
    line: int
    text: Message


@dataclass(frozen=True)
class GraderRecord:
    """Who judged, and under which conditions, so that a verdict can be had again."""

    version: str
    checks_sha256: str
    python: str
    torch: str
    isolation: Isolation
    seed: int


@dataclass(frozen=True)
class Report:
    """The verdict on one submission, from which every output format is made.

    `problem` says why the file could not be loaded; then no check has passed. `notes` are about the file as a whole
    (a notebook cell that stopped). `printed` is what the submission's code printed while it was loaded and in
    visible checks. `fingerprint` are the hashes by which near-identical files are found, where the spec asks for them.
    `is_hurried`: a deadline has decided while the machine was busy, so that a calm one may decide otherwise. `credit`
    is how a function earns its points.
    """

    exercise: Exercise
    submission: Submission
    functions: tuple[FunctionResult, ...]
    checks: tuple[CheckResult, ...]
    violations: tuple[Violation, ...]
    grader: GraderRecord
    seconds: float
    problem: Problem | None = None
    notes: tuple[Problem, ...] = ()
    printed: str = ""
    fingerprint: tuple[int, ...] = ()
    is_hurried: bool = False
    credit: Credit = "function"

    @property
    def score(self) -> int:
        return sum(function.score for function in self.functions)

    @property
    def max_score(self) -> int:
        return sum(function.max_score for function in self.functions)


@dataclass(frozen=True)
class CountedScore:
    """What a submission earned, and what counts of it; `seconds_late` is None where there is no deadline."""

    earned: int
    counts: Decimal
    seconds_late: float | None = None

    @property
    def penalty(self) -> Decimal:
        """What lateness took."""
        return self.earned - self.counts

    @property
    def hours_late(self) -> Decimal | None:
        """Hours with two decimals, rounded up, so that nothing is 0 that was late."""
        if self.seconds_late is None:
            return None
        return (Decimal(self.seconds_late) / 3600).quantize(Decimal("0.01"), ROUND_CEILING)


@dataclass(frozen=True)
class ClassRow:
    """One student's result in a class, as it is stored.

    `file` is the submission's path inside the folder of submissions; `raw_score` what it earned and `score` what
    counts after a late penalty; `handed_in` is when it came (ISO 8601) and `seconds_late` how late, None and 0 where
    there is no deadline. `report` is the JSON report of the contract's section 4, `fingerprint` the hashes by which
    near-identical files are found. `is_errored` says that the grader failed on it: its score is no verdict.
    """

    student: str
    file: str
    sha256: str
    raw_score: int
    score: float
    max_score: int
    seconds_late: float
    seconds: float
    report: dict[str, Any]
    fingerprint: tuple[int, ...] = ()
    is_errored: bool = False
    handed_in: str | None = None

    @property
    def counted(self) -> CountedScore:
        """The same three numbers for every form that tells of them."""
        late = None if self.handed_in is None else self.seconds_late
        return CountedScore(self.raw_score, Decimal(str(self.score)), late)
