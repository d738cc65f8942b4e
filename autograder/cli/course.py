"""`course`, the instructors' command: parse, call, print, exit code."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.authoring import catalog
from autograder.authoring import stubs as builder
from autograder.cli.ci import ci
from autograder.cli.classroom import export, grade, report
from autograder.cli.nbgrader import nbgrader
from autograder.cli.release import release
from autograder.errors import GraderError, UserError


class Commands(click.Group):
    """Commands whose errors are one line on standard error: exit code 2 for the user's, 3 for the grader's."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except (UserError, GraderError) as error:
            click.echo(f"course: {error}", err=True)
            ctx.exit(2 if isinstance(error, UserError) else 3)
        except KeyboardInterrupt:
            click.echo("course: stopped", err=True)
            ctx.exit(130)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Work on the kit and its exercises; run this in any folder inside the kit."""


@main.command()
@click.option("--check", is_flag=True, help="Only compare; exit with 1 where a file is not as generated.")
def build(*, check: bool) -> None:
    """Write the stubs in exercises/ from solutions/. A stub that somebody has worked in is left alone."""
    kit = catalog.find_kit(Path.cwd())
    outcomes = builder.compare(kit) if check else builder.build(kit)
    stale = [outcome for outcome in outcomes if not outcome.is_current]
    for outcome in stale if check else outcomes:
        click.echo(str(outcome))
    if stale:
        raise SystemExit(1)
    if check:
        click.echo(f"{len(outcomes)} generated files are up to date")


@main.command()
@click.argument("exercise", required=False)
def check(exercise: str | None) -> None:
    """Let the kit audit itself. Prints one line a step, for one EXERCISE or all; exits with 1 at a fault."""
    kit = catalog.find_kit(Path.cwd())
    names = [catalog.find_exercise(kit, exercise).name] if exercise else catalog.exercise_names()
    from autograder.publish.audit import audit  # imports pytest and torch

    is_faulty = False
    for finding in audit(kit, names):
        click.echo(str(finding))
        is_faulty = is_faulty or finding.is_fault
    if is_faulty:
        raise SystemExit(1)


@main.command()
@click.argument("exercise")
def new(exercise: str) -> None:
    """Begin a new EXERCISE. Writes a reference, its checks and the stub, with one function as an example."""
    from autograder.authoring.skeleton import new_exercise

    kit = catalog.find_kit(Path.cwd())
    for path in new_exercise(kit, exercise):
        click.echo(f"wrote {path.relative_to(kit).as_posix()}")
    click.echo(f"Put your functions in place of the example; `course check {exercise}` says whether all fits together.")


for command in (grade, report, export, release, nbgrader, ci):
    main.add_command(command)
