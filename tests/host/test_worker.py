"""Both ends of the pipe, the trusted side and the worker: whatever a student's code does, an answer comes back."""

import contextlib
import os
import random
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from places import DATASETS
from students import notebook, script

import autograder.host.fork_server
from autograder.errors import GraderError, UserError
from autograder.host.answers import (
    Case,
    NotCallable,
    ProbeFailed,
    Question,
    Raised,
    Refusal,
    Returned,
    WorkerLost,
    stopped,
)
from autograder.host.fork_server import ForkServer
from autograder.host.pipe import Gone, Late, Pipe
from autograder.host.worker import Worker
from autograder.model import ForeignValue, Limits, Submission
from autograder.worker import wire

linux = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")


@contextlib.contextmanager
def loaded(fork_server: ForkServer, submission: Submission | str, **limits: Any) -> Iterator[Worker]:
    """A worker with a submission that loads without trouble."""
    worker = fork_server.worker(DATASETS, Limits(**limits))
    try:
        outcome = worker.load(script(submission) if isinstance(submission, str) else submission, "exercise1")
        assert not isinstance(outcome, WorkerLost), str(outcome.reason)
        assert not outcome[1]
        yield worker
    finally:
        worker.close()


def called(fork_server: ForkServer, code: str, *arguments: Any, seconds: float = 10, **limits: Any) -> Any:
    """The answer of the function f of some code."""
    with loaded(fork_server, code, **limits) as worker:
        return worker.call("f", list(arguments), seconds)


def value(fork_server: ForkServer, code: str, *arguments: Any) -> Any:
    """The value that the function f of some code returns."""
    answer = called(fork_server, code, *arguments)
    assert isinstance(answer, Returned), answer
    return answer.value


def gone(pid: int) -> bool:
    """Whether a process has ended, reaped or not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.fixture(scope="module")
def unconfined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkServer]:
    """A template without a sandbox, started by somebody with a secret."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_SECRET", "s3cret")
        patch.setenv("PYTHONSTARTUP", "s3cret")
        with ForkServer.start(isolation="process") as running:
            running.warm([])
            yield running


class TestPipe:
    @pytest.fixture
    def ends(self) -> Iterator[tuple[Pipe, socket.socket, int]]:
        """A pipe, and the worker's two ends of it."""
        ours, theirs = socket.socketpair()
        printed, printing = socket.socketpair()
        writing = printing.detach()
        pipe = Pipe(ours, printed, Limits(answer=1000, output=10), Path())
        yield pipe, theirs, writing
        pipe.close()
        theirs.close()
        with contextlib.suppress(OSError):
            os.close(writing)

    def test_a_frame_crosses_both_ways(self, ends):
        pipe, theirs, _ = ends
        pipe.send(wire.pack({"x": 1}), time.monotonic() + 5)
        theirs.sendall(theirs.recv(1000))
        assert pipe.receive(time.monotonic() + 5) == {"x": 1}

    def test_half_a_frame_and_silence_is_late(self, ends):
        pipe, theirs, _ = ends
        theirs.sendall(wire.pack({"x": 1})[:-1])
        with pytest.raises(Late):
            pipe.receive(time.monotonic() + 0.01)

    def test_half_a_frame_and_the_end_is_gone(self, ends):
        pipe, theirs, _ = ends
        theirs.sendall(wire.pack({"x": 1})[:-1])
        theirs.close()
        with pytest.raises(Gone):
            pipe.receive(time.monotonic() + 5)

    @pytest.mark.parametrize("lengths", [(wire.MAX_TREE_BYTES + 1, 0), (2, 1001), (0xFFFFFFFF, 0xFFFFFFFF)])
    def test_an_announced_giant_is_refused_before_it_comes(self, ends, lengths):
        pipe, theirs, _ = ends
        theirs.sendall(struct.pack(">II", *lengths))
        with pytest.raises(wire.ProtocolError):
            pipe.receive(time.monotonic() + 5)

    def test_a_frame_that_is_no_message_is_refused(self, ends):
        pipe, theirs, _ = ends
        theirs.sendall(wire.pack([1]))
        with pytest.raises(wire.ProtocolError):
            pipe.receive(time.monotonic() + 5)

    def test_sending_to_one_who_does_not_read_is_late(self, ends):
        pipe, _, _ = ends
        with pytest.raises(Late):
            pipe.send(b"y" * (4 << 20), time.monotonic() + 0.05)

    def test_output_is_kept_up_to_its_bound_and_given_once(self, ends):
        pipe, _, writing = ends
        os.write(writing, "123456789ŷ".encode())
        assert pipe.printed() == "123456789\ufffd"
        assert pipe.printed() == ""

    def test_an_output_that_is_closed_ends_no_waiting(self, ends):
        pipe, theirs, writing = ends
        os.close(writing)
        with pytest.raises(Late):
            pipe.receive(time.monotonic() + 0.01)
        theirs.sendall(wire.pack({}))
        assert pipe.receive(time.monotonic() + 5) == {}

    def test_what_nobody_asked_for_is_noticed(self, ends):
        pipe, theirs, _ = ends
        assert not pipe.pending()
        theirs.sendall(b"x")
        assert pipe.pending()


