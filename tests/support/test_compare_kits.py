import sys
from pathlib import Path

import pytest
from compare_kits import differences, lay_out_corpus, main, steady
from places import KIT

# Grades without looking: a student's points are the kit's.
COURSE = """
import json, pathlib, sys
def main():
    _, command, exercise, submissions, option, output = sys.argv
    assert (command, option) == ("grade", "--output")
    folder = pathlib.Path(output, "reports")
    folder.mkdir(parents=True, exist_ok=True)
    for path in pathlib.Path(submissions).iterdir():
        report = {"score": POINTS, "seconds": POINTS, "checks": [{"name": "one", "outcome": path.read_text()}]}
        (folder / f"{path.stem}.json").write_text(json.dumps(report))
    print("so many are graded")
"""


def kit(folder: Path, points: int) -> str:
    """Make a kit, and return what to call it."""
    course = folder / "autograder" / "cli" / "course.py"
    course.parent.mkdir(parents=True)
    for package in (course.parent, course.parents[1]):
        (package / "__init__.py").touch()
    course.write_text(f"POINTS = {points}\n{COURSE}")
    return f"{folder}={sys.executable}"


@pytest.fixture
def submissions(tmp_path: Path) -> str:
    (tmp_path / "class" / "exercise1").mkdir(parents=True)
    for student in ("ann", "bob"):
        (tmp_path / "class" / "exercise1" / f"{student}.py").write_text("passed")
    return f"--submissions={tmp_path / 'class'}"


@pytest.mark.parametrize(
    ("points", "exit_code", "said"),
    [
        (2, 0, "2 reports before, 2 after; 0 differ"),
        (3, 1, "exercise1/ann: score: 2 -> 3\nexercise1/bob: score: 2 -> 3\n2 reports before, 2 after; 2 differ"),
    ],
)
def test_two_kits_are_compared(
    points: int, exit_code: int, said: str, submissions: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([kit(tmp_path / "old", 2), kit(tmp_path / "new", points), submissions]) == exit_code
    graded = [f"{tmp_path / name}, exercise1: exit code 0; so many are graded" for name in ("old", "new")]
    assert capsys.readouterr() == ("\n".join([*graded, said, ""]), "")


def test_what_is_kept_of_the_old_kit_is_not_graded_again(
    submissions: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [submissions, f"--keep={tmp_path / 'kept'}"]
    assert main([kit(tmp_path / "old", 2), kit(tmp_path / "new", 2), *arguments]) == 0
    assert main(["gone", kit(tmp_path / "newer", 1), *arguments]) == 1
    assert "exercise1/bob: score: 2 -> 1\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        ({"score": 1, "name": "x"}, {"score": 1, "name": "x"}, []),
        ({"a": {"b": 1}}, {"a": {"b": "1"}}, ["a.b: 1 -> '1'"]),
        ({"a": 1}, {"b": 1}, ["a: 1 -> None", "b: None -> 1"]),
        ({"checks": [{"name": "c", "points": 1}]}, {"checks": [{"name": "c"}]}, ["checks[c].points: 1 -> None"]),
        ({"notes": ["a", "b"]}, {"notes": ["a", "c"]}, ["notes[1]: 'b' -> 'c'"]),
        ({"notes": []}, {"notes": ["a"]}, ["notes: [] -> ['a']"]),
    ],
)
def test_each_place_that_differs_is_a_line(old: object, new: object, lines: list[str]) -> None:
    assert list(differences(old, new)) == lines


def test_what_changes_from_run_to_run_does_not_count() -> None:
    assert steady({"grader": {"version": "1", "seed": 2}, "checks": [{"seconds": 3}]}) == {
        "grader": {"seed": 2},
        "checks": [{}],
    }


def test_the_corpus_is_laid_out_as_classes(tmp_path: Path) -> None:
    folder = lay_out_corpus(tmp_path / "classes")
    assert {path.name for path in folder.iterdir()} == {path.stem for path in (KIT / "solutions").glob("*.py")}
    assert b"def update" in (folder / "exercise1" / "wrong-mean_loss.py").read_bytes()
