"""What an instructor reads about a class: one page of HTML that needs nothing else, from five students to ten thousand.

Numbers are of the submissions that the grader could judge; those on which it failed have no verdict and are listed
apart. Reports are read once, as they come, and not kept.
"""

import base64
import hashlib
import heapq
import itertools
import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.classroom.counts import LISTED, LONGEST_NAME, OUTCOMES, ClassCounts, Shared, StudentResult
from autograder.classroom.exports.sheet import number
from autograder.classroom.side_by_side import FilePair, common_lines, compare
from autograder.classroom.similarity import near_identical
from autograder.exercise import Exercise
from autograder.model import ClassRow
from autograder.report import html, words

PIECES = 1000  # of the page that are joined at a time: each of a large class's is small, and an object of its own
MOST_BARS = 40
MOST_LABELS = 32  # under bars
MOST_MARKS = 5  # of the scale beside them
MOST_COLUMNS = 200  # of the heat map
MESSAGES = 3  # of a check
SLOWEST = 10
NEEDIEST = 10
COMPARED, COMPARED_EACH = 10, 3  # groups whose files are shown beside each other, and pairs of each
TYPICAL = 12  # files of others by which is told what many have
SECONDS = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def _no_lines(_student: str) -> Sequence[str]:
    return ()


@dataclass(frozen=True)
class Setting:
    """What the page tells of a class besides its rows.

    `refused` are files that were not graded, each with the reason, which reads on from the name; `missing` are those on
    the roster who have handed in nothing. `rule` says by which the class was graded, and `source` gives the lines of a
    student's file, none where nobody has them.
    """

    refused: Sequence[tuple[str, str]] = ()
    missing: Sequence[str] = ()
    rule: str = ""
    is_by_check: bool = False
    source: Callable[[str], Sequence[str]] = _no_lines


def render(exercise: Exercise, rows: Iterable[ClassRow], *, when: datetime, setting: Setting = Setting()) -> str:
    """Return the page about a class, from its rows, which are gone through once.

    `when` is said as the time of grading. Links go to `feedback/<student>.html` beside the page, `<student>` being
    `names.file_stem`'s.
    Whatever a student wrote, names too, is escaped, bounded, and free of control characters.
    """
    taught = ClassCounts(exercise)
    for row in rows:
        taught.add(row)
    taught.students.sort(key=lambda student: (student.name.casefold(), student.name))
    stream = html.template(Path(__file__).with_name("page.html.j2")).stream(
        exercise=exercise,
        when=when,
        setting=setting,
        refused=[(words.clean(name), words.clean(reason)) for name, reason in setting.refused],
        missing=[words.clean(name, LONGEST_NAME) for name in setting.missing],
        taught=taught,
        **_needs(taught),
        **_scores(taught),
        **_functions(taught),
        **_checks(taught),
        **_students(taught, setting.source),
        percent=percent,
        number=number,
        grouped="{:,}".format,
        duration=duration,
        digest=lambda script: base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        OUTCOMES=OUTCOMES,
        LISTED=LISTED,
        MESSAGES=MESSAGES,
    )
    stream.enable_buffering(PIECES)
    return "".join(stream)


def _scores(taught: ClassCounts) -> dict[str, Any]:
    """Return the histogram of all scores, and what sums them up."""
    judged = taught.judged
    if not judged:
        return {"histogram": None, "mean": 0.0, "median": 0.0, "full": 0, "untouched": 0}
    scores = [student.score for student in judged]
    return {
        "histogram": _histogram(scores, taught.exercise.points),
        "mean": statistics.fmean(scores),
        "median": statistics.median(scores),
        "full": sum(student.raw_score == taught.exercise.points for student in judged),
        "untouched": sum(set(student.outcomes) == {"not_written"} for student in judged),
    }


