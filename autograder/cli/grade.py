"""`grade`, the students' command: parse, call, print, exit code. Heavy modules are imported once they are needed."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from autograder import __version__
from autograder.cli import streams
from autograder.cli.formats import FORMS
from autograder.errors import GraderError, UserError

if TYPE_CHECKING:
    from autograder.cli.last_scores import LastScore
    from autograder.cli.watching import Saves
    from autograder.exercise import Exercise
    from autograder.host.fork_server import ForkServer
    from autograder.model import Isolation, Report, Submission

FULL_MARKS, POINTS_MISSING, UNUSABLE, GRADER_FAILED, INTERRUPTED = 0, 1, 2, 3, 130
DEBUG = "BACKPROP_EXERCISES_DEBUG"  # set: show the traceback of the grader's own failures
ENDING = ("SIGTERM", "SIGHUP")  # signals that end a command: a job that is cancelled, a terminal that is closed
CLEAR = "\x1b[H\x1b[2J"

_received: list[int] = []  # the signal that ended this command


def main() -> None:
    """Run `grade` with the arguments of the command line, and exit."""
    streams.open_closed()
    for name in ENDING:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # under nohup it stays ignored
            signal.signal(number, _end_in_order)
    code = run(sys.argv[1:])
    if "torch" in sys.modules:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError):
                if stream is not None:
                    stream.flush()
        os._exit(code)  # everything is closed by now, and tearing torch down takes a quarter of a second
    sys.exit(code)


def _end_in_order(number: int, _frame: FrameType | None) -> None:
    """End as at Ctrl-C, which pytest lets through: worker processes and scratch folders go too."""
    signal.signal(number, signal.SIG_IGN)
    _received.append(number)
    raise KeyboardInterrupt


def run(arguments: list[str]) -> int:
    """Run `grade`, put every error into one line on standard error, and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that has no ✔ shows ?
    try:
        code = command.main(arguments, prog_name="grade", standalone_mode=False)
    except UserError as error:
        return _fail(str(error), UNUSABLE)
    except click.ClickException as error:
        return _fail(f"{error.format_message()} (see grade --help)", UNUSABLE)
    except (click.Abort, KeyboardInterrupt):
        return _fail("terminated", 128 + _received[0]) if _received else _fail("interrupted", INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - whatever is left is ours, and never a student's zero
        return _fail(_own_failure(error), GRADER_FAILED)
    return code if isinstance(code, int) else 0


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


class FilePath(click.Path):
    """The name of a file."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path; an empty one would be the current folder."""
        if not value:
            self.fail("it is empty; name a file", param, ctx)
        return super().convert(value, param, ctx)


class Seed(click.IntRange):
    """A seed as NumPy and torch both take it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is not a whole number from {self.min} to {self.max}", param, ctx)


class Request(NamedTuple):
    """What to grade and what to make of it."""

    exercise: Exercise
    submission: Submission
    functions: tuple[str, ...]
    seed: int
    isolation: Isolation | None
    form: str
    output: Path | None
    plot: Path | None
    saves: Saves | None


@click.command(cls=Command, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("exercise", required=False)
@click.argument("submission", required=False, type=FilePath(path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMS), default="text", help="Form of the report.")
@click.option("--output", type=FilePath(path_type=Path), metavar="FILE", help="Write the report to a file.")
@click.option("--function", "functions", multiple=True, metavar="NAME", help="Grade only this function (repeatable).")
@click.option("--watch", is_flag=True, help="Grade again at each save, until Ctrl-C.")
@click.option("--plot", type=FilePath(path_type=Path), metavar="FILE", help="Draw what it does (.png, .svg or .pdf).")
@click.option("--seed", type=Seed(0, 2**32 - 1), default=0, metavar="N", help="Seed of the random cases.")
@click.option("--isolation", type=click.Choice(["sandbox", "process"]), help="Default: sandbox where it can be had.")
@click.option("--student", default="", metavar="ID", help="Name recorded in the report.")
@click.version_option(__version__)
def command(
    exercise: str | None,
    submission: Path | None,
    form: str,
    output: Path | None,
    functions: tuple[str, ...],
    watch: bool,
    plot: Path | None,
    seed: int,
    isolation: Isolation | None,
    student: str,
) -> int:
    """Grade your solution of EXERCISE, or the file SUBMISSION (.py or .ipynb). Alone: list the exercises.

    \b
    grade exercise1                    grade exercises/exercise1.py
    grade exercise1 my_notebook.ipynb  grade another file
    """
    _here()  # or there is nothing that a path could be seen from
    if output is None and sys.stdout is None:
        raise UserError("standard output is closed; write the report to a file with --output")
    if exercise is None:
        if output or functions or plot or watch or form != "text":
            raise UserError("which exercise? Name it first, as in: grade exercise1")
        streams.show(_listing())
        return FULL_MARKS
    from autograder.authoring.catalog import find_exercise
    from autograder.submissions.submission import read_submission

    chosen = find_exercise(_kit(submission), exercise)
    path = submission or _worked_in(chosen)
    saves = _saves(path) if watch else None  # before it is read, so that no save is missed
    handed_in = read_submission(path, student)
    _check_functions(chosen, functions)
    if output is not None:
        _check_output(output)
    if plot is not None:
        from autograder.report.plots import check_path

        check_path(plot)
    return _serve(Request(chosen, handed_in, functions, seed, isolation, form, output, plot, saves))


# Finding and checking what was asked for


def _here() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise UserError("the current folder is gone; change to the kit's folder") from None


def _kit(submission: Path | None) -> Path:
    """Return the kit around the current folder, else around the submission, else the one this package lies in."""
    from autograder.authoring import catalog

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


def _seen_from_here(path: Path) -> Path:
    return Path(os.path.relpath(path))


def _worked_in(exercise: Exercise) -> Path:
    """Return the student's file of an exercise: the script, or the notebook where only that has been worked in."""
    script, notebook = _seen_from_here(exercise.stub), _seen_from_here(exercise.stub.with_suffix(".ipynb"))
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
        raise _unwritable(output, error) from None


def _unwritable(output: Path, error: OSError) -> UserError:
    return UserError(f"{output} cannot be written ({error.strerror}); write the report to another file")


# Grading


def _serve(request: Request) -> int:
    """Grade once, or at each save, with one worker process; the exit code of the last report."""
    from autograder.host.fork_server import ForkServer

    # First of all, for it imports torch while this process does.
    with ForkServer.start(by_hand=request.exercise.by_hand, isolation=request.isolation) as fork_server:
        code, is_read = _grade(request, fork_server)
        if request.saves is not None and is_read:
            code = _watch(request, request.saves, fork_server, code)
    return code


def _grade(request: Request, fork_server: ForkServer) -> tuple[int, bool]:
    """Grade, deliver the report, draw; the exit code, and whether anybody still reads what is printed."""
    from autograder.cli import formats
    from autograder.grading.grader import Grader
    from autograder.grading.seeds import course_secret
    from autograder.model import GradingSpec

    exercise, submission, output = request.exercise, request.submission, request.output
    spec = GradingSpec(exercise, seed=request.seed, secret=course_secret(), functions=request.functions)
    report = Grader(spec, fork_server).grade(submission)
    _remember(report)
    to_terminal = output is None and sys.stdout.isatty()
    shown = formats.rendered(report, request.form, fork_server, upcoming=_upcoming(report), to_terminal=to_terminal)
    if request.saves is not None and to_terminal and formats.is_obeying():
        shown = CLEAR + shown
    is_read = _deliver(shown, output)
    if request.form == "github" and (trouble := formats.add_summary(report)):
        streams.tell(trouble)
    if request.plot is not None:
        from autograder.report.plots import draw

        draw(exercise, submission, fork_server, request.plot)
        streams.tell(f"the picture is in {request.plot}")
    return _exit_code(report), is_read


def _saves(path: Path) -> Saves:
    from autograder.cli.watching import Saves

    return Saves(path)


def _watch(request: Request, saves: Saves, fork_server: ForkServer, code: int) -> int:
    """Grade again at each save, until Ctrl-C; the exit code of the last report."""
    from autograder.submissions.submission import read_submission

    path, student = request.submission.path, request.submission.student
    is_read = True
    try:
        while is_read:
            streams.tell(f"waiting for the next save of {path}; Ctrl-C ends")
            saves.wait()
            try:
                code, is_read = _grade(request._replace(submission=read_submission(path, student)), fork_server)
            except UserError as error:  # the next save may put it right
                streams.tell(str(error))
    except KeyboardInterrupt:
        if _received:
            raise
    return code


def _remember(report: Report) -> None:
    """Keep the score for the list of exercises; not that of some functions only, nor what the grader broke."""
    from autograder.cli import last_scores

    is_whole = len(report.functions) == len(report.exercise.functions)
    if is_whole and not _is_errored(report):
        path = os.path.abspath(report.submission.path)  # noqa: PTH100 - a link stays a link
        last = last_scores.LastScore(report.score, report.max_score, path, report.submission.sha256)
        last_scores.save(report.exercise.kit, report.exercise.name, last)


def _deliver(text: str, output: Path | None) -> bool:
    """Write the report where it was asked for; whether anybody still reads what is printed."""
    if output is None:
        return streams.show(text)
    from autograder.files import write_beside

    try:
        write_beside(output, text)
    except OSError as error:
        raise _unwritable(output, error) from None
    streams.tell(f"the report is in {output}")
    return True


def _exit_code(report: Report) -> int:
    if _is_errored(report):
        return _fail(
            "the grader itself failed in a check, which is not your mistake; tell your instructor", GRADER_FAILED
        )
    return FULL_MARKS if report.problem is None and report.score == report.max_score > 0 else POINTS_MISSING


def _is_errored(report: Report) -> bool:
    return any(result.outcome == "errored" for result in report.checks)


# The list of exercises


def _listing() -> str:
    """Return the exercises with the last score of each, and what to do next."""
    from autograder.authoring import catalog
    from autograder.cli import last_scores

    kit = catalog.find_kit(_here())
    known = catalog.exercises(kit)
    last = last_scores.load(kit)
    wide = [max(map(len, column)) for column in zip(*((one.name, one.title) for one in known), strict=True)]
    lines = [f"{one.name:{wide[0]}}  {one.title:{wide[1]}}  {_last_score(one, last.get(one.name))}" for one in known]
    following = next((one for one in known if not _is_done(one, last)), None)
    if following is None:
        return "\n".join([*lines, "", "Full marks everywhere. Well done!", ""])
    place = _seen_from_here(following.stub)
    return "\n".join([*lines, "", f"Next:     {place}", f"Then run: grade {following.name}", ""])


def _last_score(exercise: Exercise, last: LastScore | None) -> str:
    if last is None:
        return f"{'–':>3} / {exercise.points:<3} not graded yet"
    return f"{last.score:>3} / {last.max_score:<3} {'edited since' if last.is_outdated() else ''}".rstrip()


def _is_done(exercise: Exercise, last: dict[str, LastScore]) -> bool:
    return exercise.name in last and last[exercise.name].score == last[exercise.name].max_score


def _upcoming(report: Report) -> Exercise | None:
    """Return the next exercise that is not done, where this one is."""
    if report.score < report.max_score:
        return None
    from autograder.authoring import catalog
    from autograder.cli import last_scores

    kit, name = report.exercise.kit, report.exercise.name
    last = last_scores.load(kit)
    others = [one for one in catalog.exercises(kit) if one.name != name and not _is_done(one, last)]
    return next((one for one in others if one.name > name), others[0] if others else None)


# Errors


def _fail(text: str, code: int) -> int:
    """Print one line about an error, and return the exit code."""
    streams.tell(text)
    return code


def _own_failure(error: Exception) -> str:
    if os.environ.get(DEBUG):
        import traceback

        traceback.print_exception(error)
    what = str(error) if isinstance(error, GraderError) else f"{type(error).__name__}: {error}"
    return f"the grader failed, which is not your mistake; tell your instructor: {what}"


if __name__ == "__main__":
    main()
