"""`course nbgrader`: what it takes and says; the folder is autograder.nbgrader's."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from course_commands import course, refusal
from places import KIT


@pytest.fixture
def deeds(monkeypatch):
    """What writing the folder is to have done."""
    done = []
    monkeypatch.chdir(KIT)
    monkeypatch.setattr("autograder.nbgrader.course_folder.write_course", lambda *_, **__: done)
    return done


class Deed(SimpleNamespace):
    """A file, and what became of it."""

    def __str__(self) -> str:
        return f"{self.path}: {self.deed}"


@pytest.mark.parametrize(
    ("path", "deed", "code"),
    [("a.ipynb", "written", 0), ("a.ipynb", "left alone", 1), ("nbgrader_config.py", "left alone", 0)],
)
def test_a_notebook_that_is_left_alone_is_an_exit_code(deeds, tmp_path, path, deed, code):
    deeds.append(Deed(path=Path(path), deed=deed))
    lines = course("nbgrader", "--output", tmp_path / "course", code=code).stdout.splitlines()
    assert lines[0] == f"{path}: {deed}"
    assert ("Next: " in lines[-1]) == (code == 0)


@pytest.mark.parametrize("name", ["", "a b", "../a", "a/b"])
def test_the_id_becomes_a_folder_s_name(deeds, tmp_path, name):
    said = refusal("nbgrader", "--output", tmp_path, "--course", name)
    assert "is no id of a course; use letters, digits, '-', '_' and '.'" in said
