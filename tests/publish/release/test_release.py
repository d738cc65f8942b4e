"""A release is written whole or not at all, never over anybody's work, and reports tell what runs at hand-in only."""

import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from example_reports import RIGHT
from places import KIT
from small_kit import small_kit

from autograder.cli.course import main
from autograder.errors import UserError
from autograder.exercise import HeldBack
from autograder.publish.release import faults, release
from autograder.report import html, text, words


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return small_kit(tmp_path / "kit", monkeypatch, "exercise1")


@pytest.fixture
def output(kit: Path, tmp_path: Path) -> Path:
    """A release of the kit."""
    release(kit, tmp_path / "out")
    return tmp_path / "out"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_two_releases_are_the_same_bytes(kit, output, tmp_path):
    (tmp_path / "empty").mkdir()
    release(kit, tmp_path / "empty")
    assert contents(output) == contents(tmp_path / "empty")
    assert "exercises/exercise1.ipynb" in contents(output)


def test_an_earlier_release_is_replaced(kit, output, tmp_path):
    for left in ("autograder/__pycache__/x.pyc", "backprop_exercises.egg-info/PKG-INFO"):
        (output / left).parent.mkdir()
        (output / left).write_text("")
    solution = kit / "solutions/exercise1.py"
    solution.write_text(solution.read_text().replace("Halves and doubles", "Doubles"))
    release(kit, output)
    assert "# # Doubles" in (output / "exercises/exercise1.py").read_text()
    assert not (output / "autograder/__pycache__").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kit", "out"]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("exercises/exercise1.py", "mine", "exercise1.py has been changed since it was released"),
        ("notes.txt", "mine", "notes.txt is not of a release"),
        (".git/HEAD", "ref", "HEAD is not of a release"),
        (".release.json", "{}", "is not empty and no release"),
    ],
)
def test_nobodys_work_is_overwritten(kit, output, name, text, said):
    (output / name).parent.mkdir(exist_ok=True)
    (output / name).write_text(text)
    with pytest.raises(UserError, match=re.escape(said)):
        release(kit, output)
    assert (output / name).read_text() == text


def test_a_link_in_it_is_somebodys_work(kit, output, tmp_path):
    (output / "more").symlink_to(tmp_path)
    with pytest.raises(UserError, match="more is not of a release"):
        release(kit, output)


@pytest.mark.parametrize(
    ("place", "said"),
    [("kit", "kit is not empty and no release"), ("file", "is a file"), ("no/folder", "there is no folder")],
)
def test_other_places_are_refused(kit, tmp_path, place, said):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UserError, match=said):
        release(kit, tmp_path / place)
    assert (tmp_path / "file").read_text() == "mine"
    assert (kit / "solutions").is_dir()


def test_a_failure_leaves_the_earlier_release_as_it_was(kit, output, tmp_path, monkeypatch):
    before, rename = contents(output), Path.rename

    def full(path: Path, target: Path) -> Path:
        if path.name == "new":
            raise OSError(28, os.strerror(28))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(UserError, match="No space left"):
        release(kit, output)
    assert contents(output) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kit", "out"]


@pytest.mark.parametrize("missing", ["LICENSE", "pyproject.toml", "constraints.txt", "solutions/exercise1.py"])
def test_a_kit_that_lacks_something_is_told_so(kit, tmp_path, missing):
    (kit / missing).unlink()
    with pytest.raises(UserError, match=re.escape(missing)):
        release(kit, tmp_path / "out")
    assert faults(kit)


def test_it_writes_and_says_where(kit, tmp_path, monkeypatch):
    monkeypatch.chdir(kit / "datasets")
    address = "https://example.org/kit.git"
    result = CliRunner().invoke(main, ["release", "--output", str(tmp_path / "out"), "--address", address])
    assert result.exit_code == 0, result.output
    assert re.fullmatch(r"wrote \d+ files to .*out; to try them, follow .*out/README.md\n", result.stdout)
    assert f"`git clone {address} kit`" in (tmp_path / "out/README.md").read_text(encoding="utf-8")
    [first, *_] = json.loads((tmp_path / "out/exercises/exercise1.ipynb").read_bytes())["cells"]
    assert f'address = "{address}"' in "".join(first["source"])


def test_without_an_address_nobody_is_told_to_clone(output):
    assert "git" not in (output / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("arguments", [["--lang", "de"], ["--output", "no/such/folder"], ["--address", "$(id)"]])
def test_what_it_cannot_do_is_one_line(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(KIT)
    result = CliRunner().invoke(main, ["release", "--output", str(tmp_path / "out"), *arguments])
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("report", "praise", "held"),
    [
        (RIGHT, words.VISIBLE_MARKS, "they hold 6 of the 36 points"),
        (replace(RIGHT, functions=RIGHT.functions[:1]), "", "they hold 1 of the 4 points"),
    ],
    ids=["right", "some functions"],
)
def test_hidden_points_are_told(report, praise, held):
    left_out = (("forward", HeldBack(1, 1)), ("chain_rule_gradients", HeldBack(2, 5)))
    there = replace(report, exercise=replace(report.exercise, at_hand_in=left_out))
    for render in (lambda report: text.render(report, width=100, color=False), html.render):
        said = " ".join(render(there).split())
        assert held in said
        assert praise in said
        assert words.FULL_MARKS not in said
        assert "At hand-in" not in render(report)