class FakePipe:
    """A pipe whose worker has these replies ready, whatever it is asked."""

    def __init__(self, *replies: Any) -> None:
        self.replies, self.sent, self.closed = list(replies), [], False

    def pending(self) -> bool:
        return False

    def send(self, frames: bytes, _deadline: float) -> None:
        self.sent.append(frames)

    def receive(self, _deadline: float) -> Any:
        if not self.replies:
            raise Gone
        return self.replies.pop(0)

    def close(self) -> None:
        self.closed = True


def against(*replies: Any, questions: int = 2000) -> Worker:
    """A worker that has these replies ready, and where `loss` is stood in for."""
    worker = Worker(FakePipe(*replies), lambda: 0, Limits(questions=questions))  # type: ignore[arg-type]
    worker._by_reference = frozenset({"loss"})
    return worker


ANSWER = {"id": 1, "returned": 1.5, "changed": [], "breaches": []}
ERROR = {"type": "E", "text": "no", "trace": [["exercise1.py", 3, "f", "raise E"]]}
QUESTION = {"ask": "loss", "arguments": [1.5], "keywords": {}}


class TestForgedReplies:
    def test_the_reply_to_the_question_asked_is_the_answer(self):
        assert against(ANSWER).call("f", [], 5) == Returned(1.5)

    @pytest.mark.parametrize(
        "reply",
        [
            {},
            {"id": 2, **{name: ANSWER[name] for name in ("returned", "changed", "breaches")}},
            {**ANSWER, "id": "1"},
            {"id": 1},
            {"id": 1, "returned": 1.5},
            {**ANSWER, "changed": None},
            {**ANSWER, "changed": ["x"]},
            {**ANSWER, "changed": [float("inf")]},
            {**ANSWER, "breaches": [[1]]},
            {**ANSWER, "breaches": 5},
            {**ANSWER, "breaches": [["exercise1.py", "x", "f"]]},
            {"id": 1, "raised": None, "breaches": []},
            {"id": 1, "raised": {}, "breaches": []},
            {"id": 1, "raised": {**ERROR, "trace": [[1, 2]]}, "breaches": []},
            {"id": 1, "raised": {**ERROR, "trace": [["a", "b", "c", "d"]]}, "breaches": []},
            {"id": 1, "raised": {**ERROR, "syntax": []}, "breaches": []},
            {"id": 1, "raised": {**ERROR, "syntax": ["x", None, ""]}, "breaches": []},
            {"id": 1, "raised": [], "breaches": []},
            QUESTION,
        ],
        ids=repr,
    )
    def test_what_is_no_answer_loses_the_worker(self, reply):
        worker = against(reply)
        lost = worker.call("f", [], 5)
        assert isinstance(lost, WorkerLost)
        assert lost.kind == "protocol"
        assert not worker.alive

    @pytest.mark.parametrize(
        "reply", [{"id": 1}, {"id": 1, "callables": 5, "stopped": []}, {"id": 1, "callables": [], "stopped": [1]}]
    )
    def test_a_load_without_its_outcome_loses_the_worker(self, reply):
        assert isinstance(against(reply).load(script(""), "exercise1"), WorkerLost)

    @pytest.mark.parametrize("question", [{"ask": "loss"}, {**QUESTION, "arguments": 5}, {**QUESTION, "keywords": [1]}])
    def test_a_malformed_question_loses_the_worker(self, question):
        worker = against(question, ANSWER)
        assert isinstance(worker.call("f", [], 5, lambda _: 1.0), WorkerLost)

    def test_an_answer_with_an_exception_that_cannot_be_sent_is_the_callers(self):
        def answer(_: Question) -> Any:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            against(QUESTION, ANSWER).call("f", [], 5, answer)

    @pytest.mark.parametrize("function", ["update", "", ["loss"], None, 5])
    def test_a_question_that_no_stand_in_asks_loses_the_worker(self, function):
        lost = against({**QUESTION, "ask": function}, ANSWER).call("f", [], 5, lambda _: 1.0)
        assert isinstance(lost, WorkerLost)
        assert lost.kind == "protocol"

    def test_a_forged_exception_is_kept_within_bounds(self):
        trace = [["exercise1.py", 10**300, "f" * 10**5, "t" * 10**5]] * 1000
        error = {"type": "", "text": "x" * 10**5, "trace": trace, "syntax": [-5, 10**18, "code"]}
        raised = against({"id": 1, "raised": error, "breaches": [["exercise1.py", 10**300, "f"]]}).call("f", [], 5)
        assert isinstance(raised, Raised)
        assert (raised.type_name, len(raised.text), len(raised.trace)) == ("an exception without a name", 2000, 6)
        assert raised.syntax == (0, 5, "code")
        assert all(len(frame.text) <= 300 and frame.line <= 10**6 for frame in [*raised.trace, raised.breach])
        assert sum(map(len, stopped(raised).lines)) < 100

    def test_objects_that_hold_much_are_not_computed_with(self):
        many = {"returned": wire.Array("float64", (5000,), bytes(40000))}
        with pytest.raises(ProbeFailed, match="too many"):
            against(QUESTION, many, ANSWER).call("f", [], 5, lambda question: question.probe("batches", 1))

    def test_questions_are_counted(self):
        assert against(*[QUESTION] * 3, ANSWER, questions=3).call("f", [], 5, lambda _: 1.0) == Returned(1.5)
        lost = against(*[QUESTION] * 4, ANSWER, questions=3).call("f", [], 5, lambda _: 1.0)
        assert isinstance(lost, WorkerLost)
        assert "thousands of times" in str(lost.reason)

    def test_random_replies_never_raise(self):
        drawn = random.Random(3)

        def anything(depth: int = 0) -> Any:
            array = wire.Array("float64", (1,), b"\0" * 8, drawn.choice(["torch.Tensor", "x"]))
            leaves = [
                None,
                True,
                0,
                -1,
                10**300,
                1.5,
                float("nan"),
                "",
                "x",
                array,
                wire.Opaque("x"),
                wire.RemoteObject(1, "x"),
            ]
            if depth > 2 or drawn.random() < 0.5:
                return drawn.choice(leaves)
            items = [anything(depth + 1) for _ in range(drawn.randrange(5))]
            return drawn.choice([items, tuple(items), {drawn.choice("abc"): item for item in items}])

        kinds = set()
        for _ in range(3000):
            reply = dict(
                drawn.choice([ANSWER, {"id": 1, "raised": dict(ERROR), "breaches": []}, {"id": 1, "unusable": "x"}])
            )
            inner = reply.get("raised", reply) if drawn.random() < 0.5 else reply
            inner[drawn.choice(list(inner))] = anything()
            kinds.add(type(against(reply).call("f", [], 5)))
        assert kinds == {Returned, Raised, NotCallable, WorkerLost}


