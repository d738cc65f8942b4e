"""The files of a new exercise are written all or not at all, and never over another's."""

import re
from pathlib import Path

import pytest
from small_kit import small_kit

from autograder import checking
from autograder.authoring import catalog, stubs
from autograder.authoring.skeleton import new_exercise
from autograder.errors import UserError


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    kit = small_kit(tmp_path / "kit", monkeypatch, "exercise1")
    stubs.build(kit)
    return kit


def refused(kit: Path, name: str, what: str) -> None:
    """See that an exercise is refused and nothing in the kit changes."""
    before = {path: path.read_bytes() for path in kit.rglob("*") if path.is_file()}
    with pytest.raises(UserError, match=re.escape(what)):
        new_exercise(kit, name)
    assert {path: path.read_bytes() for path in kit.rglob("*") if path.is_file()} == before


def test_three_files_are_written_and_fit_together(kit: Path) -> None:
    before = set(kit.rglob("*.py"))
    written = new_exercise(kit, "exercise5")
    names = ("solutions/exercise5.py", "autograder/checks/exercise5.py", "exercises/exercise5.py")
    assert written == tuple(kit / name for name in names)
    assert set(kit.rglob("*.py")) - before == set(written)
    assert all(status.is_current for status in stubs.compare(kit))
    exercise = catalog.find_exercise(kit, "exercise5")
    assert (exercise.title, exercise.functions) == ("The title of exercise5", (("double", 2),))
    [imported] = re.findall(r"from autograder\.checking import (.+)", written[1].read_text(encoding="utf-8"))
    assert set(imported.split(", ")) <= set(checking.__all__)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("Exercise5", "cannot name an exercise"),
        ("5th", "cannot name an exercise"),
        ("../evil", "cannot name an exercise"),
        ("conftest", "cannot name an exercise"),
        ("class", "word or module of Python"),
        ("random", "word or module of Python"),
        ("torch", "word or module of Python"),
        ("exercise1", "is there already"),
    ],
)
def test_a_name_that_cannot_be_is_refused(kit: Path, name: str, what: str) -> None:
    refused(kit, name, what)


@pytest.mark.parametrize("folder", ["solutions", "exercises"])
def test_nothing_is_overwritten(kit: Path, folder: str) -> None:
    (kit / folder / "exercise5.py").write_text("mine = 1\n", encoding="utf-8")
    refused(kit, "exercise5", "is there already")


def test_nothing_is_left_half_written(kit: Path) -> None:
    source = kit / "solutions/exercise1.py"
    source.write_text(source.read_text(encoding="utf-8").replace("### END", "### EDN"), encoding="utf-8")
    refused(kit, "exercise5", "solutions/exercise1.py:")
    source.unlink()
    source.parent.rmdir()
    refused(kit, "exercise5", "cannot be written")


def test_it_takes_the_kits_own_package(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "CHECKS", kit.parent / "site-packages" / "autograder" / "checks")
    refused(kit, "exercise5", f"pip install -e {kit}")
