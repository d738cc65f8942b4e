"""Folders of a whole course: which exercise each file is, in every layout, and what nobody can tell."""

import zipfile

import pytest
from classes import write_class
from places import KIT

from autograder.authoring.catalog import exercises
from autograder.classroom.sorting import sort_folder, student_in
from autograder.errors import UserError

ALL = exercises(KIT)
BODIES = {
    one.name: "".join(f"def {name}(*_):\n    return 0\n\n\n" for name, _ in one.functions) for one in ALL
}  # which tell what they are


def found(tmp_path, files: dict[str, str]) -> dict[str, dict[str, str]]:
    """The files by exercise and student."""
    got = sort_folder(write_class(tmp_path / "class", files), ALL, tmp_path / "scratch")
    return {one.name: {each.student: each.file for each in collected.found} for one, collected in got.exercises}


def test_every_layout(tmp_path):
    files = {
        "ann_exercise1.py": "1",
        "Exercise 2 - bob.ipynb": "{}",
        "kim.py": BODIES["exercise4"],
        "eve/exercise1.py": "1",
        "eve/exercise2.py": "1",
        "zoe/exercise2/exercise2.ipynb": "{}",
        "lee/exercises/exercise1.py": "1",
        "lee/exercises/exercise2.py": (KIT / "exercises/exercise2.py").read_text(encoding="utf-8"),
        "odd/my layers.py": BODIES["exercise2"],
        "odd/notes.py": "x = 1",
        "exercise3/ann.py": "1",
        "Exercise 3/doejane_12345_67890_x.py": "1",
    }
    assert found(tmp_path, files) == {
        "exercise1": {"ann": "ann_exercise1.py", "eve": "eve/exercise1.py", "lee": "lee/exercises/exercise1.py"},
        "exercise2": {
            "bob": "Exercise 2 - bob.ipynb",
            "eve": "eve/exercise2.py",
            "lee": "lee/exercises/exercise2.py",
            "odd": "odd/my layers.py",
            "zoe": "zoe/exercise2/exercise2.ipynb",
        },
        "exercise3": {"ann": "exercise3/ann.py", "doejane_12345": "Exercise 3/doejane_12345_67890_x.py"},
        "exercise4": {"kim": "kim.py"},
    }


def test_zips_of_students_and_of_exercises(tmp_path):
    folder = write_class(tmp_path / "class", {"bob/exercise1.py": "1"})
    for name, inner in (("ann.zip", ["exercise1.py", "exercise2.py"]), ("exercise3.zip", ["ann.py", "kim.py"])):
        with zipfile.ZipFile(folder / name, "w") as archive:
            for each in inner:
                archive.writestr(each, "1")
    got = sort_folder(folder, ALL, tmp_path / "scratch")
    assert {one.name: [each.student for each in collected.found] for one, collected in got.exercises} == {
        "exercise1": ["ann", "bob"], "exercise2": ["ann"], "exercise3": ["ann", "kim"]
    }  # fmt: skip
    assert all(each.path.is_file() for _, collected in got.exercises for each in collected.found)
    assert got.refused == ()


def test_what_nobody_can_tell_is_refused_in_every_exercise(tmp_path):
    files = {"ann_exercise1.py": "1", "what.py": "x = 1", "two/a.py": "1", "empty/essay.txt": "-", "exercise2.py": "1"}
    folder = write_class(tmp_path / "class", files)
    (folder / "link.py").symlink_to("/etc/passwd")
    got = sort_folder(folder, ALL, tmp_path / "scratch")
    [(exercise, collected)] = got.exercises
    assert (exercise.name, [each.student for each in collected.found]) == ("exercise1", ["ann"])
    assert [f"{one}" for one in got.refused] == [
        "empty has no file of an exercise in it",
        "exercise2.py has an exercise's name and not its student's; rename it",
        "link.py is a symbolic link; put the file itself there",
        "two has no file of an exercise in it; it holds a.py: rename the right one",
        "what.py tells nobody which exercise it is; put the exercise into its name, as in what_exercise1.py, or see"
        " that it is the student's file",
    ]
    assert {one.student for one in collected.refused if not one.is_missing} >= {"what", "two"}


def test_stubs_that_nobody_has_begun_are_no_exercise(tmp_path):
    stubs = {f"ann/exercises/{one.name}.py": one.stub.read_text(encoding="utf-8") for one in ALL[:3]}
    assert found(tmp_path, stubs | {"bob/exercise1.py": "1"}) == {
        "exercise1": {"ann": "ann/exercises/exercise1.py", "bob": "bob/exercise1.py"}
    }


def test_a_folder_of_nothing_is_a_line(tmp_path):
    with pytest.raises(UserError, match="there are no submissions in"):
        sort_folder(write_class(tmp_path / "class", {"a.txt": ""}), ALL, tmp_path / "scratch")


@pytest.mark.parametrize(
    ("stem", "student"),
    [
        ("ann_exercise2", "ann"), ("Doe, Jane - Exercise 2", "Doe, Jane"), ("exercise2_ann-lee", "ann-lee"),
        ("ann_exercise2_final-1", "ann"), ("copy of exercise2 ann", "ann"), ("exercise02", ""), ("ann", ""),
        ("ann_exercise23", ""), ("exercise2-1", ""),
    ],
)  # fmt: skip
def test_whose_a_file_is(stem, student):
    assert student_in(stem, "exercise2") == student
