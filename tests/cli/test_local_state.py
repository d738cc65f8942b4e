"""What is remembered of a kit: by kit and kind, and never in the way."""

from pathlib import Path

import pytest

from autograder.cli import local_state


def test_each_kit_and_each_kind_has_its_own(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    local_state.save(one, "scores", {"a": 1})
    local_state.save(one, "hints", {"b": 2})
    assert local_state.load(one, "scores") == {"a": 1}
    assert local_state.load(one, "hints") == {"b": 2}
    assert local_state.load(other, "scores") == {}


@pytest.mark.parametrize("stored", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
def test_damage_is_forgotten(tmp_path, state, stored):
    local_state.save(tmp_path, "scores", {"a": 1})
    (file,) = (path for path in state.rglob("*") if path.is_file())
    file.write_bytes(stored)
    assert local_state.load(tmp_path, "scores") == {}


def test_without_a_home_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("platformdirs.user_state_dir", lambda name: f"~/{name}")
    local_state.save(tmp_path, "scores", {"a": 1})
    assert not Path("~").exists()
