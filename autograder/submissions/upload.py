"""Finds a student's file in what was handed in to a CI job: an upload, an unpacked archive, a repository.

A file that is called as the exercise goes before others, one in a folder `exercises` before others (an uploaded
repository also holds `autograder/checks/exercise2.py`), and one further up before one further down. Symbolic links are
never followed: one could name the reference solution, which the grader may read.
"""

import os
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.model import Submission
from autograder.submissions.outline import is_unwritten, line_of
from autograder.submissions.submission import SUFFIXES, read_any

HOME = "exercises"  # the folder of a kit in which students work
ENTRY_LIMIT = 20_000  # entries of a tree that are looked at
FILE_LIMIT = 3  # files of one student that are graded, of which the best counts
NAME_LIMIT = 5  # files that a message names


class NothingHandedIn(UserError):
    """There is no script or notebook in what was handed in."""


def submissions(folder: Path, exercise: Exercise) -> list[Submission]:
    """Return what may be meant to be graded, the likeliest first: one, unless a student has worked in several files.

    A kit has each exercise as a script and as a notebook, so what is still as it was handed out does not count. Paths
    are those in the folder. UserError with what to do where there is nothing, or nobody can tell what is meant.
    """
    read = [read_any(folder / path, path, "") for path in _find(folder, exercise.name)]
    return [one for one in read if is_begun(one, exercise)] or read[:1]


def is_begun(submission: Submission, exercise: Exercise) -> bool:
    """Whether any graded function is written, or there is other code: its author has to know what is wrong with it."""
    code = "\n\n".join(cell.code for cell in submission.cells)
    found = [name for name, _ in exercise.functions if line_of(code, name) is not None]
    return any(not is_unwritten(code, name) for name in found) if found else bool(code or submission.problem)


def _find(folder: Path, exercise: str) -> tuple[Path, ...]:
    """Return the files that may be the submission, as paths in the folder, scripts first, and FILE_LIMIT at most."""
    paths = sorted(islice(_scripts(folder), ENTRY_LIMIT))
    called = [path for path in paths if is_called(path.name, exercise)]
    nearest = _nearest(called or paths)
    files = [path for path in nearest if (folder / path).is_file() and not (folder / path).is_symlink()]
    if not paths:
        raise NothingHandedIn(f"there is no .py or .ipynb file in what was handed in; hand in {exercise}.py")
    if not files:
        raise UserError(f"{_shown(nearest[0])} is a link or no ordinary file; hand in the file itself")
    if len(files) > FILE_LIMIT:
        named = ", ".join(map(_shown, files[:NAME_LIMIT])) + (" and more" if len(files) > NAME_LIMIT else "")
        raise UserError(f"nobody can tell which file is meant ({named}); call the right one {exercise}.py")
    return tuple(sorted(files, key=lambda path: path.suffix.lower() != ".py"))


def is_called(name: str, exercise: str) -> bool:
    """Whether a file's name is the exercise's, or that with the number of a repeated upload."""
    return re.fullmatch(rf"{re.escape(exercise)}(?:-\d+| ?\(\d+\))?\.(?:py|ipynb)", name, re.IGNORECASE) is not None


def _nearest(paths: list[Path]) -> list[Path]:
    """Return those that lie where a kit has them, else those that lie highest."""
    paths = [path for path in paths if path.parent.name == HOME] or paths
    highest = min((len(path.parts) for path in paths), default=0)
    return [path for path in paths if len(path.parts) == highest]


def _scripts(folder: Path) -> Iterator[Path]:
    """Yield the scripts and notebooks below a folder, links among them, without what systems and tools leave behind."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _is_litter(name))
        links = [name for name in folders if Path(place, name).is_symlink()]
        for name in sorted([*names, *links]):
            if name.lower().endswith(SUFFIXES) and not _is_litter(name):
                yield Path(place, name).relative_to(folder)


def _is_litter(name: str) -> bool:
    return name.startswith((".", "__"))  # .git, .venv, .ipynb_checkpoints, ._exercise2.py, __MACOSX, __pycache__


def _shown(path: Path) -> str:
    text = path.as_posix()
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
