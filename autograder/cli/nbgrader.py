"""`course nbgrader`: write an nbgrader course folder."""

from __future__ import annotations

import re
from pathlib import Path

import click

from autograder.authoring import catalog
from autograder.errors import UserError


@click.command()
@click.option("--output", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Folder to write.")
@click.option("--course", default="backpropagation", show_default=True, metavar="ID", help="The course's id.")
@click.option("--force", is_flag=True, help="Overwrite notebooks and data that differ; never nbgrader_config.py.")
def nbgrader(output: Path, course: str, *, force: bool) -> int:
    """Write an nbgrader course folder, ready for `nbgrader generate_assignment`."""
    from autograder.nbgrader.course_folder import write_course

    if not re.fullmatch(r"[\w.-]+", course):  # it becomes the name of a folder
        raise UserError(f"{course!r} is no id of a course; use letters, digits, '-', '_' and '.'")
    written = write_course(catalog.find_kit(Path.cwd()), output, course, force=force)
    for one in written:
        click.echo(str(one))
    if any(one.deed == "left alone" for one in written if one.path.suffix != ".py"):
        return 1
    names = " ".join(catalog.exercise_names())
    click.echo(f"Next: cd {output}, and `nbgrader generate_assignment` for each of {names}")
    return 0