class TestLoading:
    def test_names_that_can_be_called_are_listed(self, fork_server):
        worker = fork_server.worker(DATASETS, Limits())
        names, stops = worker.load(script("import math\ndef f(): pass\nclass C: pass\nx = 3\ng = f"), "exercise1")
        worker.close()
        assert (set(names), stops) == ({"f", "C", "g"}, [])

    def stops(self, fork_server: ForkServer, submission: Submission) -> list[tuple[str, Raised]]:
        worker = fork_server.worker(DATASETS, Limits())
        outcome = worker.load(submission, "exercise1")
        worker.close()
        assert not isinstance(outcome, WorkerLost)
        return outcome[1]

    def test_a_syntax_error_comes_with_line_and_caret(self, fork_server):
        ((label, error),) = self.stops(fork_server, script("x = 1\n\n    if x = 2:\n"))
        assert label == "exercise1.py"
        assert str(stopped(error).text) == "IndentationError: unexpected indent"
        ((_, error),) = self.stops(fork_server, script("x = 1\nif True:\n    y = (1 2)\n"))
        assert error.type_name == "SyntaxError"
        assert stopped(error).lines == ("line 3", "  y = (1 2)", "       ^")

    @pytest.mark.parametrize(
        "code", ["x = '\0'", "(" * 300, "-" * 100_000 + "1", "x = 1\n\tif", "def f(:\n", "\ufeff\ufeffx"]
    )
    def test_whatever_the_compiler_raises_stops_the_cell(self, fork_server, code):
        assert len(self.stops(fork_server, script(code))) == 1

    def test_a_traceback_shows_the_students_own_lines_only(self, fork_server):
        code = "import json\n\ndef read(text):\n    return json.loads(text)\n\nread('{')\n"
        ((_, error),) = self.stops(fork_server, script(code))
        assert stopped(error).lines == (
            "exercise1.py, line 6, in <module>: read('{')",
            "exercise1.py, line 4, in read: return json.loads(text)",
        )

    @pytest.mark.parametrize("code", ["exit()", "import sys\nsys.exit(0)", "quit(3)", "raise SystemExit"])
    def test_an_exit_is_called_one(self, fork_server, code):
        ((_, error),) = self.stops(fork_server, script(code))
        assert "calls exit" in str(stopped(error).text)

    @pytest.mark.parametrize(
        "kind", ["KeyboardInterrupt", "GeneratorExit", "BaseException", "MemoryError", "StopIteration"]
    )
    def test_any_exception_stops_the_file_and_not_the_worker(self, fork_server, kind):
        ((_, error),) = self.stops(fork_server, script(f"raise {kind}"))
        assert error.type_name == kind

    def test_a_module_is_found_under_its_name(self, fork_server):
        code = "import sys\ndef f():\n    return __name__, sys.modules[__name__].f is f, f.__module__"
        assert value(fork_server, code) == ("exercise1", True, "exercise1")

    def test_the_main_guard_is_not_entered(self, fork_server):
        assert value(fork_server, "def f(): return 1\nif __name__ == '__main__':\n    def f(): return 2") == 1

    def test_its_own_file_is_there_to_be_read(self, fork_server):
        code = (
            "from pathlib import Path\ndef f():\n    path = Path(__file__)\n"
            "    return path.name, 'ŷ' in path.read_text('utf-8')"
        )
        assert value(fork_server, code) == ("exercise1.py", True)

    def test_dataclasses_with_annotations_as_text_work(self, fork_server):
        code = (
            "from __future__ import annotations\nfrom dataclasses import dataclass, field, KW_ONLY\n"
            "@dataclass\nclass P:\n    a: float\n    _: KW_ONLY\n    b: list[float] = field(default_factory=list)\n"
            "def f():\n    return P(1.0, b=[2.0]).b, P.__annotations__['a']"
        )
        assert value(fork_server, code) == ([2.0], "float")

    def test_annotations_are_evaluated_where_the_file_does_not_say_otherwise(self, fork_server):
        assert value(fork_server, "def f(x: 1 + 1 = 5):\n    return f.__annotations__['x']") == 2

    def test_source_can_be_inspected_and_scripted(self, fork_server):
        code = (
            "import inspect, pickle, torch\n@torch.jit.script\ndef g(x: torch.Tensor) -> torch.Tensor:\n"
            "    return 2 * x\n"
            "def f(x):\n    return inspect.getsource(f).count('def f'), g(x), pickle.loads(pickle.dumps(f)) is f"
        )
        count, doubled, same = value(fork_server, code, torch.tensor(1.5))
        assert (count, float(doubled), same) == (2, 3.0, True)

    def test_doctest_and_typing_find_the_module(self, fork_server):
        code = "import typing\nclass C: pass\ndef g(x: 'C') -> 'C': ...\ndef f(): return len(typing.get_type_hints(g))"
        assert value(fork_server, code) == 2

    def test_a_cell_that_stops_costs_the_others_nothing(self, fork_server):
        worker = fork_server.worker(DATASETS, Limits())
        cells = notebook(
            "def f(): return 1", "1 / 0", "def f(): return g()", "def g():\n    return 2\ndisplay(3)", "def h(:"
        )
        names, stops = worker.load(cells, "exercise1")
        answer = worker.call("f", [], 10)
        worker.close()
        assert [(label, error.type_name) for label, error in stops] == [
            ("cell 2", "ZeroDivisionError"),
            ("cell 5", "SyntaxError"),
        ]
        assert answer == Returned(2)
        assert "g" in names

    def test_a_cell_that_exits_costs_the_others_nothing(self, fork_server):
        (stop,) = self.stops(fork_server, notebook("exit()", "def f(): pass"))
        assert stop[0] == "cell 1"

    def test_a_file_that_never_ends_is_late(self, fork_server):
        worker = fork_server.worker(DATASETS, Limits(load_seconds=0.2))
        lost = worker.load(script("while True: pass"), "exercise1")
        assert isinstance(lost, WorkerLost)
        assert lost.kind == "late"
        assert not worker.alive

    def test_a_file_that_ends_the_process_is_a_loss(self, fork_server):
        worker = fork_server.worker(DATASETS, Limits())
        lost = worker.load(script("import os; os._exit(0)"), "exercise1")
        assert isinstance(lost, WorkerLost)
        assert (lost.kind, worker.alive) == ("died", False)


