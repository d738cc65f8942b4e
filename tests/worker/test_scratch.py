"""A scratch folder goes, and nothing outside it changes, whatever the student's code left there."""

import os
from pathlib import Path

from autograder.worker.scratch import remove


def test_nothing_above_it_or_behind_a_link_is_changed(tmp_path, monkeypatch):
    above, target = tmp_path / "above", tmp_path / "target"
    for folder in (above / "scratch" / "deep" / "deeper", target):
        folder.mkdir(parents=True)
    (target / "kept.txt").write_text("kept")
    (above / "scratch" / "link").symlink_to(target)
    for folder, mode in ((above, 0o777), (target, 0o755)):
        folder.chmod(mode)
    remove(above / "scratch")
    assert not (above / "scratch").exists()
    (above / "scratch").mkdir()
    monkeypatch.setattr(Path, "iterdir", lambda _: Path("not there").stat())  # as where it may not be removed
    remove(above / "scratch")
    assert [folder.stat().st_mode & 0o777 for folder in (above, target)] == [0o777, 0o755]
    assert (target / "kept.txt").read_text() == "kept"


def test_it_may_be_deeper_than_any_path_and_closed_at_every_level(tmp_path, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.chdir(scratch)
    for name in ("wide", "d" * 200):
        for _ in range(1100):
            os.mkdir(name)  # noqa: PTH102
            Path("file").write_text("x")
            os.chdir(name)
        monkeypatch.chdir(scratch)
    (scratch / "wide").chmod(0)
    remove(scratch)
    assert not scratch.exists()


def test_a_link_in_its_place_goes_alone(tmp_path):
    target = tmp_path / "target"
    target.mkdir(mode=0o755)
    (tmp_path / "scratch").symlink_to(target)
    remove(tmp_path / "scratch")
    assert not (tmp_path / "scratch").is_symlink()
    assert target.stat().st_mode & 0o777 == 0o755