def _histogram(scores: Sequence[float], points: int) -> dict[str, Any]:
    """Return how many students have how many of `points`: a bar for each point, or for a few where there are many.

    There is room for the name of one bar in `every`. `marks` are the counts on the scale, of which the last is at least
    as high as the highest bar. Where the mean lies is counted in bars.
    """
    width = max(1, -(-points // MOST_BARS))
    counts = Counter(int(score // width) for score in scores)
    starts = range(0, points + 1, width)
    names = [str(start) if width == 1 or start == points else f"{start}–" for start in starts]
    highest = max(counts.values())
    step = next(step for step in _round_numbers() if highest <= step * MOST_MARKS)
    return {
        "bars": [(name, counts[index]) for index, name in enumerate(names)],
        "every": -(-len(names) // MOST_LABELS),
        "marks": list(range(0, highest + step, step)),
        "mean": (statistics.fmean(scores) + 0.5) / width,  # whole points lie in the middle of their bar
        "in_words": _in_words(scores, points),
    }


def _round_numbers() -> Iterator[int]:
    return (factor * 10**power for power in itertools.count() for factor in (1, 2, 5))


def _in_words(scores: Sequence[float], points: int) -> str:
    """Return the histogram as a sentence, by tenths of the points."""
    tenths = Counter(min(int(10 * score / points), 10) if points else 0 for score in scores)
    said = [f"{10 * tenth} to {10 * tenth + 10} %: {tenths[tenth]}" for tenth in range(10) if tenths[tenth]]
    return f"Students by their part of the points. {'; '.join([*said, f'all points: {tenths[10]}'])}."


def _functions(taught: ClassCounts) -> dict[str, Any]:
    """Return what became of each function, by the words of `OUTCOMES`, and the heat map of class and functions."""
    judged = taught.judged
    functions, occurring = [], set[str]()
    for index, (name, points) in enumerate(taught.exercise.functions):
        mean = statistics.fmean(student.points[index] for student in judged) if judged else 0.0
        outcomes = Counter(student.outcomes[index] for student in judged)
        functions.append({"name": name, "points": points, "mean": mean, "outcomes": outcomes})
        occurring |= set(outcomes)
    return {
        "functions": functions,
        "occurring": [outcome for outcome in OUTCOMES if outcome in occurring],
        "heat": _heat(judged, taught.exercise) if judged else None,
    }


def _heat(judged: Sequence[StudentResult], exercise: Exercise) -> dict[str, Any]:
    """Return the heat map from the best to the weakest; of large classes, some neighbours in each column."""
    ranked = sorted(judged, key=lambda one: (-one.raw_score, [-points for points in one.points], one.name.casefold()))
    count = min(len(ranked), MOST_COLUMNS)
    edges = [index * len(ranked) // count for index in range(count + 1)]
    groups = [ranked[start:end] for start, end in itertools.pairwise(edges)]
    spans = [f"places {start + 1} to {end}" for start, end in itertools.pairwise(edges)]
    labels = [group[0].shown if len(group) == 1 else span for group, span in zip(groups, spans, strict=True)]
    strips = [_strip("all points", exercise.points, [[one.raw_score for one in group] for group in groups])]
    for index, (name, points) in enumerate(exercise.functions):
        strips.append(_strip(name, points, [[one.points[index] for one in group] for group in groups]))
    each = sorted({len(group) for group in groups})
    return {"labels": labels, "strips": strips, "students_each": " or ".join(map(str, each))}


def _strip(name: str, points: int, groups: Sequence[Sequence[int]]) -> dict[str, Any]:
    """Return parts of the points, 0 to 1: of each column of the heat map, of all, and of either half of the class."""
    earned = [score for group in groups for score in group]
    middle = (len(earned) + 1) // 2

    def part(scores: Sequence[int]) -> float:
        return sum(scores) / (points * len(scores)) if points and scores else 0.0

    halves = {"better": part(earned[:middle]), "weaker": part(earned[middle:])}
    return {"name": name, "parts": [part(group) for group in groups], "mean": part(earned), **halves}


def _checks(taught: ClassCounts) -> dict[str, Any]:
    """Return the checks by function, those that tell nobody apart, and what is most often done."""
    order = {name: index for index, (name, _) in enumerate(taught.exercise.functions)}
    checks = sorted(taught.checks.values(), key=lambda check: order.get(check.function, len(order)))
    run = [check for check in checks if check.run]
    return {
        "checks": [(name, list(of_one)) for name, of_one in itertools.groupby(checks, lambda check: check.function)],
        "never_failed": [check for check in run if not check.failed],
        "always_failed": [check for check in run if check.failed == check.run],
        "mistakes": list(taught.mistakes()),
        "breaches": _ranked(taught.breaches),
    }


def _needs(taught: ClassCounts) -> dict[str, Any]:
    """Return whom to help first, and what nobody has right of what somebody has tried."""
    judged = [student for student in taught.judged if student.raw_score < taught.exercise.points]
    begun = [student for student in judged if student.tried or not student.is_loaded]
    names = [name for name, _ in taught.exercise.functions]
    neediest = heapq.nsmallest(NEEDIEST, begun, key=lambda one: (one.raw_score, -one.tried, one.name.casefold()))
    tried = {name: [student.outcomes[at] for student in taught.judged] for at, name in enumerate(names)}
    return {
        "neediest": [(one, _wrong(one, names)) for one in neediest],
        "blank": [student for student in judged if not student.tried and student.is_loaded],
        "nobody_has": [
            name for name, found in tried.items() if "right" not in found and {"partly", "wrong"} & {*found}
        ],
    }


def _wrong(student: StudentResult, functions: Sequence[str]) -> list[str]:
    """Return the functions that a student has tried and not got right."""
    return [name for name, outcome in zip(functions, student.outcomes, strict=True) if outcome in ("partly", "wrong")]


def _ranked(shared: Mapping[tuple[str, str], Shared]) -> list[tuple[str, str, Shared]]:
    ranked = sorted(shared.items(), key=lambda item: (-item[1].count, item[0]))
    return [(function, kind, common) for (function, kind), common in ranked]


def _students(taught: ClassCounts, source: Callable[[str], Sequence[str]]) -> dict[str, Any]:
    """Return the lists of students: late, slow, alike with their files."""
    by_name = {student.name: student for student in taught.students}
    late = [student for student in taught.judged if student.seconds_late > 0]
    groups = _alike(taught)
    return {
        "late": sorted(late, key=lambda student: -student.seconds_late),
        "slowest": heapq.nlargest(SLOWEST, taught.students, key=lambda student: student.seconds),
        "seconds": sum(student.seconds for student in taught.students),
        "alike": [(said, [by_name[name] for name in names]) for said, names in groups],
        "alike_names": {name for _, names in groups for name in names},
        "beside": list(_beside(groups, by_name, source)) if groups else [],
        "has_times": any(student.handed_in for student in taught.students),
    }


def _beside(
    groups: Sequence[tuple[str, Sequence[str]]],
    by_name: Mapping[str, StudentResult],
    source: Callable[[str], Sequence[str]],
) -> Iterator[tuple[StudentResult, StudentResult, FilePair]]:
    """Yield pairs of students whose files are alike, with the files; of large groups, the first and some others."""
    named = {name for _, names in groups for name in names}
    others = [name for name in by_name if name not in named and not by_name[name].is_errored]
    common = common_lines([source(name) for name in others[:TYPICAL]])
    for _, names in groups[:COMPARED]:
        for other in names[1 : 1 + COMPARED_EACH]:
            files = source(names[0]), source(other)
            if all(files):
                yield by_name[names[0]], by_name[other], compare(*files, common)


def _alike(taught: ClassCounts) -> list[tuple[str, Sequence[str]]]:
    """Return the groups of students whose files are alike, each with how much so."""
    same = sorted(sorted(names) for names in taught.files.values() if len(names) > 1)
    found: list[tuple[str, Sequence[str]]] = [("the same file, byte for byte", names) for names in same]
    for group in near_identical(taught.prints):
        if not any(set(group.students) <= set(names) for names in same):
            found.append(("the same code" if group.alike == 1 else f"{100 * group.alike:.0f} % alike", group.students))
    return found


def percent(part: float, whole: float) -> str:
    """Return a part of a whole in percent; 0 and 100 mean none and all."""
    if not whole:
        return "–"
    share = 100 * part / whole
    if 0 < share < 1:
        return "< 1 %"
    return "> 99 %" if 99 < share < 100 else f"{share:.0f} %"


def duration(seconds: float) -> str:
    """Return a duration in its two largest units."""
    left, parts = max(1, round(seconds)), []
    for unit, length in SECONDS:
        count, left = divmod(left, length)
        if count:
            parts.append(f"{count} {unit}")
    return " ".join(parts[:2])
