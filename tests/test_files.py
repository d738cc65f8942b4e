"""Files: read and written with a line where that fails, and never left half-written."""

import os
from pathlib import Path

import pytest

from autograder import files
from autograder.errors import UserError


@pytest.mark.parametrize(
    ("name", "why"),
    [("nothing", "No such file or directory"), ("", "Is a directory"), ("a\0b", "embedded null byte")],
)
def test_what_cannot_be_read_is_a_line_with_advice(tmp_path, name, why):
    with pytest.raises(UserError) as raised:
        files.read_bytes(tmp_path / name, "check its name")
    assert str(raised.value) == f"{tmp_path / name} cannot be read ({why}); check its name"


@pytest.mark.parametrize(("stored", "text"), [(b"\xc3\xbc\r\n", "ü\r\n"), (b"\xef\xbb\xbfa", "a"), (b"", "")])
def test_text_is_utf_8_and_nothing_else_of_it_changes(tmp_path, stored, text):
    path = tmp_path / "file"
    path.write_bytes(stored)
    assert files.read_text(path, "") == text


def test_text_in_another_encoding_is_a_line(tmp_path):
    path = tmp_path / "file"
    path.write_bytes("ü".encode("latin-1"))
    with pytest.raises(UserError, match=r"is not UTF-8 \(.+\); save it as UTF-8"):
        files.read_text(path, "")


@pytest.mark.parametrize("content", ["ü\n", "ü\n".encode()])
def test_what_was_there_is_replaced_and_a_link_stays_one(tmp_path, content):
    path, link = tmp_path / "file", tmp_path / "link"
    path.write_text("old")
    link.symlink_to("file")
    files.write(link, content, "")
    assert link.is_symlink()
    assert path.read_bytes() == "ü\n".encode()
    assert {one.name for one in tmp_path.iterdir()} == {"file", "link"}


def test_what_cannot_be_written_is_a_line_and_leaves_all_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_text("old")

    def full(_path: Path, _target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(UserError) as raised:
        files.write(path, "new", "make room")
    assert str(raised.value) == f"{path} cannot be written (No space left on device); make room"
    assert [one.read_text() for one in tmp_path.iterdir()] == ["old"]


def test_a_device_is_written_to_and_stays_one():
    files.write_beside(Path(os.devnull), "text")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("name", ["x" * 255, "ü" * 127])
def test_a_long_name_has_room_for_the_file_beside_it(tmp_path, name):
    files.write_beside(tmp_path / name, "text")
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_digests_are_those_of_sha256sum():
    assert files.sha256(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(
    ("error", "said"), [(OSError(13, "Permission denied"), "Permission denied"), (OSError("cut"), "cut")]
)
def test_the_reason_is_a_few_words(error, said):
    assert files.reason(error) == said