class TestCalling:
    @pytest.mark.parametrize(
        ("code", "reason"),
        [
            ("g = 1", "missing"),
            ("f = None", "missing"),
            ("f = 3", "of type int, no function"),
            ("def f(x, y, z): pass", "a function of (x, y, z)"),
            ("def f(): pass", "a function of ()"),
            ("def f(x, *, z): pass", "a function of (x, z)"),
            ("f = lambda **more: 1", "a function of (more)"),
        ],
    )
    def test_what_cannot_be_called_so_is_unusable(self, fork_server, code, reason):
        assert called(fork_server, code, 1.5) == NotCallable(reason)

    @pytest.mark.parametrize(
        "code",
        [
            "def f(x): return x",
            "def f(x, more=1): return x",
            "def f(*given): return given[0]",
            "f = lambda x: x",
            "class F:\n    def __call__(self, x): return x\nf = F()",
            "class f:\n    def __new__(cls, x): return x",
            "import functools\ndef g(y, x): return x\nf = functools.partial(g, 1)",
            "import functools\n@functools.lru_cache\ndef f(x): return x",
            "f = float",
            "from math import sqrt as g\nfrom operator import pos as f",
        ],
    )
    def test_anything_that_can_be_called_so_is_called(self, fork_server, code):
        assert called(fork_server, code, 2.5) == Returned(2.5)

    def test_arguments_arrive_as_what_they_are(self, fork_server):
        code = (
            "def f(*given): return [type(x).__name__ for x in given], given[0].dtype.is_floating_point, given[0].sum()"
        )
        kinds, floating, total = value(fork_server, code, torch.ones(3), 0.5, 3, {"a": 1}, [1])
        assert (kinds, floating, float(total)) == (["Tensor", "float", "int", "dict", "list"], True, 3.0)

    @pytest.mark.parametrize(
        "body",
        [
            "x.add_(1)",
            "x[0] = 7",
            "x.resize_(1)",
            "x.data = x.data * 2",
            "x.requires_grad_()",
            "x.numpy()[0] = 9",
        ],
    )
    def test_a_changed_argument_is_noticed(self, fork_server, body):
        answer = called(fork_server, f"def f(d, x):\n    {body}\n    return 1", {"a": torch.ones(1)}, torch.ones(2))
        assert answer == Returned(1, (1,))

    @pytest.mark.parametrize("body", ["d.pop('a')", "d['b'] = 1", "d['a'] += 1", "d['a'] = d['a'] * 2", "d.clear()"])
    def test_a_changed_dict_is_noticed(self, fork_server, body):
        answer = called(fork_server, f"def f(d, x):\n    {body}\n    return 1", {"a": torch.ones(1)}, torch.ones(2))
        assert answer == Returned(1, (0,))

    def test_reading_changes_nothing(self, fork_server):
        code = "def f(d, x):\n    y = x.clone().add_(1)\n    return dict(d, b=y)['b'].sum() + x.view(2, 1).T.sum()"
        assert called(fork_server, code, {"a": torch.ones(1)}, torch.ones(2)).changed == ()

    def test_nan_arguments_are_not_changed_by_being_nan(self, fork_server):
        assert called(fork_server, "def f(x): return 1", torch.tensor([float("nan")])) == Returned(1)

    @pytest.mark.parametrize(
        "kind", ["ValueError", "SystemExit", "KeyboardInterrupt", "RecursionError", "GeneratorExit"]
    )
    def test_an_exception_is_an_answer(self, fork_server, kind):
        with loaded(fork_server, f"def f():\n    raise {kind}('no')\ndef g(): return 1") as worker:
            answer = worker.call("f", [], 10)
            assert isinstance(answer, Raised)
            assert (answer.type_name, answer.text) == (kind, "no")
            assert [(frame.label, frame.line, frame.function) for frame in answer.trace] == [("exercise1.py", 2, "f")]
            assert worker.call("g", [], 10) == Returned(1)

    def test_an_exception_without_words_of_its_own_is_an_answer(self, fork_server):
        code = "class E(Exception):\n    def __str__(self): return 1 / 0\ndef f(): raise E"
        answer = called(fork_server, code)
        assert isinstance(answer, Raised)
        assert (answer.type_name, answer.text) == ("E", "(an exception that cannot be shown)")

    def test_a_long_exception_is_cut(self, fork_server):
        answer = called(fork_server, "def f(): raise ValueError('x' * 10_000_000)")
        assert isinstance(answer, Raised)
        assert len(answer.text) == 2000

    def test_endless_recursion_is_an_exception_with_a_short_trace(self, fork_server):
        answer = called(fork_server, "def f(n=0): return f(n + 1)")
        assert isinstance(answer, Raised)
        assert answer.type_name == "RecursionError"
        assert len(answer.trace) <= 6

    def test_what_has_no_form_on_the_pipe_comes_as_its_name(self, fork_server):
        found = value(fork_server, "class C: pass\ndef f(): return C(), {1}, f")
        assert found == (ForeignValue("C"), ForeignValue("set"), ForeignValue("function"))

    def test_an_answer_that_cannot_be_made_plain_is_an_exception(self, fork_server):
        answer = called(fork_server, "class C:\n    def __iter__(self): raise ValueError('no')\ndef f(): return C()")
        assert isinstance(answer, Raised)
        assert answer.text == "no"

    def test_an_answer_above_its_limit_loses_the_worker(self, fork_server):
        lost = called(fork_server, "import torch\ndef f(): return torch.zeros(2001)", answer=4 * 2000)
        assert isinstance(lost, WorkerLost)
        assert lost.kind == "protocol"

    def test_the_same_call_twice_starts_from_the_same_arguments(self, fork_server):
        with loaded(fork_server, "def f(x):\n    x += 1\n    return x") as worker:
            given = torch.zeros(())
            assert [float(worker.call("f", [given], 10).value) for _ in range(2)] == [1.0, 1.0]
            assert float(given) == 0.0

    def test_reaching_for_autograd_is_reported_with_its_line(self, fork_server):
        code = (
            "import torch\ndef f(x):\n    try:\n        torch.autograd.grad(x, x)\n"
            "    except RuntimeError:\n        return x"
        )
        answer = called(fork_server, code, torch.tensor(2.0))
        assert isinstance(answer, Returned)
        assert answer.breach is not None
        assert (answer.breach.label, answer.breach.line, answer.breach.function) == ("exercise1.py", 4, "f")


