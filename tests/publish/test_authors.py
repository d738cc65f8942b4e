"""What makes the cases of checks useless is found before anything is graded, each function's first fault."""

from pathlib import Path

import pytest
from small_kit import CHECKS_FILE, rewrite

from autograder.authoring.catalog import read_exercise
from autograder.grading.collection import collect
from autograder.grading.grader import load_reference
from autograder.host.in_process import ReferenceFunctions
from autograder.publish.authors import author_faults


def found(kit: Path) -> list[str]:
    exercise = read_exercise(kit, "exercise1")
    return author_faults(collect(exercise), ReferenceFunctions(load_reference(exercise)))


def test_a_sound_exercise_has_none(kit: Path) -> None:
    assert found(kit) == []


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        ("return terms(x / 2)", "return [None]", ["the oracle of half returns nothing; let it return terms("]),
        (
            "return terms(x / 2)",
            "return type(terms(x))(x / 2, 1.0)",
            ["the oracle of half returns an ExpectedValue of whi"],
        ),
        ("return terms(x / 2)", "return x / y", ["the oracle of half fails in check_half (NameError: name 'y' is not"]),
        ("    judge(", "    _ = (", [f"check_{name} never calls judge, so " for name in ("double", "half")]),
        ("    judge(", "    judge(0, ", [f"check_{name} calls judge with 2 arguments" for name in ("double", "half")]),
    ],
)
def test_each_function_is_told_of_its_first_fault(kit: Path, old: str, new: str, faults: list[str]) -> None:
    rewrite(kit, CHECKS_FILE, old, new)
    said = found(kit)
    assert [one[: len(fault)] for one, fault in zip(said, faults, strict=True)] == faults
