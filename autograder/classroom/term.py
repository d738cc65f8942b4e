"""A course as a table: a row a student, a cell an exercise, what it all comes to, and who has handed in nothing."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from autograder.classroom.enrolment import Enrolment
from autograder.classroom.exports.csv import defused
from autograder.classroom.exports.sheet import number, written
from autograder.classroom.store import Standing, Store
from autograder.errors import UserError
from autograder.model import ClassRow, CountedScore
from autograder.report.words import several

State = Literal["graded", "late", "refused", "nothing handed in", "grader failed"]


@dataclass(frozen=True)
class TermExercise:
    """An exercise of a course; `weight` is what it counts for, its points where nobody has said anything else."""

    name: str
    title: str
    points: int
    weight: float


@dataclass(frozen=True, slots=True)
class TermCell:
    """A student's standing in an exercise; `submitter` is the name that reports have, `score` None for no verdict."""

    state: State
    score: float | None = None
    earned: int = 0
    seconds_late: float = 0.0
    submitter: str = ""

    @property
    def penalty(self) -> Decimal:
        """What lateness took."""
        return Decimal(0) if self.score is None else CountedScore(self.earned, Decimal(str(self.score))).penalty


NOTHING = TermCell("nothing handed in", 0.0)


@dataclass(frozen=True, slots=True)
class TermRow:
    """A student's term. `total` is in points and `percent` weighted; None where the grader has failed on a part."""

    student: str
    name: str
    email: str
    cells: tuple[TermCell, ...]
    total: float | None
    percent: float | None


@dataclass(frozen=True)
class Term:
    """A course: its exercises and its students, without those who have withdrawn. `strangers` are not on the roster."""

    exercises: tuple[TermExercise, ...]
    rows: tuple[TermRow, ...]
    is_weighted: bool
    strangers: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        return sum(exercise.points for exercise in self.exercises)

    @property
    def judged(self) -> list[TermRow]:
        return [row for row in self.rows if row.percent is not None]


def read_term(store: Store) -> Term:
    """Return the course that a store holds."""
    weights = store.weights
    exercises, columns = [], []
    for name in sorted(store.exercises, key=in_order):
        one = store.of(name)
        points = sum(points for _, points in one.functions)
        exercises.append(TermExercise(name, one.title, points, weights.get(name, 0.0) if weights else float(points)))
        columns.append(_column(one, store.roster))
    return _term(exercises, columns, store.roster, is_weighted=bool(weights))


def in_order(name: str) -> tuple[str, int]:
    """Return what sorts exercises: `exercise10` comes after `exercise9`."""
    word = name.rstrip("0123456789")
    return word, int(name[len(word) :] or 0)


def _column(store: Store, roster: Enrolment) -> dict[str, TermCell]:
    """Return the cells of an exercise by student: as the roster has the name, or else as the submission has it."""
    cells: dict[str, TermCell] = {}
    for standing in store.standings():
        name = _student(standing.student, roster)
        cells[standing.student if name in cells else name] = _cell(standing)
    for submitter in store.refused_students:
        if not roster.is_withdrawn(submitter):
            cells.setdefault(_student(submitter, roster), TermCell("refused", submitter=submitter))
    return cells


def _student(submitter: str, roster: Enrolment) -> str:
    found = roster.find(submitter)
    return found.student if found else submitter


def _cell(one: Standing) -> TermCell:
    if one.is_errored:
        return TermCell("grader failed", None, 0, one.seconds_late, one.student)
    state: State = "late" if one.seconds_late > 0 else "graded"
    return TermCell(state, one.score, one.raw_score, one.seconds_late, one.student)


def _term(
    exercises: list[TermExercise], columns: list[dict[str, TermCell]], roster: Enrolment, *, is_weighted: bool
) -> Term:
    known = {one.student: (one.name, one.email) for one in roster.active}
    names = {*known, *(name for column in columns for name in column)}
    rows = []
    for name in sorted(names, key=lambda name: (name.casefold(), name)):
        cells = tuple(column.get(name, NOTHING) for column in columns)
        rows.append(TermRow(name, *known.get(name, ("", "")), cells, *_totals(exercises, cells)))
    strangers = tuple(sorted(names - set(known))) if roster else ()
    return Term(tuple(exercises), tuple(rows), is_weighted, strangers)


def _totals(exercises: Sequence[TermExercise], cells: Sequence[TermCell]) -> tuple[float | None, float | None]:
    """Return points and weighted percent of a student; what was refused counts nothing until it is graded."""
    if any(cell.state == "grader failed" for cell in cells):
        return None, None
    scores = [cell.score or 0.0 for cell in cells]
    weights = sum(one.weight for one in exercises)
    shares = [
        one.weight * score / one.points for one, score in zip(exercises, scores, strict=True) if one.points and weights
    ]
    return round(sum(scores), 2), round(100 * sum(shares) / weights, 2) if weights else 0.0


