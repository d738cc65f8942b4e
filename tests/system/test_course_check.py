"""`course check`: what the kit's audit of itself finds; exercises are graded for it."""

from pathlib import Path

import pytest
from course_commands import course, kit_here, rewrite
from small_kit import sharpen


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
    *lines, last = course("check").stdout.splitlines()
    assert lines == [
        "ok     kit: the generated files are up to date",
        "ok     exercise1: each graded function has a region and a docstring of one line",
        "ok     exercise1: 4 checks, fit to be read",
        "ok     exercise1: the reference earns 7 of 7",
        "ok     exercise1: the stub earns 0 of 7, no check attempted",
        "ok     exercise1: its checks refuse what is slightly off, and what is right for one sample or for the visible "
        "cases only",
        "ok     exercise1: 0 known mistakes, each refused, and named",
        "ok     exercise1: no corpus here: there is nothing in tests/corpus/wrong/exercise1",
        "ok     kit: the release leaks nothing",
    ]
    assert last.startswith("ok     kit: tried out: ")


def test_check_grades_mutants_of_the_reference_as_a_class(kit: Path) -> None:
    course("build")
    assert course("check", "--quick", "--mutants").stdout.splitlines()[-3] == (
        "ok     exercise1: 12 mutants of the reference: 12 refused, 0 as right as it, each with a reason"
    )


def test_what_an_author_wrote_amiss_ends_with_2(kit: Path) -> None:
    rewrite(kit, "autograder/checks/exercise1.py", "def half(_f", "def hafl(_f")
    course("build")
    [fault] = [line for line in course("check", code=2).stdout.splitlines() if line.startswith("fault")]
    assert fault.endswith("check_half is of half, which has no oracle; call the oracle hafl so, if it is meant")


def test_check_names_a_wrong_reference(kit: Path) -> None:
    rewrite(kit, "solutions/exercise1.py", "return x / 2", "return x / 3")
    course("build")
    [fault] = faults()
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
