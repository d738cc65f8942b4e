"""How much a scratch folder may hold."""

import os

import pytest

from autograder.host import disk_quota


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(disk_quota, "MAX_BYTES", 1000)
    monkeypatch.setattr(disk_quota, "MAX_ENTRIES", 10)


def test_what_is_within_both_bounds_is_fine(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    for number in range(5):
        (tmp_path / "a" / f"{number}").write_bytes(b"x" * 100)
    (tmp_path / "link").symlink_to("/usr")  # whose contents are not the student's
    assert not disk_quota.is_overfull(tmp_path)
    assert not disk_quota.is_overfull(tmp_path / "missing")


@pytest.mark.parametrize(("number", "size"), [(11, 0), (2, 501)])
def test_too_many_files_and_too_large_ones_are_too_much(tmp_path, number, size):
    (tmp_path / "a").mkdir()
    for name in range(number - 1):
        (tmp_path / "a" / f"{name}").write_bytes(b"x" * size)
    (tmp_path / "last").write_bytes(b"x" * size)
    assert disk_quota.is_overfull(tmp_path)


def test_what_is_deeper_than_a_path_can_name_is_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr(disk_quota, "MAX_ENTRIES", 10_000)
    monkeypatch.chdir(tmp_path)
    for _ in range(30):
        os.mkdir("d" * 200)  # noqa: PTH102
        os.chdir("d" * 200)
    monkeypatch.chdir(tmp_path)
    assert disk_quota.is_overfull(tmp_path)
