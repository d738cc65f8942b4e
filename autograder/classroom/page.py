"""What an instructor reads about a class: one page of HTML that needs nothing else, from five students to ten thousand.

Numbers are of the submissions that the grader could judge; those on which it failed have no verdict and are listed
apart. Reports are read once, as they come, and not kept.
"""

from __future__ import annotations

import base64
import hashlib
import heapq
import itertools
import re
import statistics
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from autograder.classroom import distribution
from autograder.classroom.folder import file_stem
from autograder.classroom.similarity import near_identical
from autograder.exercise import Exercise
from autograder.model import ClassRow
from autograder.report import html, words

PIECES = 1000  # of the page that are joined at a time: each of a large class's is small, and an object of its own
MOST_BARS = 40
MOST_COLUMNS = 200  # of the heat map
LISTED = 25  # students in a list; the table of all students has the others
NAMED = 12  # students behind a number
MESSAGES = 3  # of a check
SLOWEST = 10
DIFFERENT = 1000  # texts that are counted apart; those that come later are "others"
LONGEST_NAME, LONGEST_TEXT = 80, 300  # characters
UNLOADABLE = "the file cannot be loaded: "  # how the message of each check begins, where nothing could be run
NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:\.\d+)?(?:e[-+]?\d+)?", re.IGNORECASE)
OUTCOMES = ("right", "partly", "wrong", "not_written", "not_loaded")
SECONDS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


@dataclass(frozen=True, slots=True)
class Student:
    """What is kept of one row; `outcomes` has a word of `OUTCOMES` for each function, `points` its points."""

    name: str
    score: float
    raw_score: int
    seconds_late: float
    seconds: float
    outcomes: tuple[str, ...]
    points: tuple[int, ...]
    is_breach: bool = False
    is_errored: bool = False
    is_loaded: bool = True

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
        """Count one text."""
        text = words.clean(text, LONGEST_TEXT)
        pattern = NUMBER.sub("0", text)
        if pattern not in self.counts and len(self.counts) >= DIFFERENT:
            self.others += 1
            return
        self.counts[pattern] += 1
        self.examples[pattern] = min(text, self.examples.get(pattern, text))

    def commonest(self, most: int) -> list[tuple[str, int]]:
        """Return the commonest texts, one example of each, with their counts."""
        ranked = sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))
        return [(self.examples[pattern], count) for pattern, count in ranked[:most]]

    def left_out(self, most: int) -> int:
        """Return how many texts, counted one by one, are not among the commonest."""
        return self.counts.total() + self.others - sum(count for _, count in self.commonest(most))


@dataclass
class Shared:
    """What several students have in common: how many, the first of them with a remark each, and what was said."""

    count: int = 0
    first: list[tuple[Student, str]] = field(default_factory=list)
    texts: Tally = field(default_factory=Tally)

    def add(self, student: Student, text: str, remark: str = "") -> None:
        """Count a student."""
        self.count += 1
        self.texts.add(text)
        if len(self.first) < NAMED:
            self.first.append((student, remark))


@dataclass
class CheckCounts:
    """What became of one check in the class; `outcomes` are those of the report."""

    name: str
    function: str
    summary: str
    visibility: str
    outcomes: Counter[str] = field(default_factory=Counter)
    messages: Tally = field(default_factory=Tally)

    @property
    def run(self) -> int:
        """How many submissions the check has judged."""
        return self.outcomes["passed"] + self.outcomes["failed"]

    @property
    def failed(self) -> int:
        """How many of those it failed."""
        return self.outcomes["failed"]


@dataclass(frozen=True)
class FunctionCounts:
    """What became of one function in the class; `outcomes` counts the words of `OUTCOMES`."""

    name: str
    points: int
    mean: float
    outcomes: Counter[str]


@dataclass(frozen=True)
class Strip:
    """A row of the heat map: parts of the points, 0 to 1, of each column, of all, and of either half of the class."""

    name: str
    parts: list[float]
    mean: float
    better: float
    weaker: float


