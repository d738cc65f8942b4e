"""The kit that `course` works on: named, around the current folder, or the one that is installed."""

from pathlib import Path

import pytest
from course_commands import course, kit_here, refusal

from autograder.authoring import catalog
from autograder.cli import kits


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny kit; the current folder is elsewhere, and no kit is installed."""
    made = kit_here(tmp_path, monkeypatch)
    course("build")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    monkeypatch.setattr(catalog, "PACKAGE", elsewhere)
    return made


def test_it_is_named_by_an_option_or_by_the_environment(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "up to date" in course("--kit", kit, "build", "--check").stdout
    monkeypatch.setenv("BACKPROP_EXERCISES_KIT", str(kit))
    assert "up to date" in course("build", "--check").stdout


def test_the_installed_one_serves_anywhere(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "PACKAGE", kit / "autograder")
    assert "up to date" in course("build", "--check").stdout


@pytest.mark.usefixtures("kit")
def test_where_there_is_none_a_line_says_how_to_name_it(tmp_path: Path) -> None:
    assert "or name it: course --kit DIR" in refusal("build")
    assert "is not inside the kit" in refusal("--kit", tmp_path / "none", "build")


def test_checks_that_do_not_run_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    running = tmp_path / "running/checks"
    for place, name in enumerate(("running", "same/autograder", "other/autograder")):
        (tmp_path / name / "checks").mkdir(parents=True)
        (tmp_path / name / "checks/exercise1.py").write_text(f"a = {place // 2}\n", encoding="utf-8")
    monkeypatch.setattr(catalog, "CHECKS", running)
    for name in ("same", "other", "other", "none"):
        kits._tell_other_checks(tmp_path / name)
    (said,) = capsys.readouterr().err.splitlines()
    how = f"to have those of {tmp_path / 'other'}, install it: pip install -e {tmp_path / 'other'}"
    assert said == f"WARNING: the checks that run are those in {running}, and differ; {how}"