class TestStandIns:
    CODE = "table = {}\ndef g(x, y=1): return 0.0\ntable['g'] = g\n"

    def asked(self, fork_server: ForkServer, code: str, answerer: Callable[[Question], Any], **limits: Any) -> Any:
        with loaded(fork_server, self.CODE + code, **limits) as worker:
            assert worker.answer_by_reference(["g"]) is None
            return worker.call("f", [2.5], 10, answerer)

    @pytest.mark.parametrize(
        "body", ["g(x)", "table['g'](x)", "globals()['g'](x)", "h(x)", "list(map(g, [x]))[0]"], ids=lambda body: body
    )
    def test_calls_by_any_route_are_answered(self, fork_server, body):
        code = f"h = lambda x: g(x)\ndef f(x): return {body}"
        assert self.asked(fork_server, code, lambda question: question.arguments[0] * 2) == Returned(5.0)

    def test_positions_and_names_arrive(self, fork_server):
        seen = []
        self.asked(fork_server, "def f(x): return g(x, y={'a': [x]})", lambda question: seen.append(question) or 1.0)
        (question,) = seen
        assert (question.function, question.arguments, question.keywords) == ("g", [2.5, {"a": [2.5]}], {})

    def test_a_missing_function_is_stood_in_for_too(self, fork_server):
        with loaded(fork_server, "def f(x): return h(x)") as worker:
            worker.answer_by_reference(["h"])
            assert worker.call("f", [2.5], 10, lambda _: 7.0) == Returned(7.0)

    def test_a_refusal_is_an_exception_in_the_students_call(self, fork_server):
        def refuse(_: Question) -> Any:
            raise Refusal("not so")

        answer = self.asked(fork_server, "def f(x): return g(x)", refuse)
        assert isinstance(answer, Raised)
        assert (answer.type_name, answer.text) == ("ValueError", "not so")
        assert self.asked(fork_server, "def f(x):\n    try: g(x)\n    except ValueError: return 3", refuse) == Returned(
            3
        )

    def test_a_million_questions_end_in_a_loss(self, fork_server):
        code = "def f(x):\n    for at in range(10**6): g(x + at)"
        lost = self.asked(fork_server, code, lambda _: 1.0, questions=50)
        assert isinstance(lost, WorkerLost)
        assert "thousands of times" in str(lost.reason)

    def test_the_same_question_is_asked_once_in_a_call_and_its_answer_is_new_each_time(self, fork_server):
        asked = []

        def answer(question: Question) -> Any:
            asked.append(question.arguments)
            return torch.ones(2)

        code = "def f(x):\n    one, other = g(x), g(x)\n    one += 1\n    return other + g(x, y=2)"
        found = self.asked(fork_server, code, answer)
        assert (len(asked), found.value.tolist()) == (2, [2.0, 2.0])

    def test_a_question_that_cannot_be_sent_is_an_exception(self, fork_server):
        answer = self.asked(
            fork_server, "class T(str): pass\nx2 = []\nx2.append(x2)\ndef f(x): return g([x2] * 3)", lambda _: 1.0
        )
        assert answer == Returned(1.0)