@dataclass(frozen=True)
class Heat:
    """The heat map: what its columns are called, its rows, and how many students a column has."""

    labels: list[str]
    strips: list[Strip]
    students_each: str


@dataclass
class Class:
    """All that is kept while the rows go by."""

    exercise: Exercise
    students: list[Student] = field(default_factory=list)
    prints: dict[str, Sequence[int]] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    checks: dict[str, CheckCounts] = field(default_factory=dict)
    diagnoses: dict[tuple[str, str], Shared] = field(default_factory=lambda: defaultdict(Shared))
    breaches: dict[tuple[str, str], Shared] = field(default_factory=lambda: defaultdict(Shared))
    unloadable: Tally = field(default_factory=Tally)
    errors: list[tuple[Student, list[tuple[str, str]]]] = field(default_factory=list)
    graders: Counter[str] = field(default_factory=Counter)

    def add(self, row: ClassRow) -> None:
        """Count one row; its report is not kept."""
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
        for key, violation in _first_of(row.report["violations"], "function", "rule").items():
            self.breaches[key].add(student, violation["text"], f"line {violation['line']}")

    def _add_checks(self, student: Student, checks: Iterable[Mapping[str, Any]]) -> None:
        for check in checks:
            counts = self.checks.get(check["name"])
            if counts is None:
                named = (check[name] for name in ("name", "function", "summary", "visibility"))
                counts = self.checks[check["name"]] = CheckCounts(*named)
            counts.outcomes[check["outcome"]] += 1
            if check["outcome"] == "failed":
                counts.messages.add(check["message"])
        found = [{"function": check["function"], **check["diagnosis"]} for check in checks if check["diagnosis"]]
        for key, diagnosis in _first_of(found, "function", "id").items():
            self.diagnoses[key].add(student, diagnosis["text"])

    @property
    def judged(self) -> list[Student]:
        """The students that have a verdict."""
        return [student for student in self.students if not student.is_errored]


def render(
    exercise: Exercise, rows: Iterable[ClassRow], *, when: datetime, refused: Iterable[tuple[str, str]] = ()
) -> str:
    """Return the page about a class, from its rows, which are gone through once.

    `when` is said as the time of grading; `refused` are files that were not graded, each with the reason, which reads
    on from the name. Links go to `feedback/<student>.html` beside the page, `<student>` being `collecting.file_stem`'s.
    Whatever a student wrote, names too, is escaped, bounded, and free of control characters.
    """
    taught = Class(exercise)
    for row in rows:
        taught.add(row)
    taught.students.sort(key=lambda student: (student.name.casefold(), student.name))
    stream = html.template(Path(__file__).with_name("page.html.j2")).stream(
        exercise=exercise,
        when=when,
        refused=[(words.clean(name), words.clean(reason)) for name, reason in refused],
        taught=taught,
        **_scores(taught),
        **_functions(taught),
        **_checks(taught),
        **_students(taught),
        percent=percent,
        number=number,
        grouped=grouped,
        duration=duration,
        digest=lambda script: base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        OUTCOMES=OUTCOMES,
        LISTED=LISTED,
        MESSAGES=MESSAGES,
    )
    stream.enable_buffering(PIECES)
    return "".join(stream)


# One row


def _student(row: ClassRow, exercise: Exercise) -> Student:
    checks, functions = row.report.get("checks", []), row.report.get("functions", [])
    by_name = {function["name"]: function for function in functions}
    is_loaded = not checks or not all(check["message"].startswith(UNLOADABLE) for check in checks)
    return Student(
        row.student,
        row.score,
        row.raw_score,
        row.seconds_late,
        row.seconds,
        tuple(_outcome(by_name.get(name), is_loaded=is_loaded) for name, _ in exercise.functions),
        tuple(by_name[name]["score"] if name in by_name else 0 for name, _ in exercise.functions),
        is_breach=bool(row.report.get("violations")),
        is_errored=row.is_errored or any(function["outcome"] == "errored" for function in functions),
        is_loaded=is_loaded,
    )


