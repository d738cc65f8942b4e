"""`course grade`, `course report` and `course export`: a class is graded, shown and handed on."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import click

from autograder.authoring import catalog
from autograder.cli.progress import progress
from autograder.cli.running import GRADER_FAILED
from autograder.errors import UserError
from autograder.files import read_bytes, write

if TYPE_CHECKING:
    from autograder.classroom.run import Engine, Lateness, Plan, RunResult
    from autograder.model import ClassRow, GradingSpec, Isolation

NAMED = 20  # students or files in a line
REFUSED = 1
ADVICE = "check its name"
EXPORTS = ("canvas", "moodle", "nbgrader", "csv")


@click.command()
@click.argument("exercise")
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option("--output", required=True, type=click.Path(path_type=Path), help="Folder for grades, reports and pages.")
@click.option("--jobs", type=click.IntRange(1, 512), help="Graders at a time; by default one a processor.")
@click.option("--engine", type=click.Choice(["local", "dask"]), default="local", help="Here, or on a Dask cluster.")
@click.option("--scheduler", metavar="ADDRESS", help="Dask's scheduler; without one, a cluster is started here.")
@click.option("--isolation", type=click.Choice(["sandbox", "process"]), default="sandbox", help="Default: sandbox.")
@click.option("--fresh", is_flag=True, help="Grade all again, whatever is stored.")
@click.option("--only", metavar="STUDENT", multiple=True, help="Grade only this student, again (repeatable).")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, metavar="N", help="Seed of the random cases.")
@click.option("--seed-per-student", "salt", metavar="SALT", help="Hidden cases differ by student, and by this word.")
@click.option("--deadline", metavar="TIME", help='What comes later is late: "2026-12-01 23:59".')
@click.option("--late-penalty", "rule", metavar="RULE", help="What lateness costs: 20%, 5/day or 10%/day,max=50%.")
@click.option(
    "--times", type=click.Path(path_type=Path), help="CSV with student,time of all; else the files' own times."
)
@click.option("--compare", metavar="OLD", help="Write nothing; show what changes in a folder or gradebook.")
@click.option("--gradebook", metavar="URL", help="Write the scores into nbgrader's gradebook, too.")
def grade(exercise: str, submissions: Path, output: Path, **given: Any) -> int:
    """Grade a class: the submissions of EXERCISE in the folder SUBMISSIONS.

    \b
    SUBMISSIONS holds, for each student, one of
      <student>.py                            or .ipynb
      <student>/<exercise>.py                 or .ipynb
      <student>/<exercise>/<exercise>.ipynb   or .py, as nbgrader collects them
    or a zip of these, or clones of students' repositories, a folder each; or it is a download from Canvas, Moodle,
    Blackboard, Brightspace, ILIAS, PrairieLearn, Gradescope or Google Classroom, as a folder or as a zip.

    A run may be stopped at any moment and started again: only what is new or changed is graded. Exits with 0 when every
    submission has a report, 1 when some were refused or lie where none is looked for, 2 for unusable input, 3 when the
    grader itself failed.
    """
    from autograder.classroom.run import Plan

    found = catalog.find_exercise(catalog.find_kit(Path.cwd()), exercise)
    lateness = _lateness(given["deadline"], given["rule"], given["times"])
    order = _order(found, given["seed"], given["salt"], given["isolation"])
    plan = Plan(order, submissions, output, given["fresh"], given["only"], lateness)
    engine = _engine(given["engine"], given["jobs"], given["scheduler"])
    if given["gradebook"]:
        _gradebook()  # or the grading would be for nothing
    if given["compare"]:
        return _compare(plan, engine, given["compare"])
    try:
        code = _run(plan, engine)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("what is graded is stored, and the same command goes on from there") from None
    if given["gradebook"]:
        _write_gradebook(given["gradebook"], output)
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
def export(folder: Path, form: str, into: Path | None, column: str | None, output: Path | None, gradebook: str) -> None:
    """Hand on the grades that `course grade` stored in DIR."""
    if form == "nbgrader":
        _write_gradebook(gradebook or "sqlite:///gradebook.db", folder)
        return
    if output is not None and into is not None and output.absolute() == into.absolute():
        raise UserError(f"{output} is the file that was exported; name another --output, and import that")
    text = _exported(folder, form, into, column)
    if output is None:
        click.echo(text, nl=False)
        return
    write(output, text, "name another --output")
    click.echo(f"wrote {output}", err=True)


# Grading


def _order(exercise: Any, seed: int, salt: str | None, isolation: Isolation) -> GradingSpec:
    from autograder.grading.seeds import course_secret
    from autograder.model import GradingSpec

    if salt == "":
        raise UserError("--seed-per-student needs a word, which you keep for appeals")
    # A class's code is hostile until it is graded: without a sandbox nothing runs, unless somebody says so.
    return GradingSpec(exercise, isolation, seed, course_secret(), salt or "")


def _lateness(deadline: str | None, rule: str | None, times: Path | None) -> Lateness:
    from autograder.classroom import lateness
    from autograder.classroom.run import Lateness

    if deadline is None:
        if rule or times:
            raise UserError("a late penalty needs a --deadline")
        return Lateness()
    due = lateness.parse_deadline(deadline)
    listed = lateness.read_times(read_bytes(times, ADVICE), times, due) if times else None
    click.echo(f"the deadline is {due}", err=True)
    return Lateness(due, lateness.parse_rule(rule) if rule else None, listed)


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


def _run(plan: Plan, engine: Engine) -> int:
    from autograder.classroom.results import summary
    from autograder.classroom.run import grade_class

    with progress() as watch:
        outcome = grade_class(plan, engine, watch)
    for line in summary(plan.output):
        click.echo(line)
    _tell(outcome)
    click.echo(f"{outcome.graded} graded, {outcome.known} unchanged; see {plan.output / 'report.html'}")
    return _exit_code(outcome)


def _exit_code(outcome: RunResult) -> int:
    if outcome.failed:
        return GRADER_FAILED
    return REFUSED if any(not refused.is_missing for refused in outcome.refused) else 0


def _tell(outcome: RunResult) -> None:
    lines = [f"not graded: {refused}" for refused in outcome.refused]
    if outcome.ignored:
        lines.append(f"nobody's submission: {_some(outcome.ignored)}")
    if outcome.unlisted:
        lines.append(f"in --times, but nobody's submission: {', '.join(outcome.unlisted)}")
    lines += [f"changed: {one.student} had {one.before} points and now has {one.after}" for one in outcome.changed]
    if outcome.gone:
        lines.append(f"graded earlier, and not here any more: {_some(outcome.gone)}; the results stay")
    lines += [f"ERROR: no verdict on {failure.student}: {failure.how}" for failure in outcome.failed]
    if outcome.failed:
        lines.append("ERROR: the grader itself failed, which is no student's mistake; run again to have it tried")
    for line in lines:
        click.echo(line, err=True)


def _some(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _compare(plan: Plan, engine: Engine, old: str) -> int:
    """Grade into a folder that is thrown away, and show what would change; the exit code."""
    from autograder.classroom.results import differences, require_exercise
    from autograder.classroom.run import grade_class
    from autograder.classroom.store import Store

    is_gradebook = "://" in old
    if is_gradebook:
        _gradebook()
    else:
        with Store(Path(old)) as store:  # or the grading would be for nothing
            require_exercise(store, plan.exercise)
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        now = replace(plan, output=Path(folder))
        with progress() as watch:
            outcome = grade_class(now, engine, watch, with_page=False)
        lines = _compared_with_gradebook(old, now) if is_gradebook else list(differences(Path(old), now))
    _tell(outcome)
    for line in lines:
        click.echo(line)
    return _exit_code(outcome)


def _gradebook() -> ModuleType:
    """Return the bridge to nbgrader; UserError where that is not installed."""
    try:
        from autograder.nbgrader import gradebook
    except ImportError as error:
        raise UserError(f'nbgrader is not installed here ({error}); pip install -e ".[instructor]"') from None
    return gradebook


def _compared_with_gradebook(url: str, plan: Plan) -> list[str]:
    from autograder.classroom.store import Store

    with Store(plan.output) as store:
        changes = _gradebook().compare(url, plan.exercise, _scores(store.rows()))
    differing = [str(change) for change in changes if change.before != change.after]
    return [*differing, f"{len(changes) - len(differing)} students keep their score; nothing was written"]


def _scores(rows: Iterable[ClassRow]) -> Iterator[tuple[str, dict[str, float]]]:
    for row in rows:
        if not row.is_errored:
            yield row.student, {one["name"]: one["score"] for one in row.report["functions"]}


def _write_gradebook(url: str, folder: Path) -> None:
    from autograder.classroom.store import Store

    with Store(folder) as store:
        exercise = catalog.find_exercise(catalog.find_kit(Path.cwd()), store.exercise)
        _gradebook().write_scores(url, exercise, _scores(store.rows()))
    click.echo(f"the scores are in {url}")


# Exporting


def _exported(folder: Path, form: str, into: Path | None, column: str | None) -> str:
    from autograder.classroom.exports import canvas, csv, moodle
    from autograder.classroom.store import Store

    with Store(folder) as store:
        if form == "csv":
            return csv.render(store.rows(), [name for name, _ in store.functions])
        if form == "moodle" and into is None:
            return moodle.gradebook(store.rows(), column or store.exercise)
        if into is None:
            raise UserError("Canvas takes scores in its own file; export the gradebook there and name it with --into")
        if form == "canvas":
            filled = canvas.export(read_bytes(into, ADVICE), store.rows(), column or store.exercise)
        else:
            filled = moodle.export(read_bytes(into, ADVICE), store.rows(), column)
    click.echo(f"{filled.written} scores written", err=True)
    for student in filled.unlisted:
        click.echo(f"not in {into}: {student}", err=True)
    for sentence in filled.kept:
        click.echo(sentence, err=True)
    if filled.ungraded:
        named = ", ".join(filled.ungraded[:20]) + (" and more" if len(filled.ungraded) > 20 else "")
        click.echo(f"without a result: {named}", err=True)
    return filled.text
