"""Loading a student's file: what can be called then, which cells stopped, and what code finds around it."""

import pytest
from places import DATASETS
from students import notebook, script
from workers import lost, value

from autograder.host.answers import Raised, Returned, WorkerLost, stopped
from autograder.host.fork_server import ForkServer
from autograder.model import Limits, Submission


def stops(fork_server: ForkServer, submission: Submission | str) -> tuple[tuple[str, Raised], ...]:
    """The cells that stop, each with why."""
    worker = fork_server.worker(DATASETS, Limits())
    outcome = worker.load(script(submission) if isinstance(submission, str) else submission, "exercise1")
    worker.close()
    assert not isinstance(outcome, WorkerLost)
    return outcome.stopped


class TestLoading:
    def test_names_that_can_be_called_are_listed(self, fork_server):
        worker = fork_server.worker(DATASETS, Limits())
        loaded = worker.load(script("import math\ndef f(): pass\nclass C: pass\nx = 3\ng = f"), "exercise1")
        worker.close()
        assert (set(loaded.names), loaded.stopped) == ({"f", "C", "g"}, ())

    def test_a_syntax_error_comes_with_line_and_caret(self, fork_server):
        ((label, error),) = stops(fork_server, "x = 1\n\n    if x = 2:\n")
        assert label == "exercise1.py"
        assert "IndentationError: unexpected indent" in str(stopped(error).text)
        ((_, error),) = stops(fork_server, "x = 1\nif True:\n    y = (1 2)\n")
        assert error.type_name == "SyntaxError"
        assert stopped(error).lines == ("line 3", "  y = (1 2)", "       ^")

    @pytest.mark.parametrize(
        "code", ["x = '\0'", "(" * 300, "-" * 100_000 + "1", "x = 1\n\tif", "def f(:\n", "\ufeff\ufeffx"]
    )
    def test_whatever_the_compiler_raises_stops_the_cell(self, fork_server, code):
        assert len(stops(fork_server, code)) == 1

    @pytest.mark.parametrize("code", ["exit()", "import sys\nsys.exit(0)", "quit(3)", "raise SystemExit"])
    def test_an_exit_is_called_one(self, fork_server, code):
        ((_, error),) = stops(fork_server, code)
        assert "calls exit" in str(stopped(error).text)

    @pytest.mark.parametrize(
        "kind", ["KeyboardInterrupt", "GeneratorExit", "BaseException", "MemoryError", "StopIteration"]
    )
    def test_any_exception_stops_the_file_and_not_the_worker(self, fork_server, kind):
        ((_, error),) = stops(fork_server, f"raise {kind}")
        assert error.type_name == kind

    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            (
                "import sys\ndef f(): return __name__, sys.modules[__name__].f is f, f.__module__",
                ("exercise1", True, "exercise1"),
            ),
            ("def f(): return 1\nif __name__ == '__main__':\n    def f(): return 2", 1),
            (
                "from pathlib import Path\npath = Path(__file__)\n"
                "def f(): return path.name, 'ŷ' in path.read_text('utf-8')",
                ("exercise1.py", True),
            ),
            (
                "from __future__ import annotations\nfrom dataclasses import dataclass, field, KW_ONLY\n"
                "@dataclass\nclass P:\n    a: float\n    _: KW_ONLY\n"
                "    b: list[float] = field(default_factory=list)\n"
                "def f(): return P(1.0, b=[2.0]).b, P.__annotations__['a']",
                ([2.0], "float"),
            ),
            ("def f(x: 1 + 1 = 5): return f.__annotations__['x']", 2),
            (
                "'text'\nfrom __future__ import annotations, annotations\nimport torch\n"
                "torch.ones(1, requires_grad=True).sum().backward()\n"  # left out, and the rest is run by itself
                "def f(x: 1 + 1 = 5): return f.__annotations__['x']",
                "1 + 1",
            ),
            (
                "import typing\nclass C: pass\ndef g(x: 'C') -> 'C': ...\n"
                "def f(): return len(typing.get_type_hints(g))",
                2,
            ),
            (
                "import inspect, pickle, torch\n@torch.jit.script\ndef g(x: torch.Tensor) -> torch.Tensor:\n"
                "    return 2 * x\ndef f():\n    same = pickle.loads(pickle.dumps(f)) is f\n"
                "    return inspect.getsource(f).count('def f'), float(g(torch.tensor(1.5))), same",
                (2, 3.0, True),
            ),
        ],
        ids=[
            "its module",
            "main guard",
            "its file",
            "dataclasses",
            "annotations",
            "in parts",
            "type hints",
            "source and script",
        ],
    )
    def test_code_finds_around_it_what_it_would_elsewhere(self, fork_server, code, expected):
        assert value(fork_server, code) == expected

    def test_a_cell_that_stops_costs_the_others_nothing(self, fork_server):
        worker = fork_server.worker(DATASETS, Limits())
        cells = notebook(
            "def f(): return 1", "1 / 0", "def f(): return g()", "def g():\n    return 2\ndisplay(3)", "def h(:"
        )
        loaded = worker.load(cells, "exercise1")
        answer = worker.call("f", [], 10)
        worker.close()
        assert [(label, error.type_name) for label, error in loaded.stopped] == [
            ("cell 2", "ZeroDivisionError"),
            ("cell 5", "SyntaxError"),
        ]
        assert answer == Returned(2)
        assert "g" in loaded.names

    def test_a_cell_that_exits_costs_the_others_nothing(self, fork_server):
        (stop,) = stops(fork_server, notebook("raise SystemExit", "def f(): pass"))
        assert stop[0] == "cell 1"

    @pytest.mark.parametrize(
        ("code", "limits", "kind"),
        [("while True: pass", Limits(load_seconds=0.2), "late"), ("import os; os._exit(0)", Limits(), "died")],
        ids=["never ends", "ends the process"],
    )
    def test_a_file_that_never_ends_or_ends_the_process_is_a_loss(self, fork_server, code, limits, kind):
        worker = fork_server.worker(DATASETS, limits)
        lost(worker.load(script(code), "exercise1"), kind)
        assert not worker.alive
