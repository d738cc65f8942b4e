"""Waiting for a file to be saved: no save is missed, and none is taken before it is whole."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.cli import watching
from autograder.cli.watching import Saves


@pytest.fixture(autouse=True)
def hurry(monkeypatch):
    """Two orders of magnitude between a look and the patience with an empty file."""
    monkeypatch.setattr(watching, "LOOK", 0.01)
    monkeypatch.setattr(watching, "SETTLED", 0.2)
    monkeypatch.setattr(watching, "EMPTY", 1.0)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "exercise1.py"
    path.write_text("a = 1\n")
    return path


def after(saves: Saves, save: Callable[[], object]) -> float:
    """Save while somebody waits; how long after the save the waiting ended."""
    ended = threading.Thread(target=saves.wait, daemon=True)
    ended.start()
    save()
    begun = time.monotonic()
    ended.join(timeout=10)
    assert not ended.is_alive()
    return time.monotonic() - begun


def test_a_save_ends_the_waiting(file):
    assert after(Saves(file), lambda: file.write_text("a = 2\n")) < 1


def test_a_save_before_the_waiting_is_not_missed(file):
    saves = Saves(file)
    file.write_text("a = 22\n")
    assert after(saves, lambda: None) < 1


def test_without_a_save_it_goes_on(file):
    waiting = threading.Thread(target=Saves(file).wait, daemon=True)
    waiting.start()
    waiting.join(timeout=0.5)
    assert waiting.is_alive()
    file.write_text("a = 2\n")
    waiting.join(timeout=10)
    assert not waiting.is_alive()


def test_each_save_counts_once(file):
    saves = Saves(file)
    after(saves, lambda: file.write_text("a = 22\n"))
    waiting = threading.Thread(target=saves.wait, daemon=True)
    waiting.start()
    waiting.join(timeout=0.5)
    assert waiting.is_alive()
    file.write_text("a = 333\n")
    waiting.join(timeout=10)


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


@pytest.mark.parametrize("way", ["in pieces", "emptied first", "removed first", "renamed over"])
def test_a_save_is_whole_when_the_waiting_ends(file, way):
    def save() -> None:
        if way == "renamed over":
            file.with_suffix(".new").write_text("whole")
            file.with_suffix(".new").rename(file)
            return
        if way == "removed first":
            file.unlink()
            time.sleep(0.5)
        with file.open("w") as writing:
            pause, parts = (0.5, ["whole"]) if way == "emptied first" else (0.08, list("whole"))
            for part in parts:
                time.sleep(pause)
                writing.write(part)
                writing.flush()

    found = []
    saves = Saves(file)
    waiting = threading.Thread(target=lambda: (saves.wait(), found.append(read(file))), daemon=True)
    waiting.start()
    save()
    waiting.join(timeout=10)
    assert found == ["whole"]


def test_a_file_that_stays_empty_is_a_save_in_the_end(file):
    assert after(Saves(file), lambda: file.write_text("")) > 0.8


def test_a_file_that_is_not_there_yet(tmp_path):
    path = tmp_path / "later.py"
    assert after(Saves(path), lambda: path.write_text("a = 1\n")) < 1
