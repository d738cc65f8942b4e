"""`grade`, the students' command: parse, call, print, exit code. Heavy modules are imported once they are needed."""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from autograder import __version__
from autograder.authoring import catalog
from autograder.cli import completing, formats, hints, listing, running, streams, waiting, watching
from autograder.cli.desk import FULL_MARKS, Choices, Desk, exit_code, tell
from autograder.cli.own_file import is_own, named_file, own_file
from autograder.cli.saves import Saves
from autograder.errors import GraderError, UserError
from autograder.exercise import Exercise
from autograder.files import reason

if TYPE_CHECKING:
    from autograder.model import Report, Submission

SEED = click.IntRange(0, 2**32 - 1)  # as NumPy and torch both take it
SEED.name = "whole number"
NAME: dict[str, Any] = {"metavar": "NAME", "shell_complete": completing.functions}
RESETTABLE: dict[str, Any] = {"metavar": "NAME", "shell_complete": completing.resettable}
CREDIT = "Points for a function once all its checks pass, or for each check that does. Default: function."
REVEALING = ("text", "json", "html")  # the forms of a report that an instructor reads
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
@click.argument("exercise", required=False, shell_complete=completing.exercises)
@click.argument("submission", required=False, type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(formats.FORMS), default="text", help="Form of the report.")
@click.option("--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the report to a file.")
@click.option("--function", "functions", help="Grade only this function (repeatable).", multiple=True, **NAME)
@click.option("--all", "everything", is_flag=True, help="Tell all that is wrong in full, not the first alone.")
@click.option("--watch", is_flag=True, help="Grade again at each save, until Ctrl-C.")
@click.option("--hint", help="Show the next hint for a function.", **NAME)
@click.option("--read", is_flag=True, help="Show the exercise as a page, formulas set.")
@click.option("--reset", help="Give the stub of a function or of the exercise back; keep what was there.", **RESETTABLE)
@click.option("--solution", is_flag=True, help="After full marks: a model solution beside yours.")
@click.option("--plot", type=click.Path(path_type=Path), metavar="FILE", help="Draw what it does (.png, .svg or .pdf).")
@click.option("--reveal", is_flag=True, help="Instructor's kit only: hidden checks in full.")
@click.option("--credit", type=click.Choice(["function", "check"]), default="function", help=CREDIT)
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
    _check_alone(choices)
    if exercise is None and choices.reset is not None and catalog.is_known(choices.reset):
        exercise = choices.reset  # `grade --reset exercise1` says it all
    if exercise is None:
        asked = (choices.hint, choices.output, choices.functions, choices.plot, choices.watch, choices.read)
        if any(asked) or choices.solution or choices.reset is not None or choices.form != "text":
            raise UserError("which exercise? Name it first, as in: grade exercise1")
        streams.show(listing.listing(catalog.find_kit(_here())))
        return FULL_MARKS
    if choices.read or choices.reset is not None:
        streams.show(_without_grading(exercise, submission, choices))
        return FULL_MARKS
    request = _request(exercise, submission, choices)
    return _serve(request) if choices.hint is None else _hint(request, choices.hint)


def _check_alone(choices: Choices) -> None:
    """UserError where something is asked for besides what is shown or done instead of a report."""
    asked = [name for name in ("hint", "read", "reset", "solution") if getattr(choices, name) not in (None, False)]
    more = choices.plot or choices.watch or choices.form != "text" or (choices.output and not choices.read)
    if asked and (more or len(asked) > 1):
        does = {"hint": "only shows a hint", "read": "only shows the exercise", "reset": "only resets"}
        what = does.get(asked[0], "only shows the solutions")
        rest = f"--{asked[1]}" if len(asked) > 1 else "--watch, --plot, --output and --format"
        raise UserError(f"--{asked[0]} {what}; leave out {rest}")


def _without_grading(exercise: str, submission: Path | None, choices: Choices) -> str:
    """Write the exercise as a page, or reset what is named; return what to say of it."""
    chosen, path = _file(exercise, submission)
    if choices.reset is None:
        from autograder.cli import reading

        if choices.output is not None:
            _check_output(choices.output)
        return reading.read(chosen, choices.output)
    from autograder.cli import resetting

    function: str | None = choices.reset
    if function not in dict(chosen.functions):
        with suppress(UserError):
            function = None if catalog.find_exercise(chosen.kit, choices.reset).name == chosen.name else function
    if function is not None and function not in _ungraded(chosen):
        _check_functions(chosen, (function,))
    return resetting.reset(chosen, path, function)


# Finding and checking what was asked for


