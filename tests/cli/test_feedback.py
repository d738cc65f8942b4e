"""`course feedback`: what it says, and how it ends."""

import pytest
from classes import plan_of, run, write_class
from course_commands import course, refusal
from places import KIT


@pytest.fixture(autouse=True)
def output(tmp_path, monkeypatch):
    monkeypatch.chdir(KIT)
    folder = tmp_path / "results"
    run(plan_of(write_class(tmp_path / "submissions", {"Ann Lee_123_assignsubmission_file_/x.py": "7"}), folder))
    return folder


def test_what_was_written_and_where_it_goes(output):
    result = course("feedback", output, "--format", "moodle")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"pages of 1 student: {output / 'feedback-moodle.zip'}; in Moodle, under")


def test_nothing_for_anybody(output):
    result = course("feedback", output, "--format", "canvas", code=1)
    assert "there is no page for anybody" in result.stderr
    assert result.stdout == ""


def test_what_cannot_be(output, tmp_path):
    assert "grade a class" in refusal("feedback", tmp_path, "--format", "canvas")
    assert "is no folder" in refusal("feedback", output, "--format", "moodle", "--output", tmp_path / "none" / "x.zip")
    assert "worksheet" in refusal("feedback", output, "--format", "moodle", "--into", tmp_path / "none.csv")
