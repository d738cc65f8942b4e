"""Workers that are forked: each by itself, and ended with all that it has started and written."""

import subprocess
import sys
from pathlib import Path

import pytest
from places import DATASETS
from workers import gone, loaded, lost, value

from autograder.host.answers import Returned
from autograder.model import Limits

linux = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")


def test_a_process_that_is_no_worker_is_not_ended_and_costs_nothing(fork_server, tmp_path):
    process = fork_server._process(True)
    with subprocess.Popen(["sleep", "100"], start_new_session=True) as other:
        assert process.end(other.pid, tmp_path / "scratch") == -9
        assert other.poll() is None
        other.kill()
    assert fork_server._process(True) is process
    assert value(fork_server, "def f(): return 1") == 1


class TestTwoWorkers:
    def test_they_share_nothing(self, fork_server):
        code = "count = 0\ndef f():\n    global count\n    count += 1\n    return count"
        with loaded(fork_server, code) as first, loaded(fork_server, code) as second:
            answers = [worker.call("f", [], 10).value for worker in (first, second, first, second, second)]
            assert answers == [1, 1, 2, 2, 3]

    def test_the_end_of_one_is_not_the_end_of_the_other(self, fork_server):
        code = "import os\ndef f(): os._exit(0)\ndef g(): return os.getcwd()"
        with loaded(fork_server, code) as first, loaded(fork_server, code) as second:
            assert first.call("g", [], 10) != second.call("g", [], 10)
            lost(first.call("f", [], 10), "died")
            assert isinstance(second.call("g", [], 10), Returned)


class TestUnconfined:
    @linux
    def test_processes_that_were_started_end_with_the_worker(self, unconfined):
        code = "import subprocess\ndef f(): return subprocess.Popen(['sleep', '100']).pid"
        with loaded(unconfined, code) as worker:
            child = worker.call("f", [], 10).value
            assert not gone(child)
        assert gone(child)

    def test_threads_do_not_keep_a_call_from_its_answer(self, unconfined):
        code = (
            "import threading\ndef busy():\n    while True: pass\n"
            "threading.Thread(target=busy).start()\ndef f(): return 1"
        )
        with loaded(unconfined, code) as worker:
            assert worker.call("f", [], 10) == Returned(1)

    def test_the_scratch_folder_goes_whatever_the_rights_in_it(self, unconfined, tmp_path):
        outside = tmp_path / "outside"
        outside.write_text("kept", encoding="utf-8")
        outside.chmod(0o400)
        code = (
            "import os\ndef f(outside):\n    os.makedirs('a/b')\n    open('a/b/c', 'w').close()\n"
            "    os.symlink(outside, 'a/link')\n"
            "    os.symlink('.', 'a/self')\n    os.chmod('a/b', 0)\n    os.chmod('a', 0)\n    return os.getcwd()"
        )
        with loaded(unconfined, code) as worker:
            scratch = Path(worker.call("f", [str(outside)], 10).value)
            assert scratch.exists()
        assert not scratch.parent.exists()
        assert outside.read_text(encoding="utf-8") == "kept"
        assert outside.stat().st_mode & 0o777 == 0o400
        assert (DATASETS / "line.csv").exists()

    def test_closing_twice_is_closing_once(self, unconfined):
        worker = unconfined.worker(DATASETS, Limits())
        worker.close()
        worker.close()
        assert not worker.alive
