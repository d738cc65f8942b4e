"""Which kit `course` works on: the one that is named, or around the current folder, or that it is installed from."""

from pathlib import Path

import click

from autograder.authoring import catalog
from autograder.errors import UserError

VARIABLE = "BACKPROP_EXERCISES_KIT"

kit_option = click.option(
    "--kit",
    type=click.Path(path_type=Path, file_okay=False),
    envvar=VARIABLE,
    metavar="DIR",
    help=f"The kit's folder; else the one around the current folder, or that is installed. [env: {VARIABLE}]",
)


def this_kit() -> Path:
    """Return the kit that a command of `course` works on; UserError where none is found."""
    context = click.get_current_context(silent=True)
    named: Path | None = context.find_object(Path) if context else None
    if named is not None:
        return catalog.find_kit(named)
    try:
        return catalog.nearest_kit(Path.cwd())
    except UserError as error:
        raise UserError(f"{error}, or name it: course --kit DIR") from None
