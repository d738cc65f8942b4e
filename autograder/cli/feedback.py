"""`course feedback`: what carries the students' pages to them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.authoring import catalog
from autograder.cli.kits import this_kit
from autograder.files import read_bytes

if TYPE_CHECKING:
    from autograder.classroom.feedback import Form

ADVICE = "name the worksheet as it was downloaded"
NEXT = {
    "moodle": 'in Moodle, under "View all submissions", choose "Upload multiple feedback files in a zip"',
    "canvas": 'in Canvas, beside "Download Submissions", choose "Upload Submissions"',
    "mail-merge": "the columns `email` and `file` are for your mail program",
}


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(tuple(NEXT)), required=True, help="What takes the pages.")
@click.option("--exercise", default="", metavar="NAME", help="Of a whole course, this exercise; else the term.")
@click.option("--into", type=click.Path(path_type=Path, dir_okay=False), help="Grading worksheet from Moodle.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write; else one in DIR.")
def feedback(folder: Path, form: Form, exercise: str, into: Path | None, output: Path | None) -> int:
    """Write what carries the pages in DIR to students.

    \b
    moodle      a zip of feedback files
    canvas      a zip of submissions with feedback in them, for what was graded from Canvas's own download
    mail-merge  a CSV with student, name, email, score and the page's place

    Exits with 1 where there is no page for anybody.
    """
    from autograder.classroom.feedback import carry
    from autograder.classroom.store import Store

    name = catalog.find_exercise(this_kit(), exercise).name if exercise else ""
    with Store(folder) as store:
        carried = carry(store, form, name, read_bytes(into, ADVICE) if into else None, output)
    for line in carried.lines:
        click.echo(line, err=True)
    if not carried.count:
        click.echo("there is no page for anybody; nothing was written", err=True)
        return 1
    whose = f"{carried.count} student{'' if carried.count == 1 else 's'}"
    click.echo(f"pages of {whose}: {carried.path}; {NEXT[form]}")
    return 0
