"""`course`, the instructors' command: parse, call, print, exit code."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click

from autograder.authoring import catalog
from autograder.authoring import stubs as builder
from autograder.cli import running
from autograder.cli.ci import ci
from autograder.cli.classroom import export, grade, report
from autograder.cli.nbgrader import nbgrader
from autograder.cli.release import release


class Commands(click.Group):
    """Commands that return their exit code, and whose errors are one line on standard error."""

    def main(self, args: Sequence[str] | None = None, *_more: Any, **_named: Any) -> NoReturn:
        """Run a command, and exit; how it is called and how errors are handled is not to be chosen."""
        sys.exit(running.run("course", partial(super().main, args), "the kit itself failed: "))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Work on the kit and its exercises; run this in any folder inside the kit."""


@main.command()
@click.option("--check", is_flag=True, help="Only compare; exit with 1 where a file is not as generated.")
def build(*, check: bool) -> int:
    """Write the stubs in exercises/ from solutions/. A stub that somebody has worked in is left alone."""
    kit = catalog.find_kit(Path.cwd())
    outcomes = builder.compare(kit) if check else builder.build(kit)
    stale = [outcome for outcome in outcomes if not outcome.is_current]
    for outcome in stale if check else outcomes:
        click.echo(str(outcome))
    if check and not stale:
        click.echo(f"{len(outcomes)} generated files are up to date")
    return 1 if stale else 0


@main.command()
@click.argument("exercise", required=False)
def check(exercise: str | None) -> int:
    """Let the kit audit itself. Prints one line a step, for one EXERCISE or all; exits with 1 at a fault."""
    kit = catalog.find_kit(Path.cwd())
    names = [catalog.find_exercise(kit, exercise).name] if exercise else catalog.exercise_names()
    from autograder.publish.audit import audit  # imports pytest and torch

    is_faulty = False
    for finding in audit(kit, names):
        click.echo(str(finding))
        is_faulty = is_faulty or finding.is_fault
    return 1 if is_faulty else 0


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
