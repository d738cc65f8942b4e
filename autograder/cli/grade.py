"""`grade`, the students' command: parse, call, print, exit code. Heavy modules are imported once they are needed."""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from autograder import __version__
from autograder.authoring import catalog
from autograder.cli import formats, hints, listing, running, streams, watching
from autograder.cli.desk import FULL_MARKS, Choices, Desk, exit_code, tell
from autograder.cli.saves import Saves
from autograder.errors import GraderError, UserError
from autograder.exercise import Exercise
from autograder.files import reason

if TYPE_CHECKING:
    from autograder.model import Submission

SEED = click.IntRange(0, 2**32 - 1)  # as NumPy and torch both take it
SEED.name = "whole number"
BLAME = "the grader failed, which is not your mistake; tell your instructor: "


def main() -> None:
    """Run `grade` with the arguments of the command line, and exit."""
    running.leave(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run `grade`, put every error into one line on standard error, and return the exit code."""
    return running.run("grade", partial(command.main, arguments), BLAME)


class Command(click.Command):
    """A command whose standard output may be closed or full."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments; from here, --help and --version are printed."""
        try:
            return super().parse_args(ctx, args)
        except BrokenPipeError:
            streams.drop_output()
            ctx.exit()
        except OSError as error:
            raise streams.unprintable(error) from None


class Request(NamedTuple):
    """What to grade and what to make of it."""

    exercise: Exercise
    submission: Submission
    choices: Choices
    saves: Saves | None


@click.command(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("exercise", required=False)
@click.argument("submission", required=False, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(formats.FORMS), default="text", help="Form of the report.")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the report to a file.")
@click.option("--function", "functions", multiple=True, metavar="NAME", help="Grade only this function (repeatable).")
@click.option("--all", "everything", is_flag=True, help="Tell all that is wrong in full, not the first alone.")
@click.option("--watch", is_flag=True, help="Grade again at each save, until Ctrl-C.")
@click.option("--hint", metavar="NAME", help="Show the next hint for a function.")
@click.option("--plot", type=click.Path(path_type=Path), metavar="FILE", help="Draw what it does (.png, .svg or .pdf).")
@click.option("--seed", type=SEED, default=0, metavar="N", help="Seed of the random cases.")
@click.option("--isolation", type=click.Choice(["sandbox", "process"]), help="Default: sandbox where it can be had.")
@click.option("--student", default="", metavar="ID", help="Name recorded in the report.")
@click.version_option(__version__)
def command(exercise: str | None, submission: Path | None, **given: Any) -> int:
    """Grade your solution of EXERCISE, or the file SUBMISSION (.py or .ipynb). Alone: list the exercises.

    \b
    grade exercise1                    grade exercises/exercise1.py
    grade exercise1 my_notebook.ipynb  grade another file
    """
    choices = Choices(**given)
    _here()  # or there is nothing that a path could be seen from
    if choices.output is None and sys.stdout is None:
        raise UserError("standard output is closed; write the report to a file with --output")
    if choices.hint is not None and (choices.output or choices.plot or choices.watch or choices.form != "text"):
        raise UserError("--hint only shows a hint; leave out --watch, --plot, --output and --format")
    if exercise is not None:
        request = _request(exercise, submission, choices)
        return _serve(request) if choices.hint is None else _hint(request, choices.hint)
    if choices.hint or choices.output or choices.functions or choices.plot or choices.watch or choices.form != "text":
        raise UserError("which exercise? Name it first, as in: grade exercise1")
    streams.show(listing.listing(catalog.find_kit(_here())))
    return FULL_MARKS


# Finding and checking what was asked for


def _request(exercise: str, submission: Path | None, choices: Choices) -> Request:
    """Return what is to be graded; UserError before any work is done for what could not end well."""
    from autograder.submissions.submission import read_submission

    if submission is None and exercise.endswith((".py", ".ipynb")) and Path(exercise).is_file():
        submission = Path(exercise)  # a path names both
    chosen = catalog.find_exercise(_kit(submission), exercise)
    path = submission or _worked_in(chosen)
    saves = Saves(path) if choices.watch else None  # before it is read, so that no save is missed
    handed_in = read_submission(path, choices.student)
    _check_functions(chosen, choices.functions)
    if choices.output is not None:
        _check_output(choices.output)
    if choices.plot is not None:
        from autograder.report.plots import check_path

        check_path(choices.plot)
    return Request(chosen, handed_in, choices, saves)


def _here() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise UserError("the current folder is gone; change to the kit's folder") from None


def _kit(submission: Path | None) -> Path:
    """Return the kit around the current folder, else around the submission, else the one this package lies in."""
    try:
        return catalog.find_kit(_here())
    except UserError:
        if submission is None:
            raise
        with suppress(UserError):
            return catalog.find_kit(submission.absolute().parent)
        package = Path(__file__).resolve().parents[2]
        with suppress(UserError):
            if catalog.find_kit(package) == package:
                return package
        raise


def _worked_in(exercise: Exercise) -> Path:
    """Return the student's file of an exercise: the script, or the notebook where only that has been worked in."""
    script = Path(os.path.relpath(exercise.stub))
    notebook = script.with_suffix(".ipynb")
    if not notebook.is_file():
        return script
    from autograder.submissions.submission import read_any
    from autograder.submissions.upload import is_begun

    has_script = script.is_file() and is_begun(read_any(script, script, ""), exercise)
    return notebook if not has_script and is_begun(read_any(notebook, notebook, ""), exercise) else script


def _check_functions(exercise: Exercise, functions: tuple[str, ...]) -> None:
    known = [name for name, _ in exercise.functions]
    for name in functions:
        if name not in known:
            from difflib import get_close_matches  # only for a slip of the pen

            near = get_close_matches(name, known, 1)
            advice = f"did you mean {near[0]}?" if near else f"it has {', '.join(known)}"
            raise UserError(f"{exercise.name} has no function {name!r}; {advice}")


def _check_output(output: Path) -> None:
    """Refuse before grading what could not be written after it, or would overwrite somebody's work."""
    from autograder.submissions.submission import SUFFIXES

    folder = output.absolute().parent
    try:
        if output.is_dir():
            raise UserError(f"{output} is a folder; name a file in it for the report")
        if output.suffix.lower() in SUFFIXES:
            raise UserError(f"{output} is the name of a script or notebook; choose another for the report")
        if not folder.is_dir():
            raise UserError(f"there is no folder {output.parent}; make it, or write the report elsewhere")
        written = output if output.exists() and not output.is_file() else folder  # a device, or a file beside it
        if not os.access(written, os.W_OK):
            raise UserError(f"{output} may not be written; write the report to another folder")
    except OSError as error:
        raise UserError(f"{output} cannot be written ({reason(error)}); write the report to another file") from None


# Grading


def _serve(request: Request) -> int:
    """Grade once, or at each save, with one worker process; the exit code of the last report."""
    from autograder.host.fork_server import ForkServer

    exercise, submission, choices, saves = request
    # First of all, for it imports torch while this process does.
    with ForkServer.start(off=exercise.off, isolation=choices.isolation) as fork_server:
        desk = Desk(choices, fork_server)
        if saves is not None:
            return watching.Watch(desk, choices, saves, _worked_in).run(exercise, submission)
        report = desk.grade(exercise, submission, choices.functions)
        desk.deliver(report)
        desk.follow_up(report)
    return exit_code(report)


def _hint(request: Request, function: str) -> int:
    """Show the next hint for a function, which is graded first where the file has changed since it was."""
    exercise, submission, choices, _ = request
    _check_functions(exercise, (function,))
    if not hints.is_known(exercise, submission, function):
        from autograder.host.fork_server import ForkServer

        tell(f"a look at {function} first")
        with (
            suppress(UserError, GraderError),  # a hint can be given without
            ForkServer.start(off=exercise.off, isolation=choices.isolation) as fork_server,
        ):
            hints.remember(Desk(choices, fork_server).grade(exercise, submission, (function,)))
    is_own = os.path.abspath(submission.path) == os.path.abspath(exercise.stub)  # noqa: PTH100 - a link stays a link
    file = "" if is_own else f" {shlex.quote(str(submission.path))}"
    streams.show(hints.next_hint(exercise, submission, function, f"grade {exercise.name}{file} --hint {function}"))
    return FULL_MARKS


if __name__ == "__main__":
    main()
