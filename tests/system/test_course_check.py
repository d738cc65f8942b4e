"""`course check`: what the kit's audit of itself finds; exercises are graded for it."""

from pathlib import Path

import pytest
from course_commands import course, kit_here, rewrite
from small_kit import HIDDEN_HALF, sharpen


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    kit = kit_here(tmp_path, monkeypatch)
    sharpen(kit / "autograder/checks/exercise1.py")
    return kit


def faults(*arguments: str) -> list[str]:
    """Return the faults that `course check` finds, of which there must be some."""
    return [line for line in course("check", *arguments, code=1).stdout.splitlines() if line.startswith("fault")]


def test_check_of_a_sound_kit_says_what_it_saw(kit: Path) -> None:
    course("build")
    assert course("check").stdout.splitlines() == [
        "ok     kit: the generated files are up to date",
        "ok     kit: the release leaks nothing",
        "ok     exercise1: each graded function has a region and a docstring of one line",
        "ok     exercise1: 4 checks, fit to be read",
        "ok     exercise1: the reference earns 7 of 7",
        "ok     exercise1: the stub earns 0 of 7, no check attempted",
        "ok     exercise1: its checks refuse what is slightly off, and what is right for one sample or for the visible "
        "cases only",
        "ok     exercise1: 0 known mistakes, each costs its function alone, and is named",
    ]


def test_check_grades_mutants_of_the_reference_as_a_class(kit: Path) -> None:
    course("build")
    assert course("check", "--quick", "--mutants").stdout.splitlines()[-1] == (
        "ok     exercise1: 12 mutants of the reference: 12 refused, 0 as right as it, each with a reason"
    )


def test_check_names_a_weakened_check(kit: Path) -> None:
    rewrite(kit, "autograder/checks/exercise1.py", HIDDEN_HALF, "")
    course("build")
    assert faults() == ["fault  exercise1: half may be right in the visible cases alone; add a hidden check"]


def test_check_names_a_wrong_reference(kit: Path) -> None:
    rewrite(kit, "solutions/exercise1.py", "return x / 2", "return x / 3")
    course("build")
    fault, other = [line for line in faults() if "reference" in line]
    assert other.startswith("fault  exercise1: the reference fails half_one: blocked")
    assert fault.startswith("fault  exercise1: the reference fails half: errored")


def test_new_exercise_is_sound_at_once(kit: Path) -> None:
    course("build")
    before = set(kit.rglob("*.py"))
    lines = course("new", "exercise5").stdout.splitlines()
    added = ["solutions/exercise5.py", "autograder/checks/exercise5.py", "exercises/exercise5.py"]
    assert lines[:3] == [f"wrote {path}" for path in added]
    assert set(kit.rglob("*.py")) - before == {kit / path for path in added}
    assert course("build", "--check").exit_code == 0
    assert "the reference earns 2 of 2" in course("check", "exercise5").stdout
