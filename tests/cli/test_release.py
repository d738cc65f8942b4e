"""`course release`: what it takes and says; the kit that it writes is autograder.publish.release's."""

import pytest
from course_commands import course, refusal
from places import KIT

from autograder.errors import UserError


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.chdir(KIT / "datasets")


def test_it_says_how_much_it_wrote_and_where_to_go_on(monkeypatch, tmp_path):
    seen = []
    monkeypatch.setattr("autograder.publish.release.release", lambda *given: seen.append(given) or [1, 2, 3])
    said = course("release", "--output", tmp_path / "new").stdout
    assert said == f"wrote 3 files to {tmp_path / 'new'}; to try them, follow {tmp_path / 'new' / 'README.md'}\n"
    assert seen == [(KIT, tmp_path / "new", "en")]


def test_what_it_cannot_do_is_one_line(monkeypatch, tmp_path):
    def refuse(*_: object) -> None:
        raise UserError("it is not empty; name another")

    monkeypatch.setattr("autograder.publish.release.release", refuse)
    assert refusal("release", "--output", tmp_path) == "course: it is not empty; name another\n"
    assert "Missing option '--output'" in refusal("release")
