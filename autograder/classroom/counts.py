"""What is kept of a class while its rows go by, for the page about it: counts, and a few examples of each thing."""

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from autograder.classroom.names import file_stem
from autograder.exercise import Exercise
from autograder.model import ClassRow
from autograder.report import words

LISTED = 25  # students in a list; the table of all students has the others
NAMED, NAMED_OF_MANY, MANY = 400, 25, 400  # students behind a number; of a class of more than that many, fewer
EXPLAINED = 3  # students of whom a hidden check is told in full; the reports of all have it
DIFFERENT = 1000  # texts that are counted apart; those that come later are "others"
LONGEST_NAME, LONGEST_TEXT = 80, 300  # characters
UNLOADABLE = "the file cannot be loaded: "  # how the message of each check begins, where nothing could be run
MISSING = "there is no `"  # and one of a function that the file does not have
NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)
OUTCOMES = ("right", "partly", "wrong", "not_written", "not_loaded")
TRIED = OUTCOMES[:3]


@dataclass(frozen=True, slots=True)
class StudentResult:
    """What is kept of one row; `outcomes` has a word of `OUTCOMES` for each function, `points` its points.

    `handed_in` is a moment, or '' where nobody knows; `mistakes` are the known ones, as function and id.
    """

    name: str
    score: float
    raw_score: int
    penalty: Decimal
    seconds_late: float
    seconds: float
    outcomes: tuple[str, ...]
    points: tuple[int, ...]
    is_breach: bool
    is_errored: bool
    is_loaded: bool
    handed_in: str = ""
    mistakes: tuple[tuple[str, str], ...] = ()

    @property
    def tried(self) -> int:
        """How many functions are written."""
        return sum(outcome in TRIED for outcome in self.outcomes)

    @property
    def shown(self) -> str:
        """The name, fit to be shown."""
        return words.clean(self.name, LONGEST_NAME)

    @property
    def link(self) -> str:
        """The address of what this student may see, from beside the page."""
        return f"feedback/{quote(file_stem(self.name), safe='')}.html"


