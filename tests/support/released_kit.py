"""A student kit on disk, and its exercises, graded by the package at hand."""

import fcntl
import os
from pathlib import Path

import pytest
from places import KIT

from autograder.authoring import catalog
from autograder.exercise import Exercise
from autograder.grading.grader import Grader
from autograder.host.fork_server import ForkServer
from autograder.model import GradingSpec
from autograder.publish.release import release


def released_kit(temporary: pytest.TempPathFactory) -> Path:
    """Return this kit's release, to be read and not written to; made once for all processes of a run of the tests."""
    shared = temporary.getbasetemp()
    folder = (shared.parent if "PYTEST_XDIST_WORKER" in os.environ else shared) / "released"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            release(KIT, folder)
    return folder


def exercises_of(folder: Path) -> dict[str, Exercise]:
    """Return the exercises of a released kit, by name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalog, "CHECKS", folder / "autograder" / "checks")
        return {exercise.name: exercise for exercise in catalog.exercises(folder)}


def grader_of_visible(exercise: Exercise, fork_server: ForkServer, seed: int = 0) -> Grader:
    """A grader of an exercise's visible checks alone, which is all that a student kit has."""
    grader = Grader(GradingSpec(exercise, seed=seed), fork_server)
    grader._checks = [each for each in grader._checks if each.check.visibility == "visible"]
    return grader