def _request(exercise: str, submission: Path | None, choices: Choices) -> Request:
    """Return what is to be graded; UserError before any work is done for what could not end well."""
    from autograder.submissions.submission import read_submission

    chosen, path = _file(exercise, submission)
    if is_own(path, chosen) and not path.exists():
        raise UserError(f"there is no file {path}; {listing.missing(path)}")
    if choices.form == "html" and choices.output is None:  # nobody reads a page on a terminal
        choices = replace(choices, output=path.with_name(f"{path.stem}-report.html"))
    saves = Saves(path) if choices.watch else None  # before it is read, so that no save is missed
    handed_in = read_submission(path, choices.student)
    _check_functions(chosen, choices.functions)
    _check_reveal(chosen, choices)
    if choices.output is not None:
        _check_output(choices.output)
    if choices.plot is not None:
        from autograder.report.plots import check_path

        check_path(choices.plot)
    return Request(chosen, handed_in, choices, saves)


def _file(exercise: str, submission: Path | None) -> tuple[Exercise, Path]:
    """Return the exercise that is meant, and which file of it; a path names both."""
    asked = Path(exercise)
    is_path = submission is None and asked.suffix.lower() in (".py", ".ipynb")
    if is_path and asked.is_file():
        submission = asked
    chosen = catalog.find_exercise(_kit(submission), exercise)
    if is_path and submission is None:
        return chosen, named_file(chosen, asked)
    return chosen, submission or _own(chosen)


def _own(exercise: Exercise) -> Path:
    """Return the student's file of an exercise; where both have been worked in, say which one it is."""
    own = own_file(exercise)
    if own.remark:
        tell(own.remark)
    return own.path


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


def _ungraded(exercise: Exercise) -> list[str]:
    """Return the functions of an exercise that are to be written, and that nobody grades."""
    from autograder.authoring.originals import original
    from autograder.submissions.outline import to_write

    with suppress(UserError):  # the kit has lost it
        return [name for name in to_write(original(exercise)) if name not in dict(exercise.functions)]
    return []


def _check_functions(exercise: Exercise, functions: tuple[str, ...]) -> None:
    known = [name for name, _ in exercise.functions]
    for name in functions:
        if name not in known:
            if name in _ungraded(exercise):
                run = f"python {shlex.quote(os.path.relpath(exercise.stub))}"
                raise UserError(f"{name} is yours to write, but it is not graded; run the file and compare: {run}")
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


def _check_reveal(exercise: Exercise, choices: Choices) -> None:
    """UserError where hidden checks are to be shown that are not there, or where a student may read them."""
    if choices.reveal and exercise.checks.suffix == ".json":
        raise UserError("--reveal is for the instructor's kit; the hidden checks are not in this one")
    if choices.reveal and choices.form not in REVEALING:
        raise UserError(
            f"--reveal is for instructors, and students read --format {choices.form}; take text, json or html"
        )


# Grading


def _serve(request: Request) -> int:
    """Grade once, or at each save, with one worker process; the exit code of the last report."""
    from autograder.host.fork_server import ForkServer

    exercise, submission, choices, saves = request
    # First of all, for it imports torch while this process does.
    with ForkServer.start(off=exercise.off, isolation=choices.isolation) as fork_server:
        desk = Desk(choices, fork_server)
        if saves is not None:
            return watching.Watch(desk, choices, saves, _own).run(exercise, submission)
        with waiting.saying_so(erase=formats.is_obeying()):
            report = desk.grade(exercise, submission, choices.functions)
        if choices.solution:
            _compare(report, choices)
        else:
            desk.deliver(report)
        desk.follow_up(report)
    return exit_code(report)


def _compare(report: Report, choices: Choices) -> None:
    """Show the model solution beside one's own, where all is right."""
    from autograder.cli import model_solution

    width = get_terminal_size().columns if choices.is_to_terminal else formats.PIPED
    streams.show(model_solution.shown(report, width))


def _hint(request: Request, function: str) -> int:
    """Show the next hint for a function, which is graded first where the file has changed since it was."""
    exercise, submission, choices, _ = request
    _check_functions(exercise, (function,))
    if not hints.is_known(exercise, submission, function):
        from autograder.host.fork_server import ForkServer

        with (
            suppress(UserError, GraderError),  # a hint can be given without
            waiting.saying_so(erase=formats.is_obeying()),
            ForkServer.start(off=exercise.off, isolation=choices.isolation) as fork_server,
        ):
            hints.remember(Desk(choices, fork_server).grade(exercise, submission, (function,)))
    file = "" if is_own(submission.path, exercise) else f" {shlex.quote(str(submission.path))}"
    streams.show(hints.next_hint(exercise, submission, function, f"grade {exercise.name}{file} --hint {function}"))
    return FULL_MARKS


if __name__ == "__main__":
    main()
