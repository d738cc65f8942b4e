"""Folders for results: what a killed run has left is removed, and what others write stays."""

import os

import pytest

from autograder.classroom.room import make_folder, remove_unfinished
from autograder.errors import UserError


def test_what_a_killed_run_was_writing_goes(tmp_path):
    for name in (".ann.json.1.new", f".bob.json.{os.getpid()}.new", ".hidden", "ann.json"):
        (tmp_path / name).touch()
    (tmp_path / ".zips.1.new").mkdir()
    remove_unfinished(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [f".bob.json.{os.getpid()}.new", ".hidden", "ann.json"]


def test_a_file_in_the_way_is_a_line(tmp_path):
    (tmp_path / "results").touch()
    with pytest.raises(UserError, match="is a file; move it away"):
        make_folder(tmp_path / "results")
