"""A class's repositories, as git, Classroom 50 and ghclass clone them, become a folder of submissions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.files import write_beside
from autograder.submissions.submission import SUFFIXES
from autograder.submissions.upload import submissions


@dataclass(frozen=True)
class Gathered:
    """How many submissions were copied, and which repositories have none, each with the reason."""

    number: int
    refused: tuple[tuple[str, str], ...]


def gather(clones: Path, exercise: Exercise, output: Path, prefix: str) -> Gathered:
    """Copy each repository's file of an exercise to `<student>/<exercise>.py` or `.ipynb` in a folder.

    A student is called as the repository's folder, without the prefix. What is there of an earlier run is replaced.
    UserError where there are no repositories, or a file cannot be written.
    """
    try:
        folders = sorted(path for path in clones.iterdir() if path.is_dir() and not path.name.startswith("."))
    except OSError as error:
        raise UserError(
            f"{clones} cannot be listed ({error.strerror}); name the folder that holds the clones"
        ) from None
    if not folders:
        raise UserError(f"there are no repositories in {clones}; clone them into it, a folder for each student")
    refused = []
    for folder in folders:
        try:
            _copy(folder, exercise, output, prefix)
        except UserError as error:
            refused.append((folder.name, str(error)))
    return Gathered(len(folders) - len(refused), tuple(refused))


def _copy(folder: Path, exercise: Exercise, output: Path, prefix: str) -> None:
    student = folder.name.removeprefix(prefix)
    if folder.is_symlink() or not student or (prefix and student == folder.name):
        raise UserError(f"its name does not begin with {prefix!r} before a student's, or it is a link; rename it")
    found = submissions(folder, exercise)
    if len(found) > 1:
        files = ", ".join(one.path.as_posix() for one in found)
        raise UserError(f"several files are worked in ({files}); delete all but one")
    source = folder / found[0].path
    for suffix in SUFFIXES:
        (output / student / f"{exercise.name}{suffix}").unlink(missing_ok=True)
    target = output / student / f"{exercise.name}{source.suffix.lower()}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_beside(target, source.read_bytes())
    except OSError as error:
        raise UserError(f"{target} cannot be written ({error.strerror})") from None
