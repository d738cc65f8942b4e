"""`course grade`, `course report` and `course export`: a class is graded, shown and handed on."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import click

from autograder.authoring import catalog
from autograder.cli import whole_course
from autograder.cli.class_lines import REFUSED, exit_code, tell, tell_roster
from autograder.cli.class_options import ADVICE, GradeOptions, plan_of, rule_options, tell_rule
from autograder.cli.kits import this_kit
from autograder.cli.progress import progress
from autograder.errors import UserError
from autograder.files import read_bytes, write

if TYPE_CHECKING:
    from autograder.classroom.enrolment import Enrolment
    from autograder.classroom.run import Engine, Plan
    from autograder.classroom.store import Store
    from autograder.exercise import Exercise
    from autograder.model import ClassRow

CREDIT = "Points for a function once all its checks pass, or for each check that does; default: function."
EXPORTS = ("canvas", "moodle", "nbgrader", "csv")


@click.command()
@click.argument("exercise")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--output", type=click.Path(path_type=Path), help="Folder for grades, reports and pages.")
@click.option("--jobs", type=click.IntRange(1, 512), help="Graders at a time; by default one a processor.")
@click.option("--engine", type=click.Choice(["local", "dask"]), default="local", help="Here, or on a Dask cluster.")
@click.option("--scheduler", metavar="ADDRESS", help="Dask's scheduler; without one, a cluster is started here.")
@click.option("--isolation", type=click.Choice(["sandbox", "process"]), default="sandbox", help="Default: sandbox.")
@click.option("--fresh", is_flag=True, help="Grade all again, whatever is stored.")
@click.option("--only", metavar="STUDENT", multiple=True, help="Grade only this student, again (repeatable).")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), metavar="N", help="Seed of the random cases; default: 0.")
@click.option("--seed-per-student", "salt", metavar="SALT", help="Hidden cases differ by student, and by this word.")
@click.option("--credit", type=click.Choice(["function", "check"]), help=CREDIT)
@click.option(
    "--deadline",
    metavar="TIME",
    multiple=True,
    help='What comes later is late: "2026-12-01 23:59", or exercise2=TIME (repeatable).',
)
@click.option(
    "--late-penalty",
    "rule",
    metavar="RULE",
    multiple=True,
    help="What lateness costs: 20%, 5/day or 10%/day,max=50%, or exercise2=RULE.",
)
@click.option(
    "--times",
    metavar="FILE",
    multiple=True,
    help="CSV with student,time of all, or exercise2=FILE; else the files' own times.",
)
@click.option("--times-from-files", is_flag=True, help="The files' own times serve for who is not in --times.")
@click.option(
    "--roster", type=click.Path(path_type=Path), help="CSV with student, and perhaps name,email,state of all."
)
@click.option(
    "--weights", metavar="WEIGHTS", help="Of all's total: exercise1=10,exercise2=20, or a CSV; default: points."
)
@click.option("--compare", metavar="OLD", help="Write nothing; show what changes in a folder or gradebook.")
@click.option("--gradebook", metavar="URL", help="Write the scores into nbgrader's gradebook, too.")
def grade(exercise: str, submissions: Path, output: Path | None, **given: Any) -> int:
    """Grade a class: the submissions of EXERCISE, or of `all` exercises, in the folder SUBMISSIONS.

    \b
    SUBMISSIONS holds, for each student, one of
      <student>.py                            or .ipynb; for all, <student>_<exercise>.py
      <student>/<exercise>.py                 or .ipynb
      <student>/<exercise>/<exercise>.ipynb   or .py, as nbgrader collects them
    or a zip of these, or clones of students' repositories, a folder each; or it is a download from Canvas, Moodle,
    Blackboard, Brightspace, ILIAS, PrairieLearn, Gradescope or Google Classroom, as a folder or as a zip. For all,
    there may be a folder or zip of each exercise.

    A run may be stopped at any moment and started again: only what is new or changed is graded, by the rule (deadline,
    penalty, times, seed, secret) of the first run. Exits with 0 when every submission has a report, 1 when some were
    refused or lie where none is looked for, 2 for unusable input, 3 when the grader itself failed.
    """
    kit = this_kit()
    found = None if exercise.lower() == "all" else catalog.find_exercise(kit, exercise)
    options = _options(submissions, output, found, given)
    if given["gradebook"]:
        _gradebook()  # or the grading would be for nothing
    try:
        code = _compare(options, found, given["compare"]) if given["compare"] else _run(options, found)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("what is graded is stored, and the same command goes on from there") from None
    if given["gradebook"] and not given["compare"]:
        _write_gradebook(given["gradebook"], options.output, "")
    return code


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def report(folder: Path) -> None:
    """Write report.html again from what `course grade` stored in DIR, and say how the class did."""
    from autograder.classroom.results import summary, write_page

    write_page(folder)
    for line in summary(folder):
        click.echo(line)
    click.echo(f"{folder / 'report.html'} is written")


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(EXPORTS), required=True, help="For whom.")
@click.option("--into", type=click.Path(path_type=Path, dir_okay=False), help="File exported from Canvas or Moodle.")
@click.option("--column", metavar="NAME", help="Its column of grades; the exercise's name by default.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write; else standard output.")
@click.option("--gradebook", metavar="URL", help="nbgrader's database, such as sqlite:///gradebook.db.")
@click.option("--exercise", default="", metavar="NAME", help="Of a whole course, this exercise; else the total.")
def export(folder: Path, form: str, into: Path | None, output: Path | None, **given: Any) -> int:
    """Hand on the grades that `course grade` stored in DIR. Exits with 1 where no score found its line."""
    exercise = catalog.find_exercise(this_kit(), given["exercise"]).name if given["exercise"] else ""
    if form == "nbgrader":
        _write_gradebook(given["gradebook"] or "sqlite:///gradebook.db", folder, exercise)
        return 0
    if output is not None and into is not None and output.absolute() == into.absolute():
        raise UserError(f"{output} is the file that was exported; name another --output, and import that")
    text, code = _exported(folder, form, into, given["column"], exercise)
    if output is None:
        click.echo(text, nl=False)
        return code
    write(output, text, "name another --output")
    click.echo(f"wrote {output}", err=True)
    return code


# Grading


def _options(
    submissions: Path, output: Path | None, exercise: Exercise | None, given: Mapping[str, Any]
) -> GradeOptions:
    if output is None and not given["compare"]:
        raise UserError("name the folder for grades, reports and pages; it is --output DIR")
    if given["weights"] is not None and exercise is not None:
        raise UserError("--weights are those of exercises in the total of `course grade all`; leave them out")
    return GradeOptions(
        submissions,
        output or Path("results"),
        rule_options(given, [exercise.name] if exercise else catalog.exercise_names()),
        _engine(given["engine"], given["jobs"], given["scheduler"]),
        given["isolation"],
        given["fresh"],
        given["only"],
        _roster(given["roster"]),
        given["weights"],
    )


def _roster(path: Path | None) -> Enrolment | None:
    from autograder.classroom.enrolment import read_roster

    return None if path is None else read_roster(read_bytes(path, ADVICE), path)


def _engine(name: str, jobs: int | None, scheduler: str | None) -> Engine:
    if name == "dask":
        from autograder.classroom.dask_engine import grade_all as on_cluster

        return partial(on_cluster, scheduler=scheduler, jobs=jobs or processors())
    if scheduler:
        raise UserError("a --scheduler needs --engine dask")
    return local_engine(jobs)


def local_engine(jobs: int | None = None) -> Engine:
    """Return what grades a class on this machine, by default on all its processors."""
    from autograder.classroom.local_engine import grade_all

    return partial(grade_all, jobs=jobs or processors())


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _run(options: GradeOptions, exercise: Exercise | None) -> int:
    """Grade into a folder; the exit code."""
    from autograder.classroom.results import summary
    from autograder.classroom.rule import so_far
    from autograder.classroom.run import grade_class

    if exercise is None:
        return whole_course.grade_all(options)
    output = options.output
    before = so_far(output, [exercise.name])[exercise.name]
    plan = plan_of(options, exercise, output, before, what=f"the class in {output}")
    tell_rule(options, {exercise.name: (plan, before)})
    with progress() as watch:
        outcome = grade_class(plan, options.engine, watch)
    for line in summary(output):
        click.echo(line)
    tell(outcome)
    tell_roster(output)
    click.echo(f"{outcome.graded} graded, {outcome.known} unchanged; see {output / 'report.html'}")
    return exit_code([outcome])


def _compare(options: GradeOptions, exercise: Exercise | None, old: str) -> int:
    """Grade into a folder that is thrown away, and show what would change; the exit code."""
    from autograder.classroom.results import differences, require_exercise
    from autograder.classroom.rule import so_far
    from autograder.classroom.run import grade_class
    from autograder.classroom.store import Store

    is_gradebook = "://" in old
    if exercise is None:
        if is_gradebook:
            raise UserError("a gradebook is compared with one exercise at a time; name it in place of `all`")
        return whole_course.compare_all(options, Path(old))
    if is_gradebook:
        _gradebook()
    else:
        with Store(Path(old)) as store:  # or the grading would be for nothing
            require_exercise(store, exercise)
    folder = options.output if is_gradebook else Path(old)
    before = so_far(folder, [exercise.name])[exercise.name]
    with tempfile.TemporaryDirectory(prefix="course-") as scratch:
        plan = plan_of(options, exercise, Path(scratch), before, what=f"the class in {folder}")
        tell_rule(options, {exercise.name: (plan, before)})
        with progress() as watch:
            outcome = grade_class(plan, options.engine, watch, with_page=False)
        lines = _compared_with_gradebook(old, plan) if is_gradebook else list(differences(Path(old), plan))
    tell(outcome)
    for line in lines:
        click.echo(line)
    return exit_code([outcome])


def _gradebook() -> ModuleType:
    """Return the bridge to nbgrader; UserError where that is not installed."""
    try:
        from autograder.nbgrader import gradebook
    except ImportError as error:
        raise UserError(f'nbgrader is not installed here ({error}); pip install -e ".[instructor]"') from None
    return gradebook


def _compared_with_gradebook(url: str, plan: Plan) -> list[str]:
    from autograder.classroom.results import kept
    from autograder.classroom.store import Store

    with Store(plan.output) as store:
        changes = _gradebook().compare(url, plan.exercise, store.rows())
    differing = [str(change) for change in changes if change.before != change.after]
    return [*differing, kept(len(changes) - len(differing))]


def _write_gradebook(url: str, folder: Path, exercise: str) -> None:
    """Write the scores of an exercise, or of all that a folder holds, into nbgrader's gradebook."""
    from autograder.classroom.store import Store

    kit = this_kit()
    with Store(folder) as store:
        for name in [store.of(exercise).exercise] if exercise else store.exercises:
            _gradebook().write_scores(url, catalog.find_exercise(kit, name), store.of(name).rows())
    click.echo(f"the scores are in {url}")
    pages = "`nbgrader generate_feedback --force` and `nbgrader release_feedback`"
    click.echo(
        f"for nbgrader's own pages: {pages}; where checks have changed, `nbgrader autograde --force` before this"
    )


