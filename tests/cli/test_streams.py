"""A command whose streams are closed, full or without our letters; each in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from places import KIT


def started(kit: Path, *arguments: str, code: str = "", **more: object) -> subprocess.CompletedProcess[bytes]:
    """Run `grade` in a process of its own, in a kit, with the package's own exercises."""
    run = f"{code}\nfrom autograder.cli.grade import main\nmain()"
    environment = os.environ | {"PYTHONPATH": str(KIT), "XDG_STATE_HOME": str(kit / "state")}
    options = {"cwd": kit, "env": environment | more.pop("env", {}), "capture_output": True, "check": False, **more}
    return subprocess.run([sys.executable, "-c", run, *arguments], **options)


@pytest.mark.parametrize("arguments", [[], ["--help"], ["--version"], ["exercise2", "nothing.py"]])
def test_quick_answers_import_nothing_heavy(kit, arguments):
    report = (
        "import atexit, sys\n"
        "heavy = {'torch', 'rich', 'pytest', 'numpy', 'nbformat', 'matplotlib'}\n"
        "atexit.register(lambda: print(*heavy & set(sys.modules), 'imported', file=sys.stderr))"
    )
    done = started(kit, *arguments, code=report)
    assert done.stderr.split(b"\n")[-2].strip() == b"imported"
    assert done.returncode == (2 if "nothing.py" in arguments else 0)


def test_a_reader_that_has_gone_is_no_error(kit):
    reading, writing = os.pipe()
    os.close(reading)
    done = started(kit, capture_output=False, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_an_output_without_our_letters(kit):
    done = started(kit, env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert b"- / 20" in done.stdout
    assert done.stderr == b""


@pytest.mark.parametrize("arguments", [[], ["--help"], ["--version"]])
def test_a_full_disk_is_one_line(kit, arguments):
    with Path("/dev/full").open("wb") as full:
        done = started(kit, *arguments, capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr.startswith(b"grade: standard output cannot be written (No space left on device); ")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize(
    ("closed", "arguments", "code"),
    [([1], [], 2), ([2], [], 0), ([0, 1, 2], [], 2), ([1], ["exercise1", "--output", "report.txt"], 1)],
)
def test_closed_streams(kit, closed, arguments, code):
    code_before = f"import os, sys\nfor stream in {closed}: os.close(stream)\n"
    code_before += "".join(f"sys.{name} = None\n" for at, name in ((1, "stdout"), (2, "stderr")) if at in closed)
    done = started(kit, *arguments, code=code_before)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    if closed == [1] and not arguments:
        assert done.stderr == b"grade: standard output is closed; write the report to a file with --output\n"
    if arguments:
        assert Path(kit, "report.txt").read_text(encoding="utf-8").startswith("exercise1 — ")
