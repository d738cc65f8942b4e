"""How a real `grade` ends, and that nothing of it stays behind."""

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from places import KIT

RIGHT_LOSS = "def loss(y_pred, y):\n    return ((y_pred - y) ** 2).sum() / 2\n"
ENDLESS = "while True:\n    pass\n"


@pytest.fixture
def kit(tmp_path):
    """A kit with the package's own exercises, none of which is begun."""
    for folder in ("exercises", "datasets"):
        (tmp_path / "kit" / folder).mkdir(parents=True)
    (tmp_path / "kit" / "exercises" / "exercise1.py").write_text("a = 1\n")
    return tmp_path / "kit"


@pytest.fixture
def run(kit, tmp_path):
    """Start the command with a folder for temporary files of its own."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    running = []

    def start(*arguments: str, code: str = "", **more: object) -> subprocess.Popen[bytes]:
        environment = {"PYTHONPATH": str(KIT), "XDG_STATE_HOME": str(kit / "state"), "TMPDIR": str(scratch)}
        command = [sys.executable, "-c", f"{code}\nfrom autograder.cli.grade import main\nmain()", *arguments]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more
        process = subprocess.Popen(command, cwd=kit, env=os.environ | environment, **streams)
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()
    assert list(scratch.iterdir()) == []


def begun(tmp_path: Path) -> None:
    """Wait until a worker has its scratch folder."""
    deadline = time.monotonic() + 60
    while not list((tmp_path / "scratch").glob("grade-*/*")):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("number", "code", "line"),
    [
        (signal.SIGTERM, 143, b"grade: terminated\n"),
        (signal.SIGHUP, 129, b"grade: terminated\n"),
        (signal.SIGINT, 130, b"grade: interrupted\n"),
    ],
)
def test_a_signal_ends_it_in_order(kit, run, tmp_path, number, code, line):
    (kit / "loop.py").write_text(ENDLESS)
    process = run("exercise1", "loop.py", code="import signal; signal.signal(signal.SIGHUP, signal.SIG_DFL)")
    begun(tmp_path)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err.lstrip()) == (code, b"", line)  # a new line, after the ^C of a terminal


def test_a_terminal_that_is_closed_does_not_end_what_nohup_started(kit, run, tmp_path):
    (kit / "loop.py").write_text(ENDLESS)
    process = run("exercise1", "loop.py", code="import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)")
    begun(tmp_path)
    process.send_signal(signal.SIGHUP)
    time.sleep(0.3)
    assert process.poll() is None
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 143


def test_it_grades_again_at_each_save(kit, run):
    stub = kit / "exercises" / "exercise1.py"
    ours, theirs = pty.openpty()
    process = run("exercise1", "--watch", "--function", "loss", stdout=theirs, stderr=theirs)
    os.close(theirs)

    def shown() -> str:
        text = b""
        while b"Ctrl-C ends" not in text:
            text += os.read(ours, 1 << 16)
        return text.decode()

    assert "0 / 3" in shown()
    with stub.open("w") as file:  # as a slow editor saves
        for part in (RIGHT_LOSS[:30], RIGHT_LOSS[30:]):
            file.write(part)
            file.flush()
            time.sleep(0.12)
    assert "All right so far" in shown()
    stub.write_text("def loss(\n")
    assert "SyntaxError" in shown()
    stub.unlink()
    (kit / "new").write_text(RIGHT_LOSS)
    (kit / "new").rename(stub)
    assert "All right so far" in shown()
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 0
    os.close(ours)


def test_it_ends_when_nobody_reads_any_more(kit, run):
    process = run("exercise1", "--watch", "--function", "loss")
    assert process.stdout.readline().startswith(b"exercise1")
    process.stdout.close()
    while b"Ctrl-C ends" not in process.stderr.readline():
        pass
    (kit / "exercises" / "exercise1.py").write_text(RIGHT_LOSS)
    assert process.wait(timeout=60) == 0
