"""Which kit `course` works on: the one that is named, or around the current folder, or that it is installed from."""

from contextlib import suppress
from functools import cache
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
    try:
        kit = catalog.find_kit(named) if named is not None else catalog.nearest_kit(Path.cwd())
    except UserError as error:
        raise error if named is not None else UserError(f"{error}, or name it: course --kit DIR") from None
    _tell_other_checks(kit)
    return kit


@cache
def _tell_other_checks(kit: Path) -> None:
    """Say where a kit's checks are not those that run: to correct a check there would change nothing."""
    theirs, ours = kit / "autograder" / "checks", catalog.CHECKS
    if theirs.resolve() == ours.resolve() or not theirs.is_dir():
        return
    others = [path for path in theirs.glob("*.py") if not _is_as(path, ours / path.name)]
    if others:
        how = f"to have those of {kit}, install it: pip install -e {kit}"
        click.echo(f"WARNING: the checks that run are those in {ours}, and differ; {how}", err=True)


def _is_as(one: Path, other: Path) -> bool:
    with suppress(OSError):
        return one.read_bytes() == other.read_bytes()
    return False
