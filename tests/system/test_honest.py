"""Honest code is not hurt: what students do works in a worker, and what cannot work says so in a sentence."""

import ast
import sys
from collections.abc import Iterator

import pytest
from places import CORPUS, DATASETS
from students import graded, script, solved

from autograder.host.answers import Raised, Returned, WorkerLost
from autograder.host.fork_server import ForkServer
from autograder.host.worker import Worker
from autograder.model import Limits

HONEST = CORPUS / "honest"


def functions(name: str) -> list[str]:
    """The functions of one of the files, in order."""
    tree = ast.parse((HONEST / name).read_text(encoding="utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


class Borrowed:
    """A worker with one of the files, replaced where a function has ended it."""

    def __init__(self, fork_server: ForkServer, name: str, *, by_hand: bool) -> None:
        self.fork_server, self.by_hand = fork_server, by_hand
        self.submission = script((HONEST / name).read_text(encoding="utf-8"))
        self.worker = self.fresh()

    def fresh(self) -> Worker:
        worker = self.fork_server.worker(DATASETS, Limits(), off=() if self.by_hand else None)
        loaded = worker.load(self.submission, "exercise1")
        assert not isinstance(loaded, WorkerLost)
        assert loaded.stopped == ()
        return worker

    def call(self, function: str) -> object:
        if not self.worker.alive:
            self.worker = self.fresh()
        return self.worker.call(function, [], 60)


@pytest.fixture(scope="module", params=[True, False], ids=["by-hand", "any"])
def features(request: pytest.FixtureRequest, fork_server: ForkServer) -> Iterator[Borrowed]:
    fork_server.warm(["matplotlib"], off=() if request.param else None)
    borrowed = Borrowed(fork_server, "features.py", by_hand=request.param)
    yield borrowed
    borrowed.worker.close()


@pytest.fixture(scope="module")
def refused(fork_server: ForkServer) -> Iterator[Borrowed]:
    if fork_server.isolation() != "sandbox":
        pytest.skip("nothing is refused here")
    borrowed = Borrowed(fork_server, "refused.py", by_hand=True)
    yield borrowed
    borrowed.worker.close()


def test_there_are_enough() -> None:
    assert len(functions("features.py")) >= 85
    assert sorted(functions("refused.py")) == sorted(SENTENCES)


@pytest.mark.parametrize("function", functions("features.py"))
def test_what_honest_students_do_works(features, function):
    answer = features.call(function)
    assert answer == Returned(True)


# Each module of the standard library that is there: some can only be imported where they have something to talk to.
NEEDING_MORE = {"antigravity", "this", "idlelib", "turtledemo", "__main__"}


def test_the_standard_library_can_be_imported(fork_server):
    names = sorted(name for name in sys.stdlib_module_names if name not in NEEDING_MORE)
    code = (
        "import importlib, warnings\nwarnings.simplefilter('ignore')\ndef f(names):\n    failed = {}\n"
        "    for name in names:\n        try: importlib.import_module(name)\n"
        "        except ImportError: pass\n        except BaseException as error: failed[name] = repr(error)\n"
        "    return failed"
    )
    worker = fork_server.worker(DATASETS, Limits())
    worker.load(script(code), "exercise1")
    assert worker.call("f", [names], 60) == Returned({})
    worker.close()


PROCESSES = "no threads or other processes can be started while grading; do it in plain calls"
NETWORK = "there is no network while grading; the data sets are in ../datasets"
OUTSIDE = "'{}' is out of reach while grading; read the data sets, write to the current folder"
MISSING = "there is no '{}' while grading; only the data sets, in ../datasets, come along with your file"
SENTENCES = {
    "a_thread_in_the_background": PROCESSES,
    "a_timer": PROCESSES,
    "a_pool_of_processes": PROCESSES,
    "a_process": PROCESSES,
    "a_pool_of_multiprocessing": PROCESSES,
    "a_command": PROCESSES,
    "a_command_of_the_shell": PROCESSES,
    "a_fork": PROCESSES,
    "a_profile_of_torch": PROCESSES,
    "a_download": NETWORK,
    "a_download_to_a_file": NETWORK,
    "a_connection": NETWORK,
    "a_socket": NETWORK,
    "a_socket_of_its_own": NETWORK,
    "weights_from_the_network": NETWORK,
    "a_file_outside": OUTSIDE.format("/etc/passwd"),
    "a_write_outside": OUTSIDE.format("/tmp/results.csv"),
    "a_write_into_the_data_sets": OUTSIDE.format("../datasets/line.csv"),
    "a_file_at_home": MISSING.format("/root/data.csv"),
    "a_file_that_was_not_handed_in": MISSING.format("my_helper_data.csv"),
}


@pytest.mark.parametrize("function", SENTENCES)
def test_what_cannot_work_says_so(refused, function):
    answer = refused.call(function)
    assert isinstance(answer, Raised)
    assert answer.text == SENTENCES[function]


def test_the_sentence_is_in_the_report(fork_server):
    if fork_server.isolation() != "sandbox":
        pytest.skip("nothing is refused here")
    code = "import threading\ndef predict(parameters, x):\n    threading.Timer(9, print).start()"
    report = graded(fork_server, "exercise1", solved("exercise1", code))
    said = [str(check.message) for check in report.checks if check.check.function == "predict"]
    assert said[0] == f"it raises RuntimeError: {PROCESSES}"
    report = graded(fork_server, "exercise1", solved("exercise1", "open('my.csv')"))
    assert str(report.problem and report.problem.text) == f"FileNotFoundError: {MISSING.format('my.csv')}"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("raise FileNotFoundError('no such layer')", "no such layer"),
        ("raise PermissionError", ""),
        ("raise RuntimeError('the loss explodes')", "the loss explodes"),
        ("raise TimeoutError('too slow')", "too slow"),
        ("raise OSError(5, 'odd')", "[Errno 5] odd"),
        ("open('.')", "[Errno 21] Is a directory: '.'"),
        (
            "class Odd(PermissionError):\n        errno = property(lambda self: 1 / 0)\n    raise Odd('x')",
            "(an exception that cannot be shown)",
        ),
    ],
)
def test_other_exceptions_keep_their_words(fork_server, code, text):
    worker = fork_server.worker(DATASETS, Limits())
    worker.load(script(f"def f():\n    {code}"), "exercise1")
    answer = worker.call("f", [], 10)
    worker.close()
    assert isinstance(answer, Raised)
    assert answer.text == text
