"""`course release`: write what students get."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.authoring import catalog


@click.command()
@click.option("--output", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Folder to write.")
@click.option("--lang", default="en", show_default=True, metavar="LANG", help="Language of the texts.")
def release(output: Path, lang: str) -> None:
    """Write the student kit: stubs, notebooks, data and `grade`, without solutions and hidden checks.

    The folder is new, empty, or an earlier release that nobody has worked in.
    """
    from autograder.publish import release as releasing

    kit = catalog.find_kit(Path.cwd())
    files = releasing.release(kit, output, lang)
    click.echo(f"wrote {len(files)} files to {output}; to try them, follow {output / 'README.md'}")
