"""A student kit on disk, and its exercises, graded by the package at hand."""

from pathlib import Path

import pytest
from places import KIT

from autograder.authoring import catalog
from autograder.exercise import Exercise
from autograder.grading.grader import Grader
from autograder.host.fork_server import ForkServer
from autograder.model import GradingSpec
from autograder.publish.release import release


def exercises_of(folder: Path, kit: Path = KIT) -> dict[str, Exercise]:
    """Release a kit into a folder; return the exercises that are there, by name."""
    release(kit, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalog, "CHECKS", folder / "autograder" / "checks")
        return {exercise.name: exercise for exercise in catalog.exercises(folder)}


def grader_of_visible(exercise: Exercise, fork_server: ForkServer, seed: int = 0) -> Grader:
    """A grader of an exercise's visible checks alone, which is all that a student kit has."""
    grader = Grader(GradingSpec(exercise, seed=seed), fork_server)
    grader._checks = [each for each in grader._checks if each.check.visibility == "visible"]
    return grader
