"""`course`, the instructors' command: parse, call, print, exit code."""

import re
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import click

from autograder.authoring import catalog
from autograder.authoring import stubs as builder
from autograder.cli import classroom, running
from autograder.cli.feedback import feedback
from autograder.cli.kits import kit_option, this_kit
from autograder.errors import UserError

FOLDER = click.Path(path_type=Path, file_okay=False)
MARK = "Percent of each exercise's points, those of the checks that run there; fewer fail."
CREDIT = "Points for a function once all its checks pass, or for each check that does."
SERVICES = ("github", "gitlab", "classroom50", "gradescope", "class")

output_option = click.option(
    "--output", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Folder to write."
)


class Percent(click.IntRange):
    """A percentage, with its sign or without."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Take the sign off."""
        number: Any = str(value).removesuffix("%").rstrip()
        return super().convert(number, param, ctx)


class Commands(click.Group):
    """Commands that return their exit code, and whose errors are one line on standard error."""

    def main(self, args: Sequence[str] | None = None, *_more: Any, **_named: Any) -> NoReturn:
        """Run a command, and exit; how it is called and how errors are handled is not to be chosen."""
        sys.exit(running.run("course", partial(super().main, args), "the kit itself failed: "))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@kit_option
@click.pass_context
def main(context: click.Context, kit: Path | None) -> None:
    """Work on the kit and its exercises."""
    context.obj = kit


@main.command()
@click.option("--check", is_flag=True, help="Only compare; exit with 1 where a file is not as generated.")
def build(*, check: bool) -> int:
    """Write the stubs in exercises/ from solutions/. A stub that somebody has worked in is left alone."""
    kit = this_kit()
    outcomes = builder.compare(kit) if check else builder.build(kit)
    stale = [outcome for outcome in outcomes if not outcome.is_current]
    for outcome in stale if check else outcomes:
        click.echo(str(outcome))
    if check and not stale:
        click.echo(f"{len(outcomes)} generated files are up to date")
    return 1 if stale else 0


@main.command()
@click.argument("exercise", required=False)
@click.option("--quick", is_flag=True, help="Leave the corpus of wrong submissions out.")
@click.option("--mutants", is_flag=True, help="Also change each reference in many small ways, and grade that; minutes.")
def check(exercise: str | None, *, quick: bool, mutants: bool) -> int:
    """Let the kit audit itself. Prints one line a step, for one EXERCISE or all.

    Exits with 1 at a fault, with 2 where what an author wrote cannot be tried.
    """
    kit = this_kit()
    names = [catalog.find_exercise(kit, exercise).name] if exercise else catalog.exercise_names()
    from autograder.publish.audit import audit  # imports pytest and torch

    code = 0
    engine = classroom.local_engine() if mutants else None
    jobs = 1 if len(names) == 1 else classroom.processors()
    for line in audit(kit, names, is_quick=quick, engine=engine, jobs=jobs):
        click.echo(str(line))
        code = max(code, running.UNUSABLE if line.is_unusable else int(line.is_fault))
    return code


@main.command()
@click.argument("exercise")
def new(exercise: str) -> None:
    """Begin a new EXERCISE. Writes a reference, its checks and the stub, with one function as an example."""
    from autograder.authoring.skeleton import new_exercise

    kit = this_kit()
    for path in new_exercise(kit, exercise):
        click.echo(f"wrote {path.relative_to(kit).as_posix()}")
    click.echo(f"Put your functions in place of the example; `course check {exercise}` says whether all fits together.")


for command in (classroom.grade, classroom.report, classroom.export, feedback):
    main.add_command(command)


@main.command()
@output_option
@click.option("--lang", default="en", show_default=True, metavar="LANG", help="Language of the texts.")
@click.option("--address", default="", metavar="URL", help="Repository that students clone the kit from, if they do.")
def release(output: Path, lang: str, address: str) -> None:
    """Write the student kit: stubs, notebooks, data and `grade`, without solutions and hidden checks.

    The folder is new, empty, or an earlier release that nobody has worked in. Its README and the notebooks, where they
    run in Colab, clone it from the address; without one, they speak of its zip file.
    """
    from autograder.publish import release as releasing

    if address and not re.fullmatch(r"https://[\w.~:/@%+-]+", address):  # it stands in commands
        raise UserError(f"{address!r} is no address of a repository; give one that begins with https://")
    files = releasing.release(this_kit(), output, lang, address)
    click.echo(f"wrote {len(files)} files to {output}; to try them, follow {output / 'README.md'}")


@main.command()
@output_option
@click.option("--course", default="backpropagation", show_default=True, metavar="ID", help="The course's id.")
@click.option("--force", is_flag=True, help="Overwrite notebooks and data that differ; never nbgrader_config.py.")
def nbgrader(output: Path, course: str, *, force: bool) -> int:
    """Write an nbgrader course folder, ready for `nbgrader generate_assignment`."""
    from autograder.nbgrader.course_folder import write_course

    if not re.fullmatch(r"[\w.-]+", course):  # it becomes the name of a folder
        raise UserError(f"{course!r} is no id of a course; use letters, digits, '-', '_' and '.'")
    written = write_course(this_kit(), output, course, force=force)
    for one in written:
        click.echo(str(one))
    if any(one.deed == "left alone" for one in written if one.path.suffix != ".py"):
        return 1
    names = " ".join(catalog.exercise_names())
    click.echo(f"Next: cd {output}, and `nbgrader generate_assignment` for each of {names}")
    return 0


@main.command()
@click.argument("service", type=click.Choice(SERVICES))
@click.option("--output", type=FOLDER, required=True, metavar="DIR", help="Folder.")
@click.option("--exercise", "exercises", multiple=True, metavar="NAME", help="Grade only this one (repeatable).")
@click.option("--pass-mark", type=Percent(0, 100), default=50, show_default=True, help=MARK)
@click.option("--credit", type=click.Choice(["function", "check"]), default="function", show_default=True, help=CREDIT)
@click.option("--torch-index", default="", metavar="URL", help="Package index of torch; default: for processors only.")
@click.option("--grader", default="", metavar="ORG/REPO@REF", help="Private action with hidden checks (github).")
def ci(service: str, output: Path, exercises: tuple[str, ...], grader: str, **given: Any) -> None:
    """Write the files by which SERVICE grades. A file in DIR that somebody has edited is not overwritten.

    \b
    github       workflow for a student repository
    gitlab       pipeline for a student repository
    classroom50  autograder of one exercise, for the classroom50 repository
    gradescope   archive of one exercise, to upload
    class        for the instructor's private repository: grades a class
    """
    from autograder.publish import ci as files

    kit = this_kit()
    chosen = exercises or tuple(catalog.exercise_names())
    for name in chosen:
        catalog.find_exercise(kit, name)
    if service in files.ONE_EXERCISE and len(exercises) != 1:
        raise UserError(f"{service} grades one exercise at a time; name it with --exercise")
    if grader and service != "github":
        raise UserError(f"a --grader is an action, and {service} knows none; leave it out")
    written = files.files_for(service, kit, files.Settings(chosen, grader=grader, **given))
    files.write(written, output)
    for path in written:
        click.echo(f"wrote {output / path}")
