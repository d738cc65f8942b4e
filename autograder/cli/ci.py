"""`course ci`: files for CI services."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.authoring import catalog
from autograder.errors import UserError

NAMES = ("github", "gitlab", "classroom50", "gradescope", "class")


@click.command()
@click.argument("service", type=click.Choice(NAMES))
@click.option(
    "--output", type=click.Path(path_type=Path, file_okay=False), required=True, metavar="DIR", help="Folder."
)
@click.option("--exercise", "exercises", multiple=True, metavar="NAME", help="Grade only this one (repeatable).")
@click.option("--pass-mark", type=click.IntRange(0, 100), default=50, show_default=True, help="Fewer percent fail.")
@click.option("--torch-index", default="", metavar="URL", help="Package index with torch for processors only.")
@click.option("--grader", default="", metavar="ORG/REPO@REF", help="Private action with hidden checks (github).")
def ci(service: str, output: Path, exercises: tuple[str, ...], pass_mark: int, torch_index: str, grader: str) -> None:
    """Write the files by which SERVICE grades.

    \b
    github       workflow for a student repository
    gitlab       pipeline for a student repository
    classroom50  autograder of one exercise, for the classroom50 repository
    gradescope   archive of one exercise, to upload
    class        for the instructor's private repository: grades a class
    """
    from autograder.publish import ci as files

    kit = catalog.find_kit(Path.cwd())
    chosen = exercises or tuple(catalog.exercise_names())
    for name in chosen:
        catalog.find_exercise(kit, name)
    if service in files.ONE_EXERCISE and len(exercises) != 1:
        raise UserError(f"{service} grades one exercise at a time; name it with --exercise")
    if grader and service != "github":
        raise UserError(f"a --grader is an action, and {service} knows none; leave it out")
    settings = files.Settings(chosen, pass_mark, torch_index, grader)
    written = files.files_for(service, kit, settings)
    files.write(written, output)
    for path in written:
        click.echo(f"wrote {output / path}")
