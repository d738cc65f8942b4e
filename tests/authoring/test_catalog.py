"""The catalog finds the kit and its exercises, and says what to do where there are none."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from small_kit import small_kit

from autograder.authoring import catalog
from autograder.errors import GraderError, UserError
from autograder.exercise import HeldBack


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return small_kit(tmp_path / "kit", monkeypatch, "exercise2", "exercise1")


def test_kit_is_found_from_any_folder_inside(kit: Path) -> None:
    deep = kit / "exercises" / "mine" / "tries"
    deep.mkdir(parents=True)
    assert catalog.find_kit(deep) == catalog.find_kit(kit) == kit.resolve()


@pytest.mark.parametrize("lost", ["exercises", "datasets"])
def test_a_kit_that_has_lost_a_folder_is_one(kit: Path, lost: str) -> None:
    (kit / "autograder").mkdir(exist_ok=True)
    shutil.rmtree(kit / lost)
    assert catalog.find_kit(kit) == kit.resolve()


def test_no_kit_says_where_to_run(tmp_path: Path) -> None:
    (tmp_path / "exercises").mkdir()
    with pytest.raises(UserError, match=r"is not inside the kit; run this in .* holds exercises/ and datasets/"):
        catalog.find_kit(tmp_path)


def test_exercises_are_listed_by_name_with_points_in_order_of_first_mention(kit: Path) -> None:
    first, second = catalog.exercises(kit)
    assert (first.name, second.name) == ("exercise1", "exercise2")
    assert first.title == "Halves and doubles"
    assert first.functions == (("double", 5), ("half", 1))
    assert first.stub == kit / "exercises" / "exercise1.py"
    assert not first.stub.exists()
    assert first.solution == kit / "solutions" / "exercise1.py"
    assert first.checks == kit / "autograder" / "checks" / "exercise1.py"


def test_kit_without_reference(kit: Path) -> None:
    (kit / "solutions" / "exercise1.py").unlink()
    assert catalog.find_exercise(kit, "exercise1").solution is None


def test_other_files_are_no_exercises(kit: Path) -> None:
    for name in ("__init__.py", "conftest.py", "_shared.py", "notes.txt"):
        (catalog.CHECKS / name).write_text("", encoding="utf-8")
    assert catalog.exercise_names() == ["exercise1", "exercise2"]


@pytest.mark.parametrize("asked", ["exercise2", "2", "02", "Exercise2", "EXERCISE2.py", "exercises/exercise2.ipynb"])
def test_a_name_in_any_case_a_number_or_a_path_is_understood(kit: Path, asked: str) -> None:
    assert catalog.find_exercise(kit, asked).name == "exercise2"


@pytest.mark.parametrize(
    ("asked", "suggestion"),
    [
        ("exercis2", "did you mean exercise2? "),
        ("zzz", ""),
        ("", ""),
        ("a\nb", ""),
    ],
)
def test_unknown_exercise_gets_the_nearest_name_in_one_line(kit: Path, asked: str, suggestion: str) -> None:
    with pytest.raises(UserError) as caught:
        catalog.find_exercise(kit, asked)
    expected = f"there is no exercise {asked!r}; {suggestion}There are: exercise1, exercise2"
    assert str(caught.value) == expected
    assert "\n" not in expected


RELEASED = {
    "title": "Halves and doubles",
    "by_hand": False,
    "forbidden": ["softmax"],
    "checks": [
        {"function": "double", "points": 2},
        {"function": "half", "points": 1},
        {"function": "double", "points": 1},
    ],
    "held_back": {"half": {"checks": 2, "points": 3, "looks_at": ["one sample"]}},
}


def test_of_a_student_kit_the_points_are_those_of_the_checks_that_are_there(kit: Path) -> None:
    (catalog.CHECKS / "exercise1.py").unlink()
    path = catalog.CHECKS / "exercise1.json"
    path.write_text(json.dumps(RELEASED))
    path.with_suffix(".cases.json").write_text("{}")
    exercise = catalog.read_exercise(kit, "exercise1")
    assert (exercise.title, exercise.by_hand, exercise.checks) == ("Halves and doubles", False, path)
    assert (exercise.forbidden, exercise.off) == (("softmax",), None)
    assert exercise.functions == (("double", 3), ("half", 1))
    assert exercise.at_hand_in == (("half", HeldBack(2, 3, ("one sample",))),)
    assert catalog.exercise_names() == ["exercise1", "exercise2"]
    for damaged in ("{", "[]", '{"title": 1}', json.dumps({**RELEASED, "held_back": {"half": {}}})):
        path.write_text(damaged)
        with pytest.raises(GraderError, match=r"exercise1\.json cannot be read"):
            catalog.read_exercise(kit, "exercise1")


def test_catalog_imports_nothing_heavy() -> None:
    code = "import sys, autograder.authoring.catalog; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert {"torch", "pytest", "_pytest", "rich", "numpy", "click", "difflib"}.isdisjoint(done.stdout.split())
