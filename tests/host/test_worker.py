"""Calling a worker: whatever a student's code does and sends, an answer comes back, or the worker is lost."""

import contextlib
import random
import time
from typing import Any

import pytest
from places import DATASETS
from students import notebook, script
from workers import called, loaded, lost

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
from autograder.host.deadline import Late
from autograder.host.pipe import Gone
from autograder.host.worker import Worker
from autograder.model import Limits
from autograder.worker import wire


class FakePipe:
    """A pipe whose worker has these replies ready, whatever it is asked; an exception is raised instead."""

    def __init__(self, *replies: Any) -> None:
        self.replies, self.sent, self.closed = list(replies), [], False

    starved = 0.0

    def now(self) -> float:
        return time.monotonic()

    def pending(self) -> bool:
        return False

    def send(self, frames: bytes, _deadline: float) -> None:
        self.sent.append(frames)

    def receive(self, _deadline: float) -> Any:
        reply = self.replies.pop(0) if self.replies else Gone()
        if isinstance(reply, BaseException):
            raise reply
        return reply

    def close(self) -> None:
        self.closed = True


def against(*replies: Any, questions: int = 2000) -> Worker:
    """A worker that has these replies ready, and whose calls to `loss` the reference answers."""
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
        lost(worker.call("f", [], 5), "protocol")
        assert not worker.alive

    @pytest.mark.parametrize(
        "reply", [{"id": 1}, {"id": 1, "callables": 5, "stopped": []}, {"id": 1, "callables": [], "stopped": [1]}]
    )
    def test_a_load_without_its_outcome_loses_the_worker(self, reply):
        lost(against(reply).load(notebook(""), "exercise1"), "protocol")

    def test_a_script_that_cannot_be_written_is_nobodys_mistake(self, fork_server):
        worker = fork_server.worker(DATASETS, Limits())
        worker._pipe.scratch /= "gone"
        with pytest.raises(FileNotFoundError):
            worker.load(script(""), "exercise1")
        worker.close()

    @pytest.mark.parametrize("question", [{"ask": "loss"}, {**QUESTION, "arguments": 5}, {**QUESTION, "keywords": [1]}])
    def test_a_malformed_question_loses_the_worker(self, question):
        lost(against(question, ANSWER).call("f", [], 5, lambda _: 1.0), "protocol")

    def test_an_answer_with_an_exception_that_cannot_be_sent_is_the_callers(self):
        def answer(_: Question) -> Any:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            against(QUESTION, ANSWER).call("f", [], 5, answer)

    @pytest.mark.parametrize("function", ["update", "", ["loss"], None, 5])
    def test_a_question_that_nobody_may_ask_loses_the_worker(self, function):
        lost(against({**QUESTION, "ask": function}, ANSWER).call("f", [], 5, lambda _: 1.0), "protocol")

    def test_a_forged_exception_is_kept_within_bounds(self):
        trace = [["exercise1.py", 10**300, "f" * 10**5, "t" * 10**5]] * 1000
        error = {"type": "", "text": "x" * 10**5, "trace": trace, "syntax": [-5, 10**18, "code"]}
        raised = against({"id": 1, "raised": error, "breaches": [["x" * 10**5, 10**300, "f"]]}).call("f", [], 5)
        assert isinstance(raised, Raised)
        assert (raised.type_name, len(raised.text), len(raised.trace)) == ("an exception without a name", 2000, 6)
        assert raised.syntax == (0, 5, "code")
        assert raised.breach is not None
        assert len(raised.breach.label) <= 200
        assert all(len(frame.text) <= 300 and frame.line <= 10**6 for frame in [*raised.trace, raised.breach])
        assert sum(map(len, stopped(raised).lines)) < 100

    def test_objects_that_hold_much_are_not_computed_with(self):
        many = {"returned": wire.Array("float64", (5000,), bytes(40000))}
        with pytest.raises(ProbeFailed, match="too many"):
            against(QUESTION, many, ANSWER).call("f", [], 5, lambda question: question.probe("batches", 1))

    @pytest.mark.parametrize(
        "many",
        [
            [[[], {}]] * 40_000,
            [wire.Array("float32", (0, 1), b"")] * 60_000,
            {str(number): None for number in range(20_000)},
        ],
        ids=["groups of nothing", "batches of nothing", "names"],
    )
    def test_objects_of_many_parts_are_not_read(self, many):
        answer = against(QUESTION, {"returned": many}, ANSWER).call("f", [], 5, lambda asked: asked.probe("batches", 1))
        assert "larger than any" in lost(answer, "protocol")
        worker = against({"id": 1, "returned": many})
        assert "larger than any" in lost(worker.probe("batches", [], 5), "protocol")

    def test_a_question_of_many_parts_is_refused_with_a_sentence(self):
        deep: list[Any] = []
        for _ in range(150):
            deep = [deep, [[]] * 1000]
        worker = against({**QUESTION, "arguments": [deep]}, ANSWER)
        assert worker.call("f", [], 5, lambda _: pytest.fail("it was answered")) == Returned(1.5)
        assert b"loss is asked about far more than an exercise needs" in worker._pipe.sent[-1]

    def test_what_a_question_makes_the_grader_compute_ends_with_the_call(self):
        def stubborn(_: Question) -> Any:
            while True:
                with contextlib.suppress(Exception):
                    sum(range(10_000))

        began = time.monotonic()
        lost(against(QUESTION, ANSWER).call("f", [], 0.2, stubborn), "late")
        lost(against(*[QUESTION] * 200, ANSWER).call("f", [], 0.2, lambda _: time.sleep(0.05)), "late")
        assert time.monotonic() - began < 3

    def test_questions_are_counted(self):
        assert against(*[QUESTION] * 3, ANSWER, questions=3).call("f", [], 5, lambda _: 1.0) == Returned(1.5)
        answer = against(*[QUESTION] * 4, ANSWER, questions=3).call("f", [], 5, lambda _: 1.0)
        assert "thousands of times" in lost(answer, "protocol")

    @pytest.mark.parametrize(
        ("reply", "kind"),
        [
            (Late(), "late"),
            (Gone(), "died"),
            (wire.ProtocolError(), "protocol"),
            ({"id": 1}, "protocol"),
            ({"raised": {}}, "protocol"),
            ({"returned": wire.RemoteConstructor("model", ())}, "protocol"),
        ],
        ids=repr,
    )
    @pytest.mark.parametrize("caught", ["returns", "refuses", "raises"])
    def test_what_goes_wrong_while_a_question_is_answered_cannot_be_swallowed(self, reply, kind, caught):
        def answer(question: Question) -> Any:
            try:
                question.probe("parameters", 1)
            except Exception:  # noqa: BLE001 - as broadly as can be
                if caught == "refuses":
                    raise Refusal("no") from None
                if caught == "raises":
                    raise ZeroDivisionError from None
            return 1.0

        worker = against(QUESTION, reply, ANSWER)
        lost(worker.call("f", [], 5, answer), kind)
        assert not worker.alive

    def test_a_probe_that_raises_or_cannot_be_asked_costs_no_worker(self):
        failed = []

        def answer(question: Question) -> Any:
            for argument in (1, object()):
                with pytest.raises((ProbeFailed, wire.ProtocolError)) as caught:
                    question.probe("parameters", argument)
                failed.append(caught.type)
            return 1.0

        assert against(QUESTION, {"raised": ERROR}, ANSWER).call("f", [], 5, answer) == Returned(1.5)
        assert failed == [ProbeFailed, wire.ProtocolError]

    def test_random_replies_never_raise(self):
        drawn = random.Random(3)

        def anything(depth: int = 0) -> Any:
            array = wire.Array("float64", (1,), b"\0" * 8, drawn.choice(["torch.Tensor", "x"]))
            leaves = [None, True, 0, -1, 10**300, 1.5, float("nan"), "", "x", array, wire.Opaque("x")]
            leaves += [wire.RemoteObject(1, "x"), wire.RemoteConstructor("x", ())]
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

    def test_after_an_exception_the_others_are_called_too(self, fork_server):
        with loaded(fork_server, self.CODE) as worker:
            worker.send_calls("f", self.cases(1, "raise", 3), 10)
            assert worker.answer(10) == Returned(1)
            assert isinstance(worker.answer(10), Raised)
            assert worker.settled(10)
            assert worker.printed().split("\n")[:-1] == ["with 1", "with raise", "with 3"]
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
            lost(worker.answer(0.5), "late")

    def test_an_answer_too_many_is_no_answer_to_what_comes_next(self, fork_server):
        code = "import os, struct\ndef f(x): return x\ndef g():\n    os.write(3, b'x' * 8)\n    return 1"
        with loaded(fork_server, code) as worker:
            worker.send_calls("f", self.cases(1, 2), 10)
            assert [worker.answer(10) for _ in range(2)] == [Returned(1), Returned(2)]
            lost(worker.call("g", [], 10), "protocol")


