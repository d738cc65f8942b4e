"""Landlock: what is allowed works, all else is refused."""

import subprocess
import sys

import pytest
from places import KIT

from autograder.worker import landlock

CODE = """
import ctypes, sys
from pathlib import Path
from autograder.worker.landlock import open_places, restrict
readable, writable, outside = map(Path, sys.argv[1:])
places = open_places([readable, outside / "missing"]), open_places([writable])
ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
restrict(*places)
for attempt in (
    lambda: (readable / "file").read_text(), lambda: (readable / "file").write_text("x"),
    lambda: (writable / "new").write_text("x"), lambda: (writable / "new").unlink(),
    lambda: (outside / "file").read_text(), lambda: list(outside.iterdir()), lambda: (outside / "new").write_text("x"),
):
    try:
        attempt()
        print("yes")
    except PermissionError:
        print("no")
"""


@pytest.mark.skipif(not landlock.version(), reason="no Landlock here")
def test_reading_writing_and_nothing_else(tmp_path):
    folders = [tmp_path / name for name in ("readable", "writable", "outside")]
    for folder in folders:
        folder.mkdir()
        (folder / "file").write_text("kept")
    command = [sys.executable, "-c", CODE, *map(str, folders)]
    done = subprocess.run(command, cwd=KIT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.split() == ["yes", "no", "yes", "yes", "no", "no", "no"]
    assert (tmp_path / "readable" / "file").read_text() == "kept"


def test_a_refusal_of_the_kernels_is_an_error():
    with pytest.raises(OSError, match="Landlock"):
        landlock._call(landlock.RESTRICT_SELF, -1, 0)


def test_a_system_that_is_not_linux_has_none(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert landlock.version() == 0