class TestManyCalls:
    CODE = """
import time
def f(x):
    print(f"with {x}")
    if x == "raise": raise ValueError
    if x == "loop":
        while True: pass
    if x == "slow": time.sleep(0.4)
    return x
"""

    @staticmethod
    def cases(*arguments: Any) -> tuple[Case, ...]:
        return tuple(Case((argument,)) for argument in arguments)

    def test_each_case_has_its_answer_in_order(self, fork_server):
        with loaded(fork_server, self.CODE) as worker:
            assert worker.send_calls("f", self.cases(1, 2, 3), 10, twice=True) is None
            answers = [worker.answer(10) for _ in range(3)]
            assert answers == [Returned(x, again=Returned(x)) for x in (1, 2, 3)]
            assert worker.call("f", [4], 10) == Returned(4)

    def test_each_answer_has_a_deadline_of_its_own(self, fork_server):
        with loaded(fork_server, self.CODE) as worker:
            worker.send_calls("f", self.cases(*["slow"] * 4), 1)
            assert [worker.answer(1) for _ in range(4)] == [Returned("slow")] * 4

    def test_after_an_exception_there_are_no_more(self, fork_server):
        with loaded(fork_server, self.CODE) as worker:
            worker.send_calls("f", self.cases(1, "raise", 3), 10)
            assert worker.answer(10) == Returned(1)
            assert isinstance(worker.answer(10), Raised)
            assert worker.settled(10)
            assert worker.printed().split("\n")[:-1] == ["with 1", "with raise"]
            assert worker.call("f", [4], 10) == Returned(4)

    @pytest.mark.parametrize("last", ["raise", 3])
    def test_what_nobody_reads_is_let_to_its_end(self, fork_server, last):
        with loaded(fork_server, self.CODE) as worker:
            worker.send_calls("f", self.cases(1, 2, "slow", last), 10)
            worker.answer(10)
            assert worker.settled(10)
            assert worker.call("f", [4], 10) == Returned(4)

    def test_one_that_does_not_come_to_its_end_is_lost(self, fork_server):
        with loaded(fork_server, self.CODE) as worker:
            worker.send_calls("f", self.cases(1, 2, "loop"), 10)
            assert worker.answer(10) == Returned(1)
            assert not worker.settled(0.3)
            assert not worker.alive

    def test_a_loop_is_late_at_its_own_case(self, fork_server):
        with loaded(fork_server, self.CODE) as worker:
            worker.send_calls("f", self.cases(1, "loop", 3), 10)
            assert worker.answer(0.5) == Returned(1)
            lost = worker.answer(0.5)
            assert isinstance(lost, WorkerLost)
            assert lost.kind == "late"

    def test_an_answer_too_many_is_no_answer_to_what_comes_next(self, fork_server):
        code = "import os, struct\ndef f(x): return x\ndef g():\n    os.write(3, b'x' * 8)\n    return 1"
        with loaded(fork_server, code) as worker:
            worker.send_calls("f", self.cases(1, 2), 10)
            assert [worker.answer(10) for _ in range(2)] == [Returned(1), Returned(2)]
            assert isinstance(worker.call("g", [], 10), WorkerLost)