def _outcome(function: Mapping[str, Any] | None, *, is_loaded: bool) -> str:
    if not is_loaded:
        return "not_loaded"
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


def _first_of(items: Iterable[Mapping[str, Any]], *names: str) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Return the first item of each kind, by what the items are told apart by."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for item in items:
        one, other = (item[name] for name in names)
        found.setdefault((one, other), item)
    return found


# The whole class


def _scores(taught: Class) -> dict[str, Any]:
    """Return the picture of all scores, and what sums them up."""
    judged, most = taught.judged, taught.exercise.points
    if not judged:
        return {"picture": "", "alternative": "", "mean": 0.0, "median": 0.0, "full": 0, "untouched": 0}
    scores = [student.score for student in judged]
    mean = statistics.fmean(scores)
    width = max(1, -(-most // MOST_BARS))
    counts = Counter(int(score // width) for score in scores)
    bars = range(most // width + 1)
    labels = [str(bar * width) if width == 1 or bar * width == most else f"{bar * width}–" for bar in bars]
    picture = distribution.svg(
        labels,
        [counts[bar] for bar in bars],
        (mean - (width - 1) / 2) / width,
        (f"points, of {most}", f"mean {number(round(mean, 1))}"),
    )
    return {
        "picture": Markup(picture),  # noqa: S704 - matplotlib's, of numbers only
        "alternative": _in_words(scores, most),
        "mean": mean,
        "median": statistics.median(scores),
        "full": sum(student.raw_score == most for student in judged),
        "untouched": sum(set(student.outcomes) == {"not_written"} for student in judged),
    }


def _in_words(scores: Sequence[float], most: int) -> str:
    """Return the distribution as a sentence, by tenths of the points."""
    tenths = Counter(min(int(10 * score / most), 10) if most else 0 for score in scores)
    said = [f"{10 * at} to {10 * at + 10} %: {tenths[at]}" for at in range(10) if tenths[at]]
    return f"Students by their part of the points. {'; '.join([*said, f'all points: {tenths[10]}'])}."


def _functions(taught: Class) -> dict[str, Any]:
    """Return what is said of each function, and the heat map of class and functions."""
    judged = taught.judged
    functions = []
    for at, (name, points) in enumerate(taught.exercise.functions):
        mean = statistics.fmean(student.points[at] for student in judged) if judged else 0.0
        functions.append(FunctionCounts(name, points, mean, Counter(student.outcomes[at] for student in judged)))
    return {
        "functions": functions,
        "occurring": [outcome for outcome in OUTCOMES if any(function.outcomes[outcome] for function in functions)],
        "heat": _heat(judged, taught.exercise) if judged else None,
    }


def _heat(judged: Sequence[Student], exercise: Exercise) -> Heat:
    """Return the heat map from the best to the weakest; of large classes, some neighbours in each column."""
    ranked = sorted(judged, key=lambda one: (-one.raw_score, [-points for points in one.points], one.name.casefold()))
    count = min(len(ranked), MOST_COLUMNS)
    edges = [at * len(ranked) // count for at in range(count + 1)]
    groups = [ranked[start:end] for start, end in itertools.pairwise(edges)]
    spans = [f"places {start + 1} to {end}" for start, end in itertools.pairwise(edges)]
    labels = [group[0].shown if len(group) == 1 else span for group, span in zip(groups, spans, strict=True)]
    strips = [_strip("all points", exercise.points, [[one.raw_score for one in group] for group in groups])]
    for at, (name, points) in enumerate(exercise.functions):
        strips.append(_strip(name, points, [[one.points[at] for one in group] for group in groups]))
    each = sorted({len(group) for group in groups})
    return Heat(labels, strips, " or ".join(map(str, each)))


def _strip(name: str, points: int, groups: Sequence[Sequence[int]]) -> Strip:
    earned = [score for group in groups for score in group]
    middle = (len(earned) + 1) // 2

    def part(scores: Sequence[int]) -> float:
        return sum(scores) / (points * len(scores)) if points and scores else 0.0

    return Strip(name, [part(group) for group in groups], part(earned), part(earned[:middle]), part(earned[middle:]))


def _checks(taught: Class) -> dict[str, Any]:
    """Return the checks by function, those that tell nobody apart, and what is most often done."""
    order = {name: at for at, (name, _) in enumerate(taught.exercise.functions)}
    checks = sorted(taught.checks.values(), key=lambda check: order.get(check.function, len(order)))
    run = [check for check in checks if check.run]
    return {
        "checks": [(name, list(of_one)) for name, of_one in itertools.groupby(checks, lambda check: check.function)],
        "never_failed": [check for check in run if not check.failed],
        "always_failed": [check for check in run if check.failed == check.run],
        "diagnoses": _ranked(taught.diagnoses),
        "breaches": _ranked(taught.breaches),
    }


def _ranked(shared: Mapping[tuple[str, str], Shared]) -> list[tuple[str, str, Shared]]:
    ranked = sorted(shared.items(), key=lambda item: (-item[1].count, item[0]))
    return [(function, kind, common) for (function, kind), common in ranked]


def _students(taught: Class) -> dict[str, Any]:
    """Return the lists of students: late, slow, alike."""
    by_name = {student.name: student for student in taught.students}
    late = [student for student in taught.judged if student.seconds_late > 0]
    groups = _alike(taught)
    alike = {name for _, names in groups for name in names}
    return {
        "late": sorted(late, key=lambda student: -student.seconds_late),
        "slowest": heapq.nlargest(SLOWEST, taught.students, key=lambda student: student.seconds),
        "seconds": sum(student.seconds for student in taught.students),
        "alike": [(said, [by_name[name] for name in names]) for said, names in groups],
        "remarks": lambda student: _remarks(student, is_alike=student.name in alike),
    }


def _remarks(student: Student, *, is_alike: bool) -> str:
    taken = f" (−{number(student.raw_score - student.score)})" if student.score != student.raw_score else ""
    remarks = {
        "grader failed": student.is_errored,
        f"late by {duration(student.seconds_late)}{taken}": student.seconds_late > 0 and not student.is_errored,
        "does not load": not student.is_loaded,
        "by-hand rule": student.is_breach,
        "alike": is_alike,
    }
    return ", ".join(remark for remark, holds in remarks.items() if holds)


def _alike(taught: Class) -> list[tuple[str, Sequence[str]]]:
    """Return the groups of students whose files are alike, each with how much so."""
    same = sorted(sorted(names) for names in taught.files.values() if len(names) > 1)
    found: list[tuple[str, Sequence[str]]] = [("the same file, byte for byte", names) for names in same]
    for group in near_identical(taught.prints):
        if not any(set(group.students) <= set(names) for names in same):
            found.append(("the same code" if group.alike == 1 else f"{100 * group.alike:.0f} % alike", group.students))
    return found


# Numbers in words


def percent(part: float, whole: float) -> str:
    """Return a part of a whole in percent; 0 and 100 mean none and all."""
    if not whole:
        return "–"
    share = 100 * part / whole
    if 0 < share < 1:
        return "< 1 %"
    return "> 99 %" if 99 < share < 100 else f"{share:.0f} %"


def grouped(count: int) -> str:
    """Return a count with its thousands set apart."""
    return f"{count:,}"


def number(value: float) -> str:
    """Return a number with two decimals at most, and none that say nothing."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def duration(seconds: float) -> str:
    """Return a duration in its two largest units."""
    left, parts = max(1, round(seconds)), []
    for unit, length in SECONDS:
        count, left = divmod(left, length)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2])