@dataclass
class Tally:
    """Counts texts that differ in their numbers only as one; `others` are those that came when there were too many."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    others: int = 0

    def add(self, text: str) -> None:
        text = words.clean(text, LONGEST_TEXT)
        pattern = NUMBER.sub("0", text)
        if pattern not in self.counts and len(self.counts) >= DIFFERENT:
            self.others += 1
            return
        self.counts[pattern] += 1
        self.examples[pattern] = min(text, self.examples.get(pattern, text))

    def commonest(self, limit: int) -> list[tuple[str, int]]:
        """Return the commonest texts, one example of each, with their counts."""
        ranked = sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))
        return [(self.examples[pattern], count) for pattern, count in ranked[:limit]]

    def left_out(self, limit: int) -> int:
        """Return how many texts, counted one by one, are not among the commonest."""
        return self.counts.total() + self.others - sum(count for _, count in self.commonest(limit))


@dataclass
class Shared:
    """What several students have in common: how many, the first of them with a remark each, and what was said."""

    count: int = 0
    first: list[tuple[StudentResult, str]] = field(default_factory=list)
    texts: Tally = field(default_factory=Tally)

    def add(self, student: StudentResult, text: str, remark: str = "") -> None:
        self.count += 1
        self.texts.add(text)
        if len(self.first) < NAMED:
            self.first.append((student, remark))


@dataclass
class CheckCounts:
    """What became of one check in the class; `outcomes` are those of the report.

    `failing` are those whom it fails, with the messages; `explained` the first of them of a hidden one, with the
    report's entry for instructors.
    """

    name: str
    function: str
    summary: str
    visibility: str
    outcomes: Counter[str] = field(default_factory=Counter)
    failing: Shared = field(default_factory=Shared)
    explained: list[tuple[StudentResult, Mapping[str, Any]]] = field(default_factory=list)

    @property
    def run(self) -> int:
        """How many submissions the check has judged."""
        return self.outcomes["passed"] + self.outcomes["failed"]

    @property
    def failed(self) -> int:
        """How many of those it failed."""
        return self.outcomes["failed"]


@dataclass
class ClassCounts:
    """All that is kept of a class; `diagnoses` and `breaches` are by function and kind, `files` by their digest."""

    exercise: Exercise
    students: list[StudentResult] = field(default_factory=list)
    prints: dict[str, Sequence[int]] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    checks: dict[str, CheckCounts] = field(default_factory=dict)
    diagnoses: dict[tuple[str, str], Shared] = field(default_factory=lambda: defaultdict(Shared))
    breaches: dict[tuple[str, str], Shared] = field(default_factory=lambda: defaultdict(Shared))
    unloadable: Tally = field(default_factory=Tally)
    errors: list[tuple[StudentResult, list[tuple[str, str]]]] = field(default_factory=list)
    graders: Counter[str] = field(default_factory=Counter)

    def add(self, row: ClassRow) -> None:
        student = _student(row, self.exercise)
        self.students.append(student)
        if row.fingerprint:
            self.prints[row.student] = array("Q", row.fingerprint)
            self.files[row.sha256].append(row.student)
        if student.is_errored:
            if len(self.errors) < LISTED:
                self.errors.append((student, _errors(row.report)))
            return
        self.graders[_grader(row.report["grader"])] += 1
        if not student.is_loaded:
            self.unloadable.add(row.report["checks"][0]["message"].removeprefix(UNLOADABLE))
            return
        self._add_checks(student, row.report["checks"])
        for entry in row.report.get("instructor", []):
            found = self.checks[entry["check"]].explained
            if len(found) < EXPLAINED:
                found.append((student, entry))
        for key, violation in _first_of(row.report["violations"], "rule").items():
            self.breaches[key].add(student, violation["text"], f"line {violation['line']}")

    def _add_checks(self, student: StudentResult, checks: Iterable[Mapping[str, Any]]) -> None:
        for check in checks:
            counts = self.checks.get(check["name"])
            if counts is None:
                named = (check[name] for name in ("name", "function", "summary", "visibility"))
                counts = self.checks[check["name"]] = CheckCounts(*named)
            counts.outcomes[check["outcome"]] += 1
            if check["outcome"] == "failed":
                counts.failing.add(student, check["message"])
        for key, text in mistakes_in(checks).items():
            self.diagnoses[key].add(student, text)

    @property
    def named(self) -> int:
        """How many students are named behind a number."""
        return NAMED if len(self.students) <= MANY else NAMED_OF_MANY

    def tried(self, function: str) -> int:
        """Return how many have written a function, in a file that loads."""
        place = [name for name, _ in self.exercise.functions].index(function)
        return sum(student.outcomes[place] in TRIED for student in self.judged)

    def mistakes(self) -> Iterator[tuple[str, int, list[tuple[str, Shared]]]]:
        """Yield each function with known mistakes, how many tried it, and the mistakes by id, the commonest first."""
        for function, _ in self.exercise.functions:
            own = [(kind, shared) for (name, kind), shared in self.diagnoses.items() if name == function]
            if own:
                yield function, self.tried(function), sorted(own, key=lambda one: (-one[1].count, one[0]))

    @property
    def judged(self) -> list[StudentResult]:
        return [student for student in self.students if not student.is_errored]


def mistakes_in(checks: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """Return what the checks of a report call the mistakes, by function and id, each once."""
    found = [{"function": check["function"], **check["diagnosis"]} for check in checks if check["diagnosis"]]
    return {key: diagnosis["text"] for key, diagnosis in _first_of(found, "id").items()}


def _student(row: ClassRow, exercise: Exercise) -> StudentResult:
    checks, functions = row.report.get("checks", []), row.report.get("functions", [])
    missing = {check["function"] for check in checks if (check["message"] or "").startswith(MISSING)}
    by_name = {function["name"]: function for function in functions if function["name"] not in missing}
    is_loaded = not checks or not all(check["message"].startswith(UNLOADABLE) for check in checks)
    return StudentResult(
        row.student,
        row.score,
        row.raw_score,
        row.counted.penalty,
        row.seconds_late,
        row.seconds,
        tuple(_outcome(by_name.get(name)) if is_loaded else "not_loaded" for name, _ in exercise.functions),
        tuple(by_name[name]["score"] if name in by_name else 0 for name, _ in exercise.functions),
        is_breach=bool(row.report.get("violations")),
        is_errored=row.is_errored or any(function["outcome"] == "errored" for function in functions),
        is_loaded=is_loaded,
        handed_in=words.moment(row.handed_in) if row.handed_in else "",
        mistakes=tuple(mistakes_in(checks)),
    )


def _outcome(function: Mapping[str, Any] | None) -> str:
    if function is None or function["outcome"] in ("not_attempted", "blocked"):
        return "not_written"
    if function["score"] == function["max_score"]:
        return "right"
    return "partly" if function["score"] else "wrong"


def _errors(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the checks that the grader failed in, with what it said."""
    errored = [check for check in report.get("checks", []) if check["outcome"] == "errored"]
    return [(check["name"], words.clean(check["message"], LONGEST_TEXT)) for check in errored]


def _grader(grader: Mapping[str, Any]) -> str:
    place = "in a sandbox" if grader["isolation"] == "sandbox" else "in processes of their own, without a sandbox"
    return (
        f"version {grader['version']}, checks {grader['checks_sha256'][:12]}, Python {grader['python']}, "
        f"torch {grader['torch']}, {place}"
    )


def _first_of(items: Iterable[Mapping[str, Any]], kind: str) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Return a student's first item of each kind in each function."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for item in items:
        found.setdefault((item["function"], item[kind]), item)
    return found
