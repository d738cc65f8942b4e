"""Seeing a file saved: no save is missed, each counts once, and an editor's ways to save are known."""

import time
from pathlib import Path

import pytest

from autograder.cli import saves
from autograder.cli.saves import Saves


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    monkeypatch.setattr(saves, "EMPTY", 0.3)
    monkeypatch.setattr(saves, "GONE", 0.3)


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "exercise1.py"
    path.write_text("a = 1\n")
    return path


def test_each_save_counts_once(file):
    seen = Saves(file)
    assert not seen.is_saved()
    file.write_text("a = 22\n")
    assert [seen.is_saved(), seen.is_saved()] == [True, False]
    file.write_text("a = 333\n")
    assert seen.is_saved()


def test_a_save_of_the_same_length(file):
    seen = Saves(file)
    time.sleep(0.02)  # a clock's step
    file.write_text("a = 2\n")
    assert seen.is_saved()


def test_renamed_over(file):
    seen = Saves(file)
    file.with_suffix(".new").write_text("a = 1\n")
    file.with_suffix(".new").rename(file)
    assert seen.is_saved()


def test_emptied_first(file):
    seen = Saves(file)
    file.write_text("")
    assert not seen.is_saved()
    file.write_text("a = 2\n")
    assert seen.is_saved()


def test_a_file_that_stays_empty_is_a_save_in_the_end(file):
    seen = Saves(file)
    file.write_text("")
    assert not seen.is_saved()
    time.sleep(0.4)
    assert [seen.is_saved(), seen.is_saved()] == [True, False]


def test_removed_first(file):
    seen = Saves(file)
    file.unlink()
    assert [seen.is_saved(), seen.is_gone] == [False, False]
    time.sleep(0.4)
    assert [seen.is_saved(), seen.is_gone] == [False, True]
    file.write_text("a = 2\n")
    assert [seen.is_saved(), seen.is_gone] == [True, False]


def test_a_file_that_is_not_there_yet(tmp_path):
    seen = Saves(tmp_path / "later.py")
    assert not seen.is_saved()
    (tmp_path / "later.py").write_text("a = 1\n")
    assert seen.is_saved()
