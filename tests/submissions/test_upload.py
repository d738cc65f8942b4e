"""Which file of what was handed in is meant."""

import os
from pathlib import Path

import pytest
from places import KIT

from autograder.authoring import catalog
from autograder.errors import UserError
from autograder.submissions.upload import is_nobodys, submissions

EXERCISE = catalog.find_exercise(KIT, "exercise2")
STUB, RIGHT = EXERCISE.stub.read_text(), (KIT / "solutions" / "exercise2.py").read_text()


def put(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"exercise2.py": RIGHT, "exercise1.py": RIGHT, "autograder/checks/exercise2.py": ""}, ["exercise2.py"]),
        ({"a/exercises/exercise2.py": RIGHT, "exercise2.py": RIGHT}, ["a/exercises/exercise2.py"]),
        ({"a/b/exercise2.py": RIGHT, "a/exercise2.py": RIGHT}, ["a/exercise2.py"]),
        ({"Exercise2-1.PY": RIGHT, "notes.py": RIGHT}, ["Exercise2-1.PY"]),
        ({"exercise2.py": STUB, "exercise2 (1).py": RIGHT}, ["exercise2 (1).py"]),
        ({"exercise2.py": STUB}, ["exercise2.py"]),
        ({"exercise2.py": "def f(:", "exercise2 (1).py": STUB}, ["exercise2.py"]),
        ({"a.py": RIGHT, "b.py": RIGHT + "\n", "c.py": RIGHT}, ["a.py", "b.py"]),
        ({"exercise2.py": STUB, "work/mine.py": RIGHT, "exercise1.py": RIGHT + "\n"}, ["work/mine.py"]),
        ({"exercises/exercise2.py": STUB, "exercise2.py": RIGHT}, ["exercise2.py"]),
        (
            {"exercises/exercise2.py": STUB, "src/exercise2.py": RIGHT, "old/x/exercise2.py": RIGHT},
            ["src/exercise2.py"],
        ),
        ({"exercise2.py": STUB, "exercise2/exercise2.py": RIGHT}, ["exercise2/exercise2.py"]),
        (
            {"exercise2.py": RIGHT, "exercise2/exercise2.py": RIGHT + "\n"},
            ["exercise2.py", "exercise2/exercise2.py"],
        ),
        ({"exercise2.py": STUB, "Exercise 2 final.py": RIGHT}, ["Exercise 2 final.py"]),
        ({"exercise2.py": STUB, "test_exercise2.py": RIGHT, "exercise21.py": RIGHT}, ["exercise2.py"]),
        ({"exercise2.py": RIGHT} | {f"old/{at}/exercise2.py": RIGHT for at in range(9)}, ["exercise2.py"]),
        ({"env/exercise2.py": RIGHT}, ["env/exercise2.py"]),
        ({".venv/exercise2.py": RIGHT, "__MACOSX/exercise2.py": RIGHT, "mine.py": RIGHT}, ["mine.py"]),
    ],
)
def test_what_is_meant(tmp_path: Path, files: dict[str, str], found: list[str]) -> None:
    assert [one.path.as_posix() for one in submissions(put(tmp_path, files), EXERCISE)] == found


@pytest.mark.parametrize("place", ["env/lib", "venv", ".venv/lib", "node_modules/a", "lib/site-packages", "mine/lib"])
def test_an_environment_hides_nothing(tmp_path: Path, place: str) -> None:
    put(tmp_path, {"work/exercise2.py": RIGHT, "mine/pyvenv.cfg": "", f"{place}/exercise2.py": ""})
    for number in range(20_001):
        (tmp_path / place / f"a{number}.py").touch()
    (only,) = submissions(tmp_path, EXERCISE)
    assert only.path.as_posix() == "work/exercise2.py"


def test_other_scripts_hide_nothing_however_many_they_are(tmp_path: Path) -> None:
    put(tmp_path, {"a/b.py": "", "z/exercise2.py": RIGHT})
    for number in range(20_001):
        (tmp_path / "a" / f"a{number}.py").touch()
    (only,) = submissions(tmp_path, EXERCISE)
    assert only.path.as_posix() == "z/exercise2.py"


@pytest.mark.parametrize(
    ("stem", "is_so"),
    [
        *((stem, True) for stem in ("exercise2", "Exercise 1", "exercise2-1", "Copy of exercise2", "exercise2 - Copy")),
        *((stem, True) for stem in ("exercise2_final_v2", "exercise2 (3)", "exercise2_v3", "exercise2 Kopie (1)")),
        *((stem, False) for stem in ("12345_exercise2", "exercise2_12345", "exercise2_7", "ann_exercise2", "Copeland")),
        *((stem, False) for stem in ("exercise2_finalova", "2026_exercise2", "v2", "exercise2" + " 1" * 100 + "x")),
    ],
)
def test_whether_a_name_is_nobodys(stem: str, is_so: bool) -> None:
    assert is_nobodys(stem, "exercise2") is is_so


def test_pipes_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "exercise2.py")
    with pytest.raises(UserError, match=r"exercise2\.py is a link or no ordinary file"):
        submissions(tmp_path, EXERCISE)