class TestEnds:
    @pytest.mark.parametrize(
        "body",
        ["while True: pass", "import time; time.sleep(100)", "import re; re.match('(a+)+$', 'a' * 60 + 'b')"],
        ids=["loop", "sleep", "a loop in C"],
    )
    def test_no_answer_in_time_is_late(self, fork_server, body):
        with loaded(fork_server, f"def f():\n    {body}") as worker:
            assert "within 0.2 seconds" in lost(worker.call("f", [], 0.2), "late")
            assert not worker.alive

    def test_signals_that_are_ignored_do_not_help(self, fork_server):
        code = (
            "import signal\ndef f():\n    for s in range(1, 32):\n        try: signal.signal(s, signal.SIG_IGN)\n"
            "        except (OSError, ValueError): pass\n    while True: pass"
        )
        lost(called(fork_server, code, seconds=0.2), "late")

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
            assert words in lost(worker.call("f", [], 10), "died")
            assert not worker.alive

    def test_stray_bytes_lose_the_worker(self, fork_server):
        lost(called(fork_server, "import os\ndef f(): os.write(3, b'x' * 8)"), "protocol")

    def test_an_answer_before_the_question_loses_the_worker(self, fork_server):
        answer = {"returned": 5.0, "changed": [], "breaches": []}
        forged = wire.pack({"id": 3, **answer}) + wire.pack({"id": 4, **answer})
        code = f"import os\ndef g(): return 1\ndef f(): return 2\ndef early(): os.write(3, {forged!r})\n"
        with loaded(fork_server, code) as worker:
            assert worker.call("g", [], 10) == Returned(1)
            assert worker.call("early", [], 10) == Returned(5.0)
            lost(worker.call("f", [], 10), "protocol")

    def test_a_closed_pipe_is_a_loss(self, fork_server):
        lost(called(fork_server, "import os\ndef f(): os.close(3)"), "died")
