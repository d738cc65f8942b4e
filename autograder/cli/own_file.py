"""Which file of an exercise is the student's: the script or the notebook in exercises/, whichever is worked in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from autograder.errors import UserError

if TYPE_CHECKING:
    from autograder.exercise import Exercise


class OwnFile(NamedTuple):
    """A student's file of an exercise as seen from here; `other` has been worked in too, and is older."""

    path: Path
    other: Path | None = None

    @property
    def remark(self) -> str:
        """What to say of the other file, '' where there is none."""
        return f"{self.other} has been worked in too; this is {self.path}, the newer one" if self.other else ""


def own_file(exercise: Exercise) -> OwnFile:
    """Return the script, or the notebook where only that has been worked in; of both the newer one."""
    script, notebook = both(exercise)
    if not notebook.is_file():
        return OwnFile(script)
    from autograder.submissions.submission import read_any
    from autograder.submissions.upload import is_begun

    has_script, has_notebook = (
        path.is_file() and is_begun(read_any(path, path, ""), exercise) for path in (script, notebook)
    )
    if not (has_script and has_notebook):
        return OwnFile(notebook if has_notebook or not script.is_file() else script)
    is_newer = notebook.stat().st_mtime_ns > script.stat().st_mtime_ns
    return OwnFile(notebook, script) if is_newer else OwnFile(script, notebook)


def named_file(exercise: Exercise, asked: Path) -> Path:
    """Return the student's file of the kind that a path names which is none as seen from here: `exercise1.py`.

    UserError where it names a folder that is not the one of the exercises.
    """
    script, notebook = both(exercise)
    if asked.parent.name not in ("", exercise.stub.parent.name):
        raise UserError(f"there is no file {asked}; your own is {script}")
    return notebook if asked.suffix.lower() == notebook.suffix else script


def both(exercise: Exercise) -> tuple[Path, Path]:
    """Return the script and the notebook of an exercise as seen from here, whether they are there or not."""
    script = Path(os.path.relpath(exercise.stub))
    return script, script.with_suffix(".ipynb")


def is_own(path: Path, exercise: Exercise) -> bool:
    """Whether a file is the script or the notebook of an exercise, not another one; a link stays a link."""
    return any(os.path.abspath(path) == os.path.abspath(own) for own in both(exercise))  # noqa: PTH100
