"""Where POSIX is missing (Windows) or cannot be used (macOS): simulated by taking its modules and calls away."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from places import DATASETS, KIT
from students import graded, scores, script, solved

import autograder.host.spawned
from autograder.errors import GraderError, UserError
from autograder.host.answers import Returned, WorkerLost
from autograder.host.fork_server import ForkServer
from autograder.host.spawned import SpawnedWorkers
from autograder.host.worker import Worker
from autograder.model import Limits

pytestmark = pytest.mark.system  # each worker is an interpreter that imports torch

# Run first, this makes an interpreter one without POSIX, as far as other libraries can do without it on this system.
WITHOUT = (
    "import os, signal, socket, subprocess, sys\n"
    "sys.modules.update(dict.fromkeys(['fcntl', 'resource', 'pwd', 'grp', 'termios', 'tty', 'pty', 'syslog']))\n"
    "for module, names in ((os, 'fork forkpty killpg getppid setsid mkfifo chown waitid'),\n"
    "        (socket, 'send_fds recv_fds'), (signal, 'SIGHUP SIGALRM')):\n"
    "    for name in names.split(): delattr(module, name)\n"
)
# Only the fork server imports these, where there is one.
FOR_FORK_SERVERS = {"confine", "fork_server", "landlock", "seccomp"}


def bare(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code in an interpreter without POSIX."""
    command = [sys.executable, "-c", f"{WITHOUT}{code}", *arguments]
    return subprocess.run(command, cwd=KIT, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def forkless() -> Iterator[ForkServer]:
    """A fork server on a system that cannot fork."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(os, "fork")
        patch.delattr(socket, "send_fds")
        with ForkServer.start() as running:
            yield running


def test_what_students_run_can_be_imported() -> None:
    parts = ["cli.grade", "grading.grader", "host.fork_server", "host.spawned", "report.plots", "report.text"]
    parts += ["report.json", "report.html", "report.reading", "live", "cli.reading", "cli.resetting"]
    workers = {path.stem for path in (KIT / "autograder" / "worker").glob("*.py")} - FOR_FORK_SERVERS - {"__init__"}
    names = [f"autograder.{part}" for part in [*parts, *(f"worker.{name}" for name in sorted(workers))]]
    done = bare(f"import importlib\nfor name in {names!r}: importlib.import_module(name)")
    assert done.stderr == ""


def test_help_is_given() -> None:
    done = bare("from autograder.cli.grade import main\nmain()", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "--isolation" in done.stdout


def test_a_file_is_graded_and_the_report_says_how() -> None:
    done = bare(
        "from autograder.cli.grade import main\nmain()",
        "exercise2",
        str(KIT / "solutions" / "exercise2.py"),
        "--format=json",
    )
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert (report["score"], report["grader"]["isolation"]) == (30, "process")


def test_the_sandbox_cannot_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autograder.host.fork_server, "can_fork", lambda: False)
    with ForkServer.start(isolation="sandbox") as running, pytest.raises(UserError, match="cannot fork a process"):
        running.isolation()


def printed_soon(worker: Worker) -> str:
    """What a worker has printed; over the loopback it may come a moment after the answer."""
    until = time.monotonic() + 5
    text = worker.printed()
    while not text and time.monotonic() < until:
        time.sleep(0.01)
        text = worker.printed()
    return text


class TestWithoutForks:
    def test_each_exercise_gets_its_points(self, forkless):
        for name, points in (("exercise1", 20), ("exercise3", 20)):
            report = graded(forkless, name, solved(name))
            assert (report.score, report.grader.isolation) == (points, "process")

    def test_the_by_hand_rule_holds(self, forkless):
        code = (
            "import torch\ndef manual_gradients(parameters, x, y):\n"
            "    a, b = (parameters[name].clone().requires_grad_() for name in 'ab')\n"
            "    da, db = torch.autograd.grad(((a * x + b - y) ** 2).sum() / 2, (a, b))\n    return {'a': da, 'b': db}"
        )
        report = graded(forkless, "exercise1", solved("exercise1", code))
        assert scores(report) == {"manual_gradients": 0}
        assert [violation.function for violation in report.violations] == ["manual_gradients"]
        assert report.notes == ()

    def test_a_loop_and_a_crash_cost_their_calls(self, forkless):
        code = (
            "import os\nprint('loaded', flush=True)\ndef loop():\n    while True: pass\ndef leave(): os._exit(3)\n"
            "def fine():\n    return os.getcwd(), *map(os.path.exists, ('../datasets/line.csv', 'datasets/line.csv'))\n"
        )
        for function, words in (("loop", "within 0.2 seconds"), ("leave", "exit code 3")):
            worker = forkless.worker(DATASETS, Limits())
            worker.load(script(code), "exercise1")
            assert printed_soon(worker) == "loaded\n"
            answer = worker.call("fine", [], 10)
            assert isinstance(answer, Returned)
            assert (Path(answer.value[0]).name, *answer.value[1:]) == ("exercises", True, True)
            lost = worker.call(function, [], 0.2 if function == "loop" else 10)
            assert isinstance(lost, WorkerLost)
            assert words in str(lost.reason)
            assert not Path(answer.value[0]).exists()

    def test_what_a_worker_started_ends_with_it(self, forkless):
        code = "import subprocess\ndef f(): return subprocess.Popen(['sleep', '100']).pid"
        worker = forkless.worker(DATASETS, Limits())
        worker.load(script(code), "exercise1")
        child = worker.call("f", [], 10).value
        os.kill(child, 0)
        worker.close()
        worker.close()
        state = Path(f"/proc/{child}/stat")
        assert not state.exists() or state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"

    def test_a_flood_is_drained_and_bounded(self, forkless):
        worker = forkless.worker(DATASETS, Limits(output=1000))
        worker.load(script("def f():\n    print('x' * 8_000_000)\n    return 1"), "exercise1")
        assert worker.call("f", [], 30) == Returned(1)
        assert worker.printed() == "x" * 1000
        worker.close()

    def test_a_worker_needs_no_posix_either(self, monkeypatch):
        bootstrap = f"exec({WITHOUT!r}); {autograder.host.spawned.BOOTSTRAP}"
        monkeypatch.setattr(autograder.host.spawned, "BOOTSTRAP", bootstrap)
        monkeypatch.setattr(autograder.host.fork_server, "can_fork", lambda: False)
        with ForkServer.start() as running:
            assert graded(running, "exercise1", solved("exercise1")).score == 20

    def test_one_that_cannot_start_says_why(self, monkeypatch):
        monkeypatch.setattr(autograder.host.spawned, "BOOTSTRAP", "import sys; sys.exit('no torch here')")
        monkeypatch.setattr(autograder.host.fork_server, "can_fork", lambda: False)
        with ForkServer.start() as broken, pytest.raises(GraderError, match="no torch here"):
            broken.worker(DATASETS, Limits())

    def test_who_calls_without_the_token_is_no_worker(self, monkeypatch):
        calls = (
            "import socket, sys; ports = ('127.0.0.1', int(sys.argv[1])); "
            "[socket.create_connection(ports).sendall(b'x' * 16) for _ in range(3)]; sys.exit('a stranger')"
        )
        monkeypatch.setattr(autograder.host.spawned, "BOOTSTRAP", calls)
        interpreters = SpawnedWorkers("[]", dict(os.environ))
        assert interpreters.fork(DATASETS, Limits(), confined=False) is None
        assert interpreters.last_line() == "a stranger"
        interpreters.close()

    def test_nothing_is_left(self, monkeypatch, tmp_path):
        monkeypatch.setattr(autograder.host.spawned.tempfile, "tempdir", str(tmp_path))
        interpreters = SpawnedWorkers("[]", dict(os.environ))
        worker = interpreters.fork(DATASETS, Limits(), confined=False)
        assert worker is not None
        assert worker.is_ready()
        assert list(tmp_path.iterdir())
        interpreters.close()
        assert list(tmp_path.iterdir()) == []
        worker.close()
