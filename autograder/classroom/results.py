"""What is told of a class that was graded: from its store, which nothing is graded for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import files
from autograder.classroom.counts import ClassCounts, StudentResult
from autograder.classroom.exports.sheet import number
from autograder.classroom.names import file_stem
from autograder.classroom.room import make_folder, remove_unfinished
from autograder.classroom.rule import read_rule
from autograder.classroom.store import Store
from autograder.classroom.term import read_term, render_table, term_lines
from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.report.source import lines_of
from autograder.report.words import several

if TYPE_CHECKING:
    from autograder.classroom.run import Plan

ADVICE = "all grades are stored; mend that, and try `course report`"
COMMONEST = 3  # mistakes of a function that are told in the terminal


def summary(folder: Path) -> Iterator[str]:
    """Yield lines that say how a graded class did: the mean, each function's mean, and its commonest mistakes.

    Of a whole course: each exercise's mean, and that of the total.
    """
    with Store(folder) as store:
        if store.is_course:
            yield from term_lines(read_term(store))
            return
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
    with Store(old) as opened:
        is_new = opened.is_course and plan.exercise.name not in opened.exercises
        before = () if is_new else require_exercise(opened, plan.exercise).rows()
        scores = {row.student: row.counted.counts for row in before if not row.is_errored}
    same = 0
    with Store(plan.course or plan.output) as after:
        for row in after.of(plan.exercise.name).rows():
            was = scores.pop(row.student, None)
            if was == row.counted.counts and not row.is_errored:
                same += 1
                continue
            now = "the grader failed" if row.is_errored else number(row.counted.counts)
            yield f"{row.student}: {'not graded' if was is None else number(was)} before, {now} now"
    if not plan.only:
        yield from (f"{student}: {number(was)} before, no submission now" for student, was in scores.items())
    yield kept(same)


def kept(count: int) -> str:
    """Say of how many students nothing would change."""
    return f"{several(count, 'student')} keep{'s' * (count == 1)} their score; nothing was written"


def require_exercise(store: Store, exercise: Exercise) -> Store:
    """Return the store as that of an exercise; UserError where it holds the grades of others."""
    if exercise.name not in store.exercises:
        held = ", ".join(store.exercises)
        raise UserError(f"{store.folder} holds the grades of {held}; name a folder of {exercise.name}")
    return store.of(exercise.name)


def write_page(folder: Path) -> None:
    """Write the instructor's pages about a graded class; UserError where the folder holds none."""
    with Store(folder) as store:
        if store.is_course:
            for name in store.exercises:
                _write_exercise(store.of(name), folder / name)
            write_term(store)
        else:
            _write_exercise(store, folder)


def _write_exercise(store: Store, folder: Path) -> None:
    from autograder.classroom.page import Setting, render  # not before a run has ended

    rule = read_rule(store)
    setting = Setting(
        store.refused,
        [one.student for one in store.roster.missing(store.submitters)],
        str(rule),
        rule.credit == "check",
        lambda student: lines_of(store.files_of(student)[1]),
    )
    page = render(_exercise(store), store.rows(), when=datetime.now().astimezone(), setting=setting)
    files.write(folder / "report.html", page, ADVICE)


def write_term(store: Store) -> None:
    """Write what a course comes to: the table, the page about the class, and a page for each student."""
    from autograder.classroom.term_page import render_class, render_student

    term = read_term(store)
    files.write(store.folder / "gradebook.csv", render_table(term), ADVICE)
    files.write(store.folder / "report.html", render_class(term, when=datetime.now().astimezone()), ADVICE)
    pages = store.folder / "feedback"
    make_folder(pages)
    remove_unfinished(pages)
    stems = {f"{file_stem(row.student)}.html": row for row in term.rows}
    for name, row in stems.items():
        files.write(pages / name, render_student(term, row), ADVICE)
    for path in pages.glob("*.html"):  # of who has withdrawn since, or is called otherwise on the roster
        if path.name not in stems:
            path.unlink(missing_ok=True)


def _exercise(store: Store) -> Exercise:
    """Return the exercise as it was when the class was graded; nothing but its words is of use."""
    folder = store.folder
    return Exercise(store.exercise, store.title, store.functions, folder, folder, folder, None)
