"""The graders that CI runs: what is in them, and that they are the same bytes each time."""

import json
import zipfile
from io import BytesIO
from pathlib import Path, PurePosixPath

import pytest
from places import KIT
from small_kit import small_kit

from autograder.authoring import catalog
from autograder.errors import UserError
from autograder.publish.ci import graders
from autograder.publish.release.contents import Files


def visible(kit: Path) -> Files:
    return graders.visible(kit, ("exercise1",))


def names(data: bytes) -> set[str]:
    return set(zipfile.ZipFile(BytesIO(data)).namelist())


@pytest.mark.parametrize(
    ("make", "more", "less"),
    [
        (graders.whole, "autograder/publish/audit.py", "autograder/checks/exercise1.json"),
        (visible, "autograder/checks/exercise1.json", "autograder/publish/audit.py"),
    ],
)
def test_a_grader_is_a_wheel_with_the_data_and_the_stubs(make, more: str, less: str) -> None:
    files = make(KIT)
    assert {path.parts[0] for path in files} - {"solutions"} == {
        graders.WHEEL, "constraints.txt", "datasets", "exercises"
    }  # fmt: skip
    assert {path.suffix for path in files if path.parts[0] == "exercises"} <= {".py", ".png"}
    assert (PurePosixPath("solutions/exercise1.py") in files) == (make is graders.whole)
    held = names(files[PurePosixPath(graders.WHEEL)])
    assert {"autograder/cli/grade.py", "autograder/worker/serve.py", more} <= held
    assert less not in held
    assert not any("__pycache__" in name for name in held)
    assert make(KIT) == files


def test_what_students_see_of_other_exercises_is_left_out() -> None:
    files = visible(KIT)
    assert {path.name for path in files if path.parts[0] == "exercises" and path.suffix == ".py"} == {"exercise1.py"}
    held = names(files[PurePosixPath(graders.WHEEL)])
    assert {name for name in held if name.endswith(".cases.json")} == {"autograder/checks/exercise1.cases.json"}


def test_the_wheel_records_each_of_its_files() -> None:
    wheel = zipfile.ZipFile(BytesIO(visible(KIT)[PurePosixPath(graders.WHEEL)]))
    [record] = [name for name in wheel.namelist() if name.endswith("/RECORD")]
    lines = [line.rsplit(",", 2) for line in wheel.read(record).decode().splitlines()]
    assert {name for name, _, _ in lines} == set(wheel.namelist())
    assert {name: int(size) for name, _, size in lines if size} == {
        entry.filename: entry.file_size for entry in wheel.infolist() if entry.filename != record
    }


def test_archives_are_equal_and_only_what_is_to_run_may_run() -> None:
    files = {PurePosixPath(name): b"x" for name in ("setup.sh", "kit/setup.sh", "a.txt")}
    data = graders.archive(files)
    assert data == graders.archive(dict(reversed(files.items())))
    modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in zipfile.ZipFile(BytesIO(data)).infolist()}
    assert modes == {"setup.sh": 0o755, "kit/setup.sh": 0o644, "a.txt": 0o644}


def test_what_is_shown_without_a_verdict_gives_nothing_and_says_whose_fault_it_is() -> None:
    exercise = catalog.find_exercise(KIT, "exercise2")
    shown = json.loads(graders.failed(exercise))
    assert "not your mistake" in shown["output"]
    assert {test["score"] for test in shown["tests"]} == {0}
    assert sum(test["max_score"] for test in shown["tests"]) == exercise.points


@pytest.mark.parametrize(("folder", "said"), [("solutions", "has no solutions/"), ("exercises", "restore it")])
def test_a_kit_that_lacks_something_has_no_whole_grader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, said: str
) -> None:
    kit = small_kit(tmp_path, monkeypatch, "exercise1")
    for path in (kit / folder).iterdir():
        path.unlink()
    (kit / folder).rmdir()
    with pytest.raises(UserError, match=said):
        graders.whole(kit)
