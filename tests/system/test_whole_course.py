"""`course grade all` for real: two exercises of four students, in two layouts, one of them late."""

import csv

import pytest
from classes import write_class
from course_commands import course
from places import KIT

pytestmark = pytest.mark.system


def test_a_small_course(tmp_path, monkeypatch):
    monkeypatch.chdir(KIT)
    monkeypatch.setenv("COURSE_SECRET", "w0rd")
    right = {name: (KIT / f"solutions/{name}.py").read_text(encoding="utf-8") for name in ("exercise1", "exercise2")}
    wrong = right["exercise2"] + "\n\ndef loss(y_pred, y):\n    return ((y_pred - y) ** 2).sum()\n"
    files = {
        "ann_exercise1.py": right["exercise1"],
        "ann/exercise2.py": right["exercise2"],
        "bob/exercise2.py": wrong,
        "kim/exercises/exercise1.py": right["exercise1"] + "\n\ndef predict(:\n",
        "zoe.py": right["exercise2"],
    }
    submissions = write_class(tmp_path / "class", files)
    (tmp_path / "times.csv").write_text(
        "student,time\nann,2026-12-01 10:00\nbob,2026-12-02 10:00\nzoe,2026-12-01 10:00\n"
    )
    more = ("--deadline", "exercise2=2026-12-01 12:00", "--late-penalty", "5/day", "--jobs", 1)
    times = ("--times", f"exercise2={tmp_path / 'times.csv'}")
    course("grade", "all", submissions, "--output", tmp_path / "out", *more, *times)
    with (tmp_path / "out/gradebook.csv").open(encoding="utf-8", newline="") as file:
        rows = {row[0]: row[1:7] for row in csv.reader(file)}
    assert rows["ann"] == ["20", "30", "50", "100", "graded", "graded"]
    assert rows["bob"] == ["0", "23", "23", "46", "nothing handed in", "late"]
    assert rows["kim"] == ["0", "0", "0", "0", "graded", "nothing handed in"]
    assert rows["zoe"] == ["0", "30", "30", "60", "nothing handed in", "graded"]
    monkeypatch.delenv("COURSE_SECRET")
    said = course("grade", "all", submissions, "--output", tmp_path / "out", code=2).stderr
    assert "COURSE_SECRET was set and is not; set it as it was, or grade all again with --fresh" in said
