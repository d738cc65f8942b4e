"""The worker answers calls: with the value or the exception, and with what became of the arguments and the streams."""

from functools import partial

import pytest
import torch
from places import DATASETS
from students import script
from workers import called, loaded, lost, raised, value

from autograder.host.answers import NotCallable, Returned, WorkerLost
from autograder.model import ForeignValue, Limits
from autograder.submissions.fingerprint import hashes_of
from autograder.worker import serve


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

    CHANGING = (
        "x.add_(1); x[0] = 7; x.resize_(1); x.data = x.data * 2; x.requires_grad_(); x.numpy()[0] = 9; "
        "d.pop('a'); d['b'] = 1; d['a'] += 1; d['a'] = d['a'] * 2; d.clear()"
    )

    @pytest.mark.parametrize("body", CHANGING.split("; "))
    def test_a_changed_argument_is_noticed(self, fork_server, body):
        answer = called(fork_server, f"def f(d, x):\n    {body}\n    return 1", {"a": torch.ones(1)}, torch.ones(2))
        assert answer == Returned(1, ("dx".index(body[0]),))

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
            assert (answer.type_name, answer.text) == (kind, "no")
            assert [(frame.label, frame.line, frame.function) for frame in answer.trace] == [("exercise1.py", 2, "f")]
            assert worker.call("g", [], 10) == Returned(1)

    def test_endless_recursion_is_an_exception(self, fork_server):
        assert raised(fork_server, "def f(n=0): return f(n + 1)").type_name == "RecursionError"

    def test_what_has_no_form_on_the_pipe_comes_as_its_name(self, fork_server):
        found = value(fork_server, "class C: pass\ndef f(): return C(), {1}, f")
        assert found == (ForeignValue("C"), ForeignValue("set"), ForeignValue("function"))

    def test_an_answer_that_cannot_be_made_plain_is_an_exception(self, fork_server):
        code = "class C:\n    def __iter__(self): raise ValueError('no')\ndef f(): return C()"
        assert raised(fork_server, code).text == "no"

    def test_an_answer_above_its_limit_loses_the_worker(self, fork_server):
        lost(called(fork_server, "import torch\ndef f(): return torch.zeros(2001)", answer=4 * 2000), "protocol")

    def test_the_same_call_twice_starts_from_the_same_arguments(self, fork_server):
        with loaded(fork_server, "def f(x):\n    x += 1\n    return x") as worker:
            given = torch.zeros(())
            assert [float(worker.call("f", [given], 10).value) for _ in range(2)] == [1.0, 1.0]
            assert float(given) == 0.0

    @pytest.mark.parametrize(
        ("returns", "overwrites"),
        [
            ("kept.copy_(x)", True),
            ("{'a': [kept.copy_(x)]}", True),
            ("kept.numpy().fill(x) or kept.numpy()", True),
            ("(kept.copy_(x), [one])[1]", False),  # what is returned stays as it is
            ("kept.copy_(x).clone()", False),
            ("(each for each in [x])", False),
        ],
    )
    def test_what_was_returned_is_to_stay_as_it_is(self, fork_server, returns, overwrites):
        code = f"import torch\nkept, one = torch.zeros(()), torch.ones(())\ndef f(x): return {returns}"
        with loaded(fork_server, code) as worker:
            answers = [worker.call("f", [torch.tensor(value)], 10, twice=True) for value in (1.0, 1.0, 2.0)]
        assert [answer.overwrites for answer in answers] == [False, False, overwrites]

    def test_reaching_for_autograd_is_reported_with_its_line(self, fork_server):
        code = (
            "import torch\ndef f(x):\n    try:\n        torch.autograd.grad(x, x)\n"
            "    except RuntimeError:\n        return x"
        )
        answer = called(fork_server, code, torch.tensor(2.0))
        assert (answer.breach.label, answer.breach.line, answer.breach.function) == ("exercise1.py", 4, "f")


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


@pytest.mark.parametrize("code", ["x = a + b * c - d", "a;" * 1_000_000, "(" * 100_000, "def f(:", "\0", ""])
def test_a_text_is_parsed_for_its_fingerprint_before_it_is_run(fork_server, code):
    worker = fork_server.worker(DATASETS, Limits())
    found = worker.fingerprint(script(code))
    worker.close()
    assert isinstance(found, WorkerLost) or found == tuple(sorted(hashes_of([code])))


def test_a_warning_of_a_library_has_the_line_that_led_to_it():
    warn = "def warn(say):\n    return say('Size differs', UserWarning, '/lib/torch/loss.py', 630)\n"
    spaces = {name: {} for name in ("<cell 3>", "/lib/torch/loss.py")}
    exec(compile(warn, "/lib/torch/loss.py", "exec"), spaces["/lib/torch/loss.py"])
    exec(compile("\ndef own(warn, say): return warn(say)\n", "<cell 3>", "exec"), spaces["<cell 3>"])
    called = spaces["<cell 3>"]["own"], spaces["/lib/torch/loss.py"]["warn"]
    for files, said in (({"<cell 3>": "cell 3"}, "cell 3, line 2"), ({}, "loss.py, line 630")):
        assert called[0](called[1], partial(serve._warning, files)) == f"{said}: UserWarning: Size differs\n"
