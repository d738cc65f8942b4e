"""A class on a small disk, which some of its files try to fill: nobody else loses a point."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from corpus import text_of
from places import CORPUS, KIT

REFERENCE = KIT / "solutions" / "exercise1.py"
FILLERS = sorted((CORPUS / "attacks" / "exercise1").glob("deny_disk_of_*.py"))
AT_ONCE = """
import os
for number in range(300):
    file = os.open(f"f{number}", os.O_RDWR | os.O_CREAT)
    try:
        os.posix_fallocate(file, 0, 32 << 20)
    except OSError:
        pass
import time
time.sleep(3)
"""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 MB, on which all of a run takes place, and what makes a command grade there."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", str(folder)]
    if sys.platform != "linux" or os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("disks cannot be mounted here")
    (folder / "tmp").mkdir()
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_file_that_fills_the_disk_costs_nobody_else_a_point(disk: Path) -> None:
    submissions = disk / "class"
    submissions.mkdir()
    texts = {"a-at-once": AT_ONCE.encode() + REFERENCE.read_bytes()}
    texts |= {f"{'ceg'[number % 3]}-{path.stem}": text_of(path) for number, path in enumerate(FILLERS)}
    texts |= {f"{letter}-right": REFERENCE.read_bytes() for letter in "bdfhi"}
    for name, text in texts.items():
        (submissions / f"{name}.py").write_bytes(text)
    command = [sys.executable, "-c", "from autograder.cli.course import main; main()", "grade", "exercise1"]
    for _ in range(3):  # where the disk was full, the run says so, and goes on later
        graded = subprocess.run(
            [*command, str(submissions), "--output", str(disk / "results"), "--jobs", "2"],
            cwd=KIT, env={**os.environ, "TMPDIR": str(disk / "tmp")}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "Traceback" not in graded.stderr
        if graded.returncode == 0:
            break
        assert graded.returncode in (2, 3)
        assert re.search("no space|cannot be written|the disk is full", graded.stderr + graded.stdout)
    assert graded.returncode == 0, graded.stderr + graded.stdout
    rows = (disk / "results" / "grades.csv").read_text(encoding="utf-8").splitlines()[1:]
    scores = {row.split(",")[0]: float(row.split(",")[1]) for row in rows}
    assert {name: scores[name] for name in texts if name.endswith("right")} == dict.fromkeys(
        (name for name in texts if name.endswith("right")), 20.0
    )
    assert scores["a-at-once"] == 0
    assert len(scores) == len(texts)
    assert list((disk / "tmp").iterdir()) == []
