"""Fork servers as the grader sees them: isolation, restarts, ends, and what is left on the disk."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from places import DATASETS
from students import graded, scores, solved
from workers import gone, loaded, lost, value

import autograder.host.fork_server
from autograder.errors import GraderError, UserError
from autograder.host.fork_server import ForkServer
from autograder.model import Limits

linux = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")


class TestForkServer:
    def test_isolation_that_was_asked_for_is_what_there_is(self, unconfined, monkeypatch):
        assert unconfined.isolation() == "process"
        leaky = ForkServer("sandbox")
        monkeypatch.setattr(
            ForkServer, "_process", lambda *_: type("Leaky", (), {"leaks": lambda _: ["open a socket"]})()
        )
        with pytest.raises(UserError, match="open a socket"):
            leaky.isolation()

    def test_one_that_cannot_start_says_why(self, monkeypatch):
        monkeypatch.setattr(autograder.host.fork_server, "BOOTSTRAP", "import sys; sys.exit('no torch here')")
        with ForkServer.start(isolation="process") as broken, pytest.raises(GraderError, match="no torch here"):
            broken.warm(["matplotlib"])

    @pytest.mark.system
    @linux
    def test_one_that_was_killed_is_replaced_and_at_the_end_nothing_is_left(self, monkeypatch, tmp_path):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        code = "import os\ndef f(): return os.getpid(), os.getppid()\ndef g():\n    while True: pass"
        with ForkServer.start(isolation="process") as running:
            with loaded(running, code) as worker:
                pid, server = worker.call("f", [], 10).value
                os.kill(server, 9)
                lost(worker.call("g", [], 30), "died")
            running.warm(["matplotlib"])
            with loaded(running, code) as worker:
                second, second_server = worker.call("f", [], 10).value
            left = running.worker(DATASETS, Limits())  # and never closed
            assert list(tmp_path.glob("grade-*"))
        assert all(gone(number) for number in (pid, server, second, second_server))
        assert list(tmp_path.iterdir()) == []
        left.close()

    @pytest.mark.system
    @linux
    def test_a_worker_of_one_that_has_gone_means_nothing_to_the_next(self, monkeypatch):
        """Neither its pid, which may be another's by now, nor its folder."""
        code = "import os\ndef f(): return os.getpid(), os.getppid(), os.getcwd()"
        with ForkServer.start() as running, loaded(running, code) as old:
            _, server, folder = old.call("f", [], 10).value
            os.kill(server, 9)
            with loaded(running, code) as new:
                old.close()
                assert not Path(folder).exists()
                _, server, folder = new.call("f", [], 10).value
                assert Path(folder).is_dir()
                assert value(running, code)[1] == server

    @pytest.mark.system
    def test_one_that_dies_before_the_sandbox_is_tried_is_replaced(self):
        with ForkServer.start() as running:
            isolation = running.isolation()
        with ForkServer.start() as running:
            os.kill(running._process(True)._process.pid, 9)
            running._process(True)._process.wait()
            assert running.isolation() == isolation

    @pytest.mark.system
    def test_one_that_dies_between_submissions_costs_nobody_anything(self):
        with ForkServer.start(isolation="process") as running:
            assert scores(graded(running, "exercise1", solved("exercise1"))) == {}
            os.kill(running._process(True)._process.pid, 9)
            assert scores(graded(running, "exercise1", solved("exercise1"))) == {}


@pytest.mark.system
def test_before_its_process_there_is_no_scratch_folder(monkeypatch, tmp_path):
    """A grader that is killed in between could not remove it."""
    begin, found = subprocess.Popen, []

    def started(*arguments: Any, **how: Any) -> Any:
        found.append(list(tmp_path.iterdir()))
        return begin(*arguments, **how)

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(subprocess, "Popen", started)
    with ForkServer.start():
        assert len(list(tmp_path.iterdir())) == 1
    assert found == [[]]
    assert not list(tmp_path.iterdir())