# Exporting


def _exported(folder: Path, form: str, into: Path | None, column: str | None, exercise: str) -> tuple[str, int]:
    """Return a file to be handed on, and the exit code: 1 where it has no score in it."""
    from autograder.classroom.exports import canvas, moodle
    from autograder.classroom.store import Store

    with Store(folder) as store:
        if form == "csv":
            return _table(store, exercise), 0
        rows, name = _handed_on(store, exercise)
        names_of = store.roster.names_of
    if form == "moodle" and into is None:
        listed = [replace(row, student=next(iter(names_of(row.student)), row.student)) for row in rows]
        is_clear = len({row.student for row in listed}) == len(rows)  # else two may be one's
        return moodle.gradebook(listed if is_clear else rows, column or name), 0
    if into is None:
        raise UserError("Canvas takes scores in its own file; export the gradebook there and name it with --into")
    if form == "canvas":
        filled = canvas.export(read_bytes(into, ADVICE), rows, column or name, names_of)
    else:
        filled = moodle.export(read_bytes(into, ADVICE), rows, column, names_of)
    for line in filled.lines(into):
        click.echo(line, err=True)
    return filled.text, 0 if filled.written else REFUSED


def _table(store: Store, exercise: str) -> str:
    from autograder.classroom.exports import csv
    from autograder.classroom.term import read_term, render_table

    if store.is_course and not exercise:
        return render_table(read_term(store))
    one = store.of(exercise) if exercise else store
    return csv.render(one.rows(), [name for name, _ in one.functions])


def _handed_on(store: Store, exercise: str) -> tuple[list[ClassRow], str]:
    """Return the scores of an exercise, or the totals of a course, and what their column is called."""
    from autograder.classroom.term import exercise_rows, of_what, read_term, total_rows
    from autograder.report.words import several

    name = store.of(exercise).exercise if exercise else ""
    if not store.is_course:
        return [replace(row, report={}) for row in store.rows()], store.exercise
    term = read_term(store)
    if name:
        return exercise_rows(term, name), name
    click.echo(f"{of_what(term)}{', in percent' if term.is_weighted else ''}; one exercise: --exercise NAME", err=True)
    if refused := sum(any(cell.state == "refused" for cell in row.cells) for row in term.rows):
        have = f"{several(refused, 'student')} {'has' if refused == 1 else 'have'}"
        click.echo(f"{have} work that was refused; it counts 0 until it is graded", err=True)
    return total_rows(term), "total"
