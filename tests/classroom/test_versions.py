"""What a verdict depends on besides the submission."""

import hashlib
import importlib.metadata
from dataclasses import replace

import pytest
from classes import EXERCISE

from autograder import __version__
from autograder.classroom.versions import exercise_digests, versions


def test_versions_are_told_where_torch_is_missing_too(monkeypatch: pytest.MonkeyPatch) -> None:
    found = versions()
    assert found["kit"].startswith(f"{__version__} (sources ")
    assert found["torch"] == importlib.metadata.version("torch")

    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", missing)
    assert versions() == found | {"torch": "none"}


def test_digests_are_of_checks_solution_and_data_whether_they_are_there_or_not() -> None:
    digests = exercise_digests(EXERCISE)
    assert digests["the checks"] == hashlib.sha256(EXERCISE.checks.read_bytes()).hexdigest()
    assert {"solutions/exercise2.py", "datasets/line.csv"} <= digests.keys()
    students = replace(EXERCISE, solution=None, checks=EXERCISE.kit / "none.py")
    wanted = {name: digest for name, digest in digests.items() if not name.startswith("solutions")}
    assert exercise_digests(students) == wanted | {"the checks": ""}
