"""An exercise's files as they were handed out: a student kit holds copies, an instructor's kit makes them anew."""

from __future__ import annotations

from typing import Literal

from autograder import files
from autograder.errors import UserError
from autograder.exercise import Exercise

FOLDER = "originals"  # of the package, in a student kit

Suffix = Literal[".py", ".ipynb"]


def original(exercise: Exercise, suffix: Suffix = ".py") -> str:
    """Return the text of an exercise's script or notebook as it was handed out; UserError where the kit has none."""
    kept = exercise.package / FOLDER / f"{exercise.name}{suffix}"
    if kept.is_file():
        return files.read_text(kept, "get the kit again")
    if exercise.solution is None:
        raise UserError(f"this kit does not hold {exercise.name} as it was handed out; get it where the kit came from")
    from autograder.authoring import notebook, stubs  # which a student kit is without

    return (
        stubs.stub_text(exercise)
        if suffix == ".py"
        else notebook.render(notebook.stub_notebook(exercise), stubs.pictures(exercise))
    )