class TestEnds:
    @pytest.mark.parametrize(
        "body",
        ["while True: pass", "import time; time.sleep(100)", "import re; re.match('(a+)+$', 'a' * 60 + 'b')"],
        ids=["loop", "sleep", "a loop in C"],
    )
    def test_no_answer_in_time_is_late(self, fork_server, body):
        with loaded(fork_server, f"def f():\n    {body}") as worker:
            lost = worker.call("f", [], 0.2)
            assert isinstance(lost, WorkerLost)
            assert (lost.kind, worker.alive) == ("late", False)
            assert "within 0.2 seconds" in str(lost.reason)

    def test_signals_that_are_ignored_do_not_help(self, fork_server):
        code = (
            "import signal\ndef f():\n    for s in range(1, 32):\n        try: signal.signal(s, signal.SIG_IGN)\n"
            "        except (OSError, ValueError): pass\n    while True: pass"
        )
        assert isinstance(called(fork_server, code, seconds=0.2), WorkerLost)

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            ("import os; os._exit(3)", "exit code 3"),
            ("import ctypes; ctypes.string_at(0)", "segmentation fault"),
            ("import os; os.abort()", "signal 6"),
            ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "signal 9"),
        ],
    )
    def test_a_process_that_ends_says_how(self, fork_server, body, words):
        with loaded(fork_server, f"def f():\n    {body}") as worker:
            lost = worker.call("f", [], 10)
            assert isinstance(lost, WorkerLost)
            assert (lost.kind, worker.alive) == ("died", False)
            assert words in str(lost.reason)

    def test_stray_bytes_lose_the_worker(self, fork_server):
        with loaded(fork_server, "import os\ndef f(): os.write(3, b'x' * 8)") as worker:
            first = worker.call("f", [], 10)
            assert isinstance(first, WorkerLost)
            assert first.kind == "protocol"

    def test_an_answer_before_the_question_loses_the_worker(self, fork_server):
        answer = {"returned": 5.0, "changed": [], "breaches": []}
        forged = wire.pack({"id": 3, **answer}) + wire.pack({"id": 4, **answer})
        code = f"import os\ndef g(): return 1\ndef f(): return 2\ndef early(): os.write(3, {forged!r})\n"
        with loaded(fork_server, code) as worker:
            assert worker.call("g", [], 10) == Returned(1)
            assert worker.call("early", [], 10) == Returned(5.0)
            lost = worker.call("f", [], 10)
            assert isinstance(lost, WorkerLost)
            assert lost.kind == "protocol"

    def test_a_closed_pipe_is_a_loss(self, fork_server):
        lost = called(fork_server, "import os\ndef f(): os.close(3)")
        assert isinstance(lost, WorkerLost)
        assert lost.kind == "died"


class TestMeans:
    @pytest.mark.parametrize(
        "body", ["torch.empty(10**13)", "b'x' * (1 << 33)", "torch.zeros(1 << 30, dtype=torch.float64)"]
    )
    def test_memory_that_is_not_there_is_an_exception(self, fork_server, body):
        with loaded(fork_server, f"import torch\ndef f(): return {body}\ndef g(): return 1", memory=1 << 28) as worker:
            answer = worker.call("f", [], 10)
            assert isinstance(answer, Raised)
            assert answer.type_name == "MemoryError"
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
        soft = [expected.open_files, expected.file_size, expected.processor_seconds, 0]
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
        answer = called(fork_server, "def f(): return input('?')")
        assert isinstance(answer, Raised)
        assert answer.type_name == "EOFError"

    def test_the_environment_holds_nothing_of_the_callers(self, unconfined):
        code = "import os\ndef f(): return sorted(os.environ), sorted(set(os.environ.values()) - {os.environ['HOME']})"
        names, values = value(unconfined, code)
        assert names == ["HOME", "MPLBACKEND", "MPLCONFIGDIR", "PATH", "TMPDIR", "USER"]
        assert "s3cret" not in "".join(values)

    @linux
    def test_the_callers_environment_is_nowhere_in_the_worker_and_the_template(self, unconfined):
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

    def test_its_folder_is_its_own_to_write_in_and_the_data_sets_are_not(self, fork_server):
        code = (
            "import os, tempfile\ndef f():\n    open('note', 'w').write('x')\n    tempfile.TemporaryFile().close()\n"
            "    try: open('../datasets/new.csv', 'w')\n    except OSError: return sorted(os.listdir())"
        )
        if fork_server.isolation() != "sandbox":
            pytest.skip("no sandbox here")
        assert value(fork_server, code) == ["datasets", "exercise1.py", "note"]
        assert not (DATASETS / "new.csv").exists()

    def test_random_numbers_start_the_same_in_every_worker(self, fork_server):
        code = (
            "import random, torch, numpy\ndef f(): return random.random(), float(torch.rand(())), numpy.random.rand()"
        )
        assert value(fork_server, code) == value(fork_server, code)

    def test_our_own_files_are_out_of_reach(self, fork_server):
        if fork_server.isolation() != "sandbox":
            pytest.skip("no sandbox here")
        answer = called(fork_server, f"def f(): open({str(autograder.host.fork_server.SECRET)!r})")
        assert isinstance(answer, Raised)
        assert answer.text.endswith("is out of reach while grading; read the data sets, write to the current folder")

    def test_the_standard_library_can_be_read_and_what_is_installed_beside_it_not(self, fork_server):
        """In a virtual environment that is another Python's site-packages, in which anything may lie."""
        if fork_server.isolation() != "sandbox":
            pytest.skip("no sandbox here")
        code = (
            "import os, sysconfig\nplace = sysconfig.get_path('stdlib')\n"
            "def f():\n    assert os.listdir(place + '/json') and open(place + '/this.py').read(1)\n"
            "    denied = []\n    for folder in (place, place + '/site-packages', place + '/dist-packages'):\n"
            "        try: os.listdir(folder)\n        except PermissionError: denied.append(folder)\n"
            "        except FileNotFoundError: denied.append(folder)\n    return len(denied)"
        )
        assert value(fork_server, code) == 3


