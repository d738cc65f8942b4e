"""Calls to a helper that the reference answers: by whatever route they come, and whatever comes back."""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from workers import loaded, lost

from autograder.host.answers import Question, Raised, Refusal, Returned, WorkerLost
from autograder.host.fork_server import ForkServer


class TestAnsweredByReference:
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
        assert self.asked(fork_server, code, lambda question: question.keywords["x"] * 2) == Returned(5.0)

    def test_positions_and_names_arrive(self, fork_server):
        asked = []
        self.asked(fork_server, "def f(x): return g(x, y={'a': [x]})", lambda question: asked.append(question) or 1.0)
        (question,) = asked
        assert (question.function, question.arguments, question.keywords) == ("g", [], {"x": 2.5, "y": {"a": [2.5]}})

    def test_answers_come_as_the_namedtuple_that_the_function_makes(self, fork_server):
        code = (
            "import collections\nPair = collections.namedtuple('Pair', 'one other')\ndef g(x): return Pair(x, x)\n"
            "def f(x): return [g(x).other, len(g(x + 1))]"
        )
        found = self.asked(fork_server, code, lambda question: (1.0,) * int(question.keywords["x"]))
        assert found == Returned([1.0, 3])

    def test_a_missing_function_is_answered_too(self, fork_server):
        with loaded(fork_server, "def f(x): return h(x)") as worker:
            worker.answer_by_reference(["h"])
            assert worker.call("f", [2.5], 10, lambda _: 7.0) == Returned(7.0)

    def test_a_refusal_is_an_exception_in_the_students_call(self, fork_server):
        def refuse(_: Question) -> Any:
            raise Refusal("not so")

        answer = self.asked(fork_server, "def f(x): return g(x)", refuse)
        assert isinstance(answer, Raised)
        assert (answer.type_name, answer.text) == ("ValueError", "not so")
        code = "def f(x):\n    try: g(x)\n    except ValueError: return 3"
        assert self.asked(fork_server, code, refuse) == Returned(3)

    def test_a_million_questions_end_in_a_loss(self, fork_server):
        code = "def f(x):\n    for at in range(10**6): g(x + at)"
        assert "thousands of times" in lost(self.asked(fork_server, code, lambda _: 1.0, questions=50), "protocol")

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

    def test_questions_by_many_threads_are_answered_or_cost_the_worker(self, unconfined):
        code = (
            "import threading\ndef g(x): return x\ndef f():\n"
            "    threads = [threading.Thread(target=g, args=(n,)) for n in range(8)]\n"
            "    for thread in threads: thread.start()\n    for thread in threads: thread.join()\n    return 1"
        )
        with loaded(unconfined, code) as worker:
            worker.answer_by_reference(["g"])
            answer = worker.call("f", [], 1, lambda question: question.keywords["x"])
            assert answer == Returned(1) or (isinstance(answer, WorkerLost) and answer.kind in ("late", "protocol"))
