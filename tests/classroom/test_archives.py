"""Zips: what is taken from one, and what makes it refused."""

import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from autograder.classroom import archives
from autograder.classroom.archives import CLASSES, STUDENTS, unpack
from autograder.errors import UserError


def packed(path: Path, *entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as opened:
        for entry, data in entries:
            opened.writestr(entry, data, method)
    return path


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def mode(name: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (kind | 0o777) << 16
    return info


def test_only_scripts_are_taken_from_a_students_zip_and_all_from_a_classs(tmp_path):
    names = ["a/exercise2.py", "b.IPYNB", "data.csv", ".git/x.py", "venv/lib/y.py", "__MACOSX/._b.py", "in.zip", "d/"]
    archive = packed(tmp_path / "a.zip", *((name, b"1") for name in names))
    os.utime(archive, (1_000_000_000, 1_000_000_000))
    unpack(archive, tmp_path / "one", STUDENTS)
    assert files(tmp_path / "one") == ["a/exercise2.py", "b.IPYNB"]
    assert (tmp_path / "one" / "b.IPYNB").stat().st_mtime == 1_000_000_000
    unpack(archive, tmp_path / "all", CLASSES)
    assert files(tmp_path / "all") == sorted(names[:-1])


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ([("../x.py", b"1")], "a path that leads out of it (../x.py)"),
        ([("a/../../x.txt", b"1")], "a path that leads out of it"),
        ([("/etc/x.py", b"1")], "a path that leads out of it"),
        ([("..\\x.py", b"1")], "a path that leads out of it"),
        ([("C:\\x.py", b"1")], "a path that leads out of it"),
        ([(mode("x.py", stat.S_IFLNK), b"/etc/passwd")], "x.py, which is a link or a device"),
        ([(mode("x.ipynb", stat.S_IFCHR), b"")], "which is a link or a device"),
        ([(mode("x.py", stat.S_IFIFO), b"")], "which is a link or a device"),
        ([("x.py", b"1"), ("X.py", b"2")], "X.py, which comes twice"),
        ([("\u00e9.py", b"1"), ("e\u0301.py", b"2")], "which comes twice"),
        ([("a\x1b[2J.py", b"1")], "a\\x1b[2J.py, which has a control character in its name"),
        ([("x.py", b"0" * (5 << 20))], "x.py, which grows to 5 MB from next to nothing"),
        ([(f"{number}.py", b"1") for number in range(1001)], "more than 1000 files or 32 MB"),
    ],
)
def test_a_zip_that_is_not_to_be_trusted_is_refused_whole(tmp_path, entries, why):
    archive = packed(tmp_path / "a.zip", ("good.py", b"1"), *entries)
    with pytest.raises(UserError) as error:
        unpack(archive, tmp_path / "in", STUDENTS)
    assert str(error.value).startswith("holds ")
    assert why in str(error.value)
    assert str(error.value).isprintable()
    assert files(tmp_path / "in") == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip", "in"]


@pytest.mark.parametrize("name", ["deep.zip", "a/deep.tar.gz"])
def test_an_archive_in_an_archive_stays_closed(tmp_path, name):
    with pytest.raises(UserError, match=r"^holds another archive \(.*deep"):
        unpack(packed(tmp_path / "a.zip", (name, b"PK"), ("essay.txt", b"")), tmp_path / "in", STUDENTS)


def test_a_disk_is_not_filled(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "SPARE", 1 << 60)
    with pytest.raises(UserError, match="no space left"):
        unpack(packed(tmp_path / "a.zip", ("x.py", b"1")), tmp_path / "in", STUDENTS)


def test_bytes_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "STUDENTS", archives.Bounds((".py",), 9, 100))
    archive = packed(tmp_path / "a.zip", ("a.py", os.urandom(60)), ("b.py", os.urandom(60)))
    with pytest.raises(UserError, match="more than 9 files or 0 MB"):
        unpack(archive, tmp_path / "in", archives.STUDENTS)


def test_what_a_zip_says_of_sizes_is_not_believed(tmp_path):
    archive = packed(tmp_path / "a.zip", ("a.py", os.urandom(50_000)))
    data = archive.read_bytes()
    archive.write_bytes(data.replace(struct.pack("<L", 50_000), struct.pack("<L", 10)))
    with pytest.raises(UserError, match="cannot be unpacked"):
        unpack(archive, tmp_path / "in", STUDENTS)
    assert all(path.stat().st_size <= 10 for path in (tmp_path / "in").iterdir())


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_take_memory_are_refused(tmp_path, method):
    archive = packed(tmp_path / "a.zip", ("a.py", b"1"), method=method)
    with pytest.raises(UserError, match="packed in an unusual way"):
        unpack(archive, tmp_path / "in", STUDENTS)


def test_a_password_is_a_line(tmp_path):
    archive = packed(tmp_path / "a.zip", ("a.py", b"1"))
    data = bytearray(archive.read_bytes())
    data[data.index(b"PK\1\2") + 8] |= 1
    archive.write_bytes(data)
    with pytest.raises(UserError, match=r"a\.py, which is locked with a password"):
        unpack(archive, tmp_path / "in", STUDENTS)


@pytest.mark.parametrize("cut", [0, 1, 10, 40])
def test_a_broken_zip_is_a_line(tmp_path, cut):
    archive = packed(tmp_path / "a.zip", ("a.py", b"1" * 100))
    archive.write_bytes(archive.read_bytes()[:-cut] if cut else b"")
    with pytest.raises(UserError, match="cannot be unpacked"):
        unpack(archive, tmp_path / "in", STUDENTS)


def test_a_list_of_contents_is_not_read_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "LISTING", 1_000)
    archive = packed(tmp_path / "a.zip", *((f"{number}.txt", b"") for number in range(100)))
    with pytest.raises(UserError, match="it lists too many files"):
        unpack(archive, tmp_path / "in", STUDENTS)