def test_each_place_that_workers_may_read_has_one_rule():
    prepared = subprocess.run(
        [sys.executable, "-c", "from autograder.worker import confine; import os\n"
         "for place in confine.prepare(): print(os.readlink(f'/proc/self/fd/{place.descriptor}'))"],
        capture_output=True, text=True, check=True, cwd=Path(autograder.host.fork_server.__file__).parents[2],
    )  # fmt: skip
    places = [Path(line) for line in prepared.stdout.splitlines()]
    assert places
    inside = [place for place in places if set(place.parents) & set(places)]
    assert len(inside) < len(places) / 20, inside  # links, whose targets lie in a folder that is allowed


class TestOutput:
    def test_all_that_is_printed_is_kept_in_order(self, fork_server):
        code = (
            "import os, sys\nprint('loading')\ndef f():\n    print('ŷ', flush=True)\n    os.write(1, b'raw\\n')\n"
            "    print('error', file=sys.stderr, flush=True)\n    print('\\ud800 end', end='')"
        )
        with loaded(fork_server, code) as worker:
            assert worker.printed() == "loading\n"
            worker.call("f", [], 10)
            assert worker.printed() == "ŷ\nraw\nerror\n\\ud800 end"
            assert worker.printed() == ""

    def test_a_flood_is_drained_and_bounded(self, fork_server):
        with loaded(fork_server, "def f():\n    print('x' * 8_000_000)\n    return 1", output=1000) as worker:
            assert worker.call("f", [], 30) == Returned(1)
            assert worker.printed() == "x" * 1000

    def test_what_was_printed_last_is_kept_when_the_process_ends(self, fork_server):
        with loaded(fork_server, "import os\ndef f():\n    print('so far', flush=True)\n    os._exit(1)") as worker:
            worker.call("f", [], 10)
            assert worker.printed() == "so far\n"

    @pytest.mark.parametrize(
        "code",
        [
            "sys.stdout.close()",
            "sys.stdout = sys.stderr = None",
            "sys.stdout = io.StringIO()",
            "os.close(1); os.close(2)",
            "os.close(0); os.close(1)",
            "sys.stdout = type('Broken', (), {'write': 1, 'flush': 2})()",
            "sys.stdout.detach()",
        ],
    )
    def test_whatever_becomes_of_the_streams_calls_are_answered(self, fork_server, code):
        with loaded(fork_server, f"import io, os, sys\n{code}\ndef f(): return 1") as worker:
            assert worker.call("f", [], 10) == Returned(1)
            assert worker.call("f", [], 10) == Returned(1)


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
            assert isinstance(first.call("f", [], 10), WorkerLost)
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

    def test_questions_by_many_threads_are_answered_or_cost_the_worker(self, unconfined):
        code = (
            "import threading\ndef g(x): return x\ndef f():\n"
            "    threads = [threading.Thread(target=g, args=(n,)) for n in range(8)]\n"
            "    for thread in threads: thread.start()\n    for thread in threads: thread.join()\n    return 1"
        )
        with loaded(unconfined, code) as worker:
            worker.answer_by_reference(["g"])
            answer = worker.call("f", [], 1, lambda question: question.arguments[0])
            assert answer == Returned(1) or (isinstance(answer, WorkerLost) and answer.kind in ("late", "protocol"))

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


class TestTemplate:
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

    @linux
    def test_one_that_was_killed_is_replaced_and_at_the_end_nothing_is_left(self, monkeypatch, tmp_path):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        code = "import os\ndef f(): return os.getpid(), os.getppid()\ndef g():\n    while True: pass"
        with ForkServer.start(isolation="process") as running:
            with loaded(running, code) as worker:
                pid, template_pid = worker.call("f", [], 10).value
                os.kill(template_pid, 9)
                lost = worker.call("g", [], 30)
                assert isinstance(lost, WorkerLost)
                assert lost.kind == "died"
            running.warm(["matplotlib"])
            with loaded(running, code) as worker:
                second, second_template = worker.call("f", [], 10).value
            left = running.worker(DATASETS, Limits())  # and never closed
            assert list(tmp_path.glob("grade-*"))
        assert all(gone(number) for number in (pid, template_pid, second, second_template))
        assert list(tmp_path.iterdir()) == []
        left.close()


def test_before_its_template_there_is_no_scratch_folder(monkeypatch, tmp_path):
    """A grader that is killed in between could not remove it."""
    begin, seen = subprocess.Popen, []

    def started(*arguments: Any, **how: Any) -> Any:
        seen.append(list(tmp_path.iterdir()))
        return begin(*arguments, **how)

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(subprocess, "Popen", started)
    with ForkServer.start():
        assert len(list(tmp_path.iterdir())) == 1
    assert seen == [[]]
    assert not list(tmp_path.iterdir())
