"""What a worker has given up, and what is left to it: memory, descriptors, environment, files."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from places import DATASETS, KIT
from workers import called, loaded, raised, value

import autograder.host.fork_server
from autograder.host.answers import Raised, Returned, WorkerLost
from autograder.model import Limits

linux = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")


class TestMeans:
    @pytest.mark.parametrize(
        "body", ["torch.empty(10**13)", "b'x' * (1 << 33)", "torch.zeros(1 << 30, dtype=torch.float64)"]
    )
    def test_memory_that_is_not_there_is_an_exception(self, fork_server, body):
        with loaded(fork_server, f"import torch\ndef f(): return {body}\ndef g(): return 1", memory=1 << 28) as worker:
            assert worker.call("f", [], 10).type_name == "MemoryError"
            assert worker.call("g", [], 10) == Returned(1)

    def test_memory_that_is_taken_bit_by_bit_is_an_exception_or_a_loss(self, fork_server):
        answer = called(
            fork_server, "def f():\n    kept = []\n    while True: kept.append(bytearray(1 << 24))", memory=1 << 28
        )
        assert isinstance(answer, WorkerLost) or answer.type_name == "MemoryError"

    @linux
    def test_limits_are_set_and_cannot_be_raised(self, fork_server):
        code = (
            "import resource as r\ndef f():\n    try: r.setrlimit(r.RLIMIT_NOFILE, (500, 500))\n"
            "    except (ValueError, OSError): pass\n"
            "    return [r.getrlimit(getattr(r, 'RLIMIT_' + n)) for n in ('NOFILE', 'FSIZE', 'CPU', 'CORE')]"
        )
        limits = value(fork_server, code)
        expected = Limits()
        soft = [expected.open_files, expected.file_size, expected.processor_seconds, 1]
        assert limits[1:] == [(number, number) for number in soft[1:]]
        if os.getuid():  # root may raise its limits where it keeps its capabilities
            assert limits[0] == (soft[0], soft[0])

    def test_files_have_a_largest_size(self, fork_server):
        code = "def f():\n    with open('big', 'wb') as file: file.write(b'x' * 2000)"
        answer = called(fork_server, code, file_size=1000)
        assert isinstance(answer, Raised | WorkerLost)

    def test_only_the_pipe_and_the_standard_streams_are_open(self, fork_server):
        code = (
            "import os\ndef is_open(n):\n    try: os.fstat(n)\n    except OSError: return False\n    return True\n"
            "def f(): return [n for n in range(5000) if is_open(n)]"
        )
        assert value(fork_server, code) == [0, 1, 2, 3]

    def test_standard_input_is_at_its_end(self, fork_server):
        assert value(fork_server, "import sys\ndef f(): return sys.stdin.read()") == ""
        assert raised(fork_server, "def f(): return input('?')").type_name == "EOFError"

    def test_the_environment_holds_nothing_of_the_callers(self, unconfined):
        code = "import os\ndef f(): return sorted(os.environ), sorted(set(os.environ.values()) - {os.environ['HOME']})"
        names, values = value(unconfined, code)
        assert names == ["HOME", "MPLBACKEND", "MPLCONFIGDIR", "PATH", "TMPDIR", "USER"]
        assert "s3cret" not in "".join(values)

    @linux
    def test_the_callers_environment_is_nowhere_in_the_worker_and_the_fork_server(self, unconfined):
        code = (
            "import os\ndef f():\n    paths = ['/proc/self/environ', f'/proc/{os.getppid()}/environ']\n"
            "    return [open(path, 'rb').read().find(b's3cret') for path in paths]"
        )
        assert value(unconfined, code) == [-1, -1]

    def test_the_working_folder_is_laid_out_like_the_kit(self, fork_server):
        code = (
            "from pathlib import Path\nbeside = Path(__file__).parent.parent / 'datasets' / 'line.csv'\n"
            "def f():\n    paths = [Path('../datasets/line.csv'), Path('datasets/line.csv'), beside]\n"
            "    return Path.cwd().name, [len(path.read_text().splitlines()) for path in paths]"
        )
        assert value(fork_server, code) == ("exercises", [51, 51, 51])

    def test_its_folder_is_its_own_to_write_in_and_the_data_sets_are_not(self, sandbox):
        code = (
            "import os, tempfile\ndef f():\n    open('note', 'w').write('x')\n    tempfile.TemporaryFile().close()\n"
            "    try: open('../datasets/new.csv', 'w')\n    except OSError: return sorted(os.listdir())"
        )
        assert value(sandbox, code) == ["datasets", "exercise1.py", "note"]
        assert not (DATASETS / "new.csv").exists()

    def test_our_own_files_are_out_of_reach(self, sandbox):
        answer = raised(sandbox, f"def f(): open({str(autograder.host.fork_server.SECRET)!r})")
        assert answer.text.endswith("is out of reach while grading; read the data sets, write to the current folder")

    def test_the_standard_library_can_be_read_and_what_is_installed_beside_it_not(self, sandbox):
        """In a virtual environment that is another Python's site-packages, in which anything may lie."""
        code = (
            "import os, sysconfig\nplace = sysconfig.get_path('stdlib')\n"
            "def f():\n    assert os.listdir(place + '/json') and open(place + '/this.py').read(1)\n"
            "    denied = []\n    for folder in (place, place + '/site-packages', place + '/dist-packages'):\n"
            "        try: os.listdir(folder)\n        except OSError: denied.append(folder)\n    return len(denied)"
        )
        assert value(sandbox, code) == 3


@pytest.mark.system
def test_each_place_that_workers_may_read_has_one_rule():
    prepared = subprocess.run(
        [sys.executable, "-c", "from autograder.worker import confine; import os\n"
         "for place in confine.prepare(): print(os.readlink(f'/proc/self/fd/{place.descriptor}'))"],
        capture_output=True, text=True, check=True, cwd=KIT,
    )  # fmt: skip
    places = [Path(line) for line in prepared.stdout.splitlines()]
    assert places
    inside = [place for place in places if set(place.parents) & set(places)]
    assert len(inside) < len(places) / 20, inside  # links, whose targets lie in a folder that is allowed
