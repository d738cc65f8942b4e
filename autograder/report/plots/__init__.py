"""Pictures of what a submission does: how it fits, learns and differentiates. matplotlib is imported only in here."""

import importlib.util
import os
from pathlib import Path
from typing import NamedTuple

from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.files import write
from autograder.host.fork_server import ForkServer
from autograder.model import Submission

os.environ["MPLBACKEND"] = "agg"  # Jupyter exports one of its own, which may not be installed beside us
SUFFIXES = (".png", ".svg", ".pdf")


def check_path(path: Path) -> None:
    """Refuse, before anything is run, a file that no picture can be written to; UserError."""
    if path.suffix.lower() not in SUFFIXES:
        raise UserError(f"{path} is no name of a picture; end it in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}")
    if path.is_dir():
        raise UserError(f"{path} is a folder; name a file in it for the picture")
    if not path.absolute().parent.is_dir():
        raise UserError(f"there is no folder {path.parent}; make it, or write the picture elsewhere")


class Panel(NamedTuple):
    """A panel of a picture: an SVG element, and what it shows in words."""

    svg: str
    words: str


def for_page(exercise: Exercise, submission: Submission, fork_server: ForkServer) -> tuple[Panel, ...]:
    """Return the picture's panels for a page of HTML; none for an exercise that has no picture."""
    if not _has_picture(exercise):
        return ()
    from autograder.report.plots import picture

    return picture.panels_of(picture.figure_of(exercise, submission, fork_server, picture.OF_A_PAGE))


def draw(exercise: Exercise, submission: Submission, fork_server: ForkServer, path: Path) -> None:
    """Run a submission's functions on the kit's data sets, and write a picture of what they do to a file.

    png, svg or pdf by suffix. UserError for another suffix, for a file that cannot be written, and for an exercise
    or a kit that has nothing to draw.
    """
    check_path(path)
    if not _has_picture(exercise):
        raise UserError(f"there is no picture for {exercise.name}; leave out --plot")
    from autograder.report.plots import picture  # late, for matplotlib takes its time

    image = picture.image(picture.figure_of(exercise, submission, fork_server), path.suffix[1:].lower())
    write(path, image, "write the picture to another file")


def _has_picture(exercise: Exercise) -> bool:
    return importlib.util.find_spec(f"{__name__}.{exercise.name}") is not None
