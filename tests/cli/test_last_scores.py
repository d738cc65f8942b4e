"""The last score of each exercise: kept by kit, and never in the way of grading."""

import dataclasses
from pathlib import Path

import pytest
from example_reports import ERRORED, RIGHT

from autograder.cli import grade, last_scores

SCORE = last_scores.LastScore(3, 5, "/a/b.py", "0" * 64)


def test_each_kit_has_its_own(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    last_scores.save(one, "exercise1", SCORE)
    last_scores.save(one, "exercise2", SCORE)
    assert last_scores.load(one) == {"exercise1": SCORE, "exercise2": SCORE}
    assert last_scores.load(other) == {}


def test_a_file_that_is_gone_is_no_full_marks():
    gone = dataclasses.replace(SCORE, score=5)
    assert gone.since() == last_scores.GONE
    assert not gone.is_full()


def test_the_score_of_another_file_is_not_ones_own(kit, grader, capsys):
    (kit / "other.py").write_text("a = 3\n")
    grade.run(["exercise2"])
    own = last_scores.load(kit)
    grade.run(["exercise2", "other.py"])
    grade.run(["exercise1", "other.py"])
    assert last_scores.load(kit) == own != {}


@pytest.mark.parametrize(
    "stored", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b'{"a": 3, "b": {"score": "3"}, "c": {"score": 3}}']
)
def test_damage_is_forgotten(kit, state, stored):
    last_scores.save(kit, "exercise1", SCORE)
    (file,) = (path for path in state.rglob("*") if path.is_file())
    file.write_bytes(stored)
    assert last_scores.load(kit) == {}
    last_scores.save(kit, "exercise1", SCORE)
    assert last_scores.load(kit) == {"exercise1": SCORE}


@pytest.mark.parametrize("error", [PermissionError(13, "no"), OSError(28, "full")])
def test_a_full_or_closed_disk_disturbs_nothing(kit, grader, capsys, monkeypatch, error):
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert grade.run(["exercise2"]) == 0
    assert capsys.readouterr().err == ""


def test_without_a_home_nothing_is_written(kit, grader, monkeypatch):
    monkeypatch.setattr("platformdirs.user_state_dir", lambda name: f"~/.local/state/{name}")
    assert grade.run(["exercise2"]) == 0
    assert not Path("~").exists()


@pytest.mark.parametrize("part", [True, False])
def test_part_of_a_grading_is_no_score(kit, grader, part):
    grader.report = dataclasses.replace(RIGHT, functions=RIGHT.functions[:1]) if part else ERRORED
    grade.run(["exercise2"])
    assert last_scores.load(kit) == {}