def parse_weights(text: str, names: Sequence[str]) -> dict[str, float]:
    """Return the weights that `exercise1=10,exercise2=20` says, or lines of that; UserError.

    `names` are the exercises that there are. A file from a spreadsheet may have a comma, semicolon or tab in place of
    the sign, and a first line of words.
    """
    weights: dict[str, float] = {}
    for part in filter(None, map(str.strip, re.split(r"[\r\n]+|,(?=\s*[^\W\d])", text.removeprefix("\ufeff")))):
        name, _, said = (piece.strip().strip('"') for piece in re.sub(r"[=,;\t]", "\0", part, count=1).partition("\0"))
        if name.lower() == "exercise":
            continue
        if name not in names:
            raise UserError(f"--weights: there is no exercise {name!r}; there are {', '.join(names)}")
        if not re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,6})?( ?%)?", said):
            raise UserError(
                f"--weights: {name} has no number that it counts for; write it as exercise1=10,exercise2=20"
            )
        weights[name] = float(said.rstrip(" %"))
    if not sum(weights.values()):
        raise UserError("--weights says of no exercise that it counts; write them as exercise1=10,exercise2=20")
    return weights


def render_table(term: Term) -> str:
    """Return `gradebook.csv`: a row a student, a column an exercise, the total in points, and what that is in percent.

    Names and addresses stand there where the roster has any. Scores are what counts; one that there is no verdict on is
    left empty. Why, and what lateness took, stands in the last columns. Text is `defused`.
    """
    return written(_table(term))


def _table(term: Term) -> Iterator[Sequence[object]]:
    names = [exercise.name for exercise in term.exercises]
    has_names, has_emails = any(row.name for row in term.rows), any(row.email for row in term.rows)
    about = ["name"] * has_names + ["email"] * has_emails
    yield ["student", *about, *names, "total", "percent", *_each(names, "state"), *_each(names, "penalty")]
    for row in term.rows:
        about = [defused(row.name)] * has_names + [defused(row.email)] * has_emails
        scores = [_shown(cell.score) for cell in row.cells]
        totals = [_shown(row.total), _shown(row.percent)]
        penalties = [number(cell.penalty) for cell in row.cells]
        yield [defused(row.student), *about, *scores, *totals, *(cell.state for cell in row.cells), *penalties]


def _each(names: Sequence[str], what: str) -> list[str]:
    return [f"{name} {what}" for name in names]


def _shown(score: float | None) -> str:
    return "" if score is None else number(score)


def total_rows(term: Term) -> list[ClassRow]:
    """Return the totals as results to be exported: points or, where exercises have weights, of a hundred."""
    most = 100 if term.is_weighted else term.points
    return [
        _row(row.student, row.percent if term.is_weighted else row.total, most, is_errored=row.total is None)
        for row in term.rows
    ]


def exercise_rows(term: Term, exercise: str) -> list[ClassRow]:
    """Return the scores in an exercise as results to be exported: 0 for who has handed in nothing.

    What was refused is left out: it is not graded yet.
    """
    place = [one.name for one in term.exercises].index(exercise)
    most = term.exercises[place].points
    cells = [(row.student, row.cells[place]) for row in term.rows]
    return [
        _row(cell.submitter or student, cell.score, most, is_errored=cell.state == "grader failed")
        for student, cell in cells
        if cell.state != "refused"
    ]


def _row(student: str, score: float | None, most: int, *, is_errored: bool) -> ClassRow:
    counts = score or 0.0
    return ClassRow(student, "", "", int(counts), counts, most, 0.0, 0.0, {}, is_errored=is_errored)


def tally(term: Term) -> Iterator[tuple[TermExercise, Mapping[State, int], list[float]]]:
    """Yield each exercise with how many are in which state, and the scores of those that were graded."""
    for place, exercise in enumerate(term.exercises):
        counts: dict[State, int] = defaultdict(int)
        scores = []
        for row in term.rows:
            cell = row.cells[place]
            counts[cell.state] += 1
            if cell.state in ("graded", "late") and cell.score is not None:
                scores.append(cell.score)
        yield exercise, counts, scores


def term_lines(term: Term) -> Iterator[str]:
    """Yield lines that say how the class did over all exercises, and of what the total is."""
    width = max(len(one.name) for one in term.exercises)
    for exercise, counts, scores in tally(term):
        done = counts["graded"] + counts["late"]
        said = [f"{done} graded" + (f" ({counts['late']} late)" if counts["late"] else "")]
        said += [
            f"{counts[state]} {state}" for state in ("refused", "nothing handed in", "grader failed") if counts[state]
        ]
        mean = f"; {sum(scores) / len(scores):.1f} of {exercise.points} points on average" if scores else ""
        yield f"  {exercise.name:{width}}  {', '.join(said)}{mean}"
    if term.judged:
        average = sum(row.percent or 0.0 for row in term.judged) / len(term.judged)
        yield f"{several(len(term.rows), 'student')}, {average:.1f} % on average; {of_what(term)}"
    if term.is_weighted and (left := [one.name for one in term.exercises if not one.weight]):
        verb, them = ("counts", "it") if len(left) == 1 else ("count", "them")
        yield f"{', '.join(left)} {verb} nothing in the total, as --weights does not name {them}"


def of_what(term: Term) -> str:
    """Say of what the total is."""
    if not term.is_weighted:
        return f"the total is of {term.points} points"
    return "the total is weighted: " + ", ".join(
        f"{one.name} {number(one.weight)}" for one in term.exercises if one.weight
    )
