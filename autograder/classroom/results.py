"""What is told of a class that was graded: from its store, which nothing is graded for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import files
from autograder.classroom.counts import ClassCounts, StudentResult
from autograder.classroom.exports.sheet import number
from autograder.classroom.store import Store
from autograder.errors import UserError
from autograder.exercise import Exercise

if TYPE_CHECKING:
    from autograder.classroom.run import Plan

COMMONEST = 3  # mistakes of a function that are told in the terminal


def summary(folder: Path) -> Iterator[str]:
    """Yield lines that say how a graded class did: the mean, each function's mean, and its commonest mistakes."""
    with Store(folder) as store:
        counts = ClassCounts(_exercise(store))
        for row in store.rows():
            counts.add(row)
    judged, functions = counts.judged, counts.exercise.functions
    if not judged:
        return
    mean = sum(student.score for student in judged) / len(judged)
    yield f"{len(judged)} graded, {mean:.1f} of {counts.exercise.points} points on average{_taken(judged)}"
    width = max(len(name) for name, _ in functions)
    for place, (name, points) in enumerate(functions):
        mean = sum(student.points[place] for student in judged) / len(judged)
        full = sum(student.outcomes[place] == "right" for student in judged)
        yield f"  {name:{width}}  {mean:4.1f} / {points:<2}  {full / len(judged):4.0%} with full marks"
    yield from mistake_lines(counts)


def _taken(judged: Sequence[StudentResult]) -> str:
    """Return what lateness took of a class, to read on from the mean of what counts."""
    late = [student for student in judged if student.seconds_late]
    if not late:
        return ""
    earned = sum(student.raw_score for student in judged) / len(judged)
    taken = sum(student.penalty for student in late)
    return f" ({earned:.1f} earned; {len(late)} came late, which took {number(taken)} points in all)"


def mistake_lines(counts: ClassCounts) -> Iterator[str]:
    """Yield lines that say which mistakes are the commonest in each function."""
    found = list(counts.mistakes())
    if found:
        yield "what went wrong, of those who tried:"
    for function, tried, mistakes in found:
        yield f"  {function}"
        for kind, shared in mistakes[:COMMONEST]:
            [(text, _)] = shared.texts.commonest(1)
            yield f"    {shared.count / tried:4.0%} ({shared.count} of {tried})  {text}  [{kind}]"


def differences(old: Path, plan: Plan) -> Iterator[str]:
    """Yield a line for each student of whom something else counts than in a folder that was graded earlier."""
    with Store(old) as before:
        require_exercise(before, plan.exercise)
        scores = {row.student: row.counted.counts for row in before.rows() if not row.is_errored}
    same = 0
    with Store(plan.output) as after:
        for row in after.rows():
            was = scores.pop(row.student, None)
            if was == row.counted.counts and not row.is_errored:
                same += 1
                continue
            now = "the grader failed" if row.is_errored else number(row.counted.counts)
            yield f"{row.student}: {'not graded' if was is None else number(was)} before, {now} now"
    if not plan.only:
        yield from (f"{student}: {number(was)} before, no submission now" for student, was in scores.items())
    yield f"{same} students keep their score; nothing was written"


def require_exercise(store: Store, exercise: Exercise) -> None:
    """Raise a UserError where a store holds the grades of another exercise."""
    if store.exercise != exercise.name:
        raise UserError(f"{store.folder} holds the grades of {store.exercise}; name a folder of {exercise.name}")


def write_page(folder: Path) -> None:
    """Write the instructor's page about a graded class; UserError where the folder holds none."""
    from autograder.classroom.page import render  # not before a run has ended

    with Store(folder) as store:
        page = render(_exercise(store), store.rows(), when=datetime.now().astimezone(), refused=store.refused)
    files.write(folder / "report.html", page, "all grades are stored; mend that, and try `course report`")


def _exercise(store: Store) -> Exercise:
    """Return the exercise as it was when the class was graded; nothing but its words is of use."""
    folder = store.folder
    return Exercise(store.exercise, store.title, store.functions, folder, folder, folder, None)
