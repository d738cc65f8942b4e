"""The readings of a function, on real submissions: each function on its own, whatever its helpers are."""

import pytest
from students import graded, notebook, result, scores, script, solved

from autograder.host.fork_server import ForkServer
from autograder.model import Limits, Report

QUICK = Limits(call_seconds=1.0, impatient_seconds=0.3, questions=200)

ONLY_AS_IT_STANDS = """
def loss(y_pred, y, half=False):
    return torch.sum((y_pred - y) ** 2) / 2

def update(parameters, gradients, learning_rates):
    return None

def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    before = loss(y_pred, y, half=True)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in parameters}, before
"""

ONLY_WITH_HELP = "def forward(parameters, x):\n    raise NotImplementedError"

REPEATED_INLINE = """
def loss(y_pred, y):
    return torch.sum((y_pred - y) ** 2)

def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return update(parameters, gradients, learning_rates), torch.sum((y_pred - y) ** 2)
"""


class TestReadings:
    def lost(self, fork_server: ForkServer, *more: str, functions: tuple[str, ...] = ()) -> dict[str, int]:
        report = graded(fork_server, "exercise2", solved("exercise2", *more), functions=functions, limits=QUICK)
        assert not any(check.outcome == "errored" for check in report.checks)
        return scores(report)

    @pytest.mark.parametrize(
        ("code", "lost"),
        [
            ("", {}),
            (ONLY_AS_IT_STANDS, {"update": 0}),
            (ONLY_WITH_HELP, {"forward": 0}),
            (REPEATED_INLINE, {"loss": 0, "train_step": 0}),
            ("del forward, loss, manual_gradients", {"forward": 0, "loss": 0, "manual_gradients": 0}),
            ("forward = loss = 3", {"forward": 0, "loss": 0}),
            ("def loss(y): return y", {"loss": 0}),
            ("def loss(y_pred, y):\n    while True: pass", {"loss": 0}),
            ("import os\ndef loss(y_pred, y): os._exit(1)", {"loss": 0}),
            (
                "def manual_gradients(g, y_pred, y):\n    g += 1\n    return {'a2': g.sum(), 'b2': g.sum()}",
                {"manual_gradients": 0},
            ),
        ],
        ids=[
            "all right",
            "as it stands",
            "with help",
            "repeated inline",
            "missing",
            "numbers",
            "other parameters",
            "endless",
            "crash",
            "in place",
        ],
    )
    def test_a_mistake_costs_only_the_function_that_has_it(self, fork_server, code, lost):
        assert self.lost(fork_server, code) == lost

    def test_help_reaches_calls_inside_private_helpers_and_tables(self, fork_server):
        code = """
def forward(parameters, x):
    raise NotImplementedError

STEPS = {"forward": forward}
def _both(parameters, x):
    return STEPS["forward"](parameters, x=x)

def train_step(parameters, x, y, learning_rates):
    g, y_pred = _both(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return update(parameters, gradients, learning_rates), loss(y_pred, y)
"""
        assert self.lost(fork_server, code) == {"forward": 0}

    @pytest.mark.parametrize(
        "helpers",
        [
            "def update(p, g, l): return {k: torch.zeros(()) for k in p}\ndef loss(a, b): return torch.zeros(())",
            "def update(p, g, l): return dict(p)\ndef loss(a, b): return torch.zeros(())",
            "def update(p, g, l): return {k: torch.tensor(0.5) for k in p}\ndef loss(a, b): return torch.tensor(3.0)",
            "def manual_gradients(g, p, y): return {'a2': p.sum() * 0, 'b2': p.sum() * 0}\n"
            "def chain_rule_gradients(p, x, q, y): return {'a1': x.sum() * 0, 'b1': x.sum() * 0}",
        ],
        ids=["zeros", "unmoved", "constants", "no gradients"],
    )
    def test_helpers_that_prove_nothing_make_nothing_right(self, fork_server, helpers):
        step = """
def train_step(parameters, x, y, learning_rates):
    zeros = {k: torch.zeros(()) for k in parameters}
    return update(parameters, zeros, learning_rates), loss(x, x)
"""
        assert self.lost(fork_server, helpers, step, functions=("train_step",)) == {"train_step": 0}

    def test_a_step_that_is_wrong_is_wrong_with_right_helpers(self, fork_server):
        step = """
def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    parameters = update(parameters, manual_gradients(g, y_pred, y) | {"a1": 0, "b1": 0}, learning_rates)
    gradients = chain_rule_gradients(parameters, x, y_pred, y) | {"a2": 0, "b2": 0}
    return update(parameters, gradients, learning_rates), loss(y_pred, y)
"""
        assert self.lost(fork_server, step) == {"train_step": 0}

    def test_a_gradient_is_not_to_be_had_from_the_reference_step(self, fork_server):
        code = """
def manual_gradients(g, y_pred, y):
    one, zero = torch.ones((), dtype=g.dtype), torch.zeros((), dtype=g.dtype)
    start = {"a1": one, "b1": zero, "a2": one, "b2": zero}
    after, _ = train_step(start, g, y, dict.fromkeys(start, 1.0))
    return {name: start[name] - after[name] for name in ("a2", "b2")}

def train_step(parameters, x, y, learning_rates):
    raise NotImplementedError
"""
        assert self.lost(fork_server, code) == {"manual_gradients": 0, "train_step": 0}

    def test_a_function_below_in_the_table_is_not_answered(self, fork_server):
        code = "def loss(y_pred, y):\n    return update(y_pred, y, 1)\ndel chain_rule_gradients"
        assert self.lost(fork_server, code, functions=("loss", "chain_rule_gradients")) == {
            "loss": 0,
            "chain_rule_gradients": 0,
        }

    def test_a_million_questions_are_the_students_failure(self, fork_server):
        code = """
def loss(y_pred, y):
    raise ValueError

def train_step(parameters, x, y, learning_rates):
    for _ in range(10**6):
        try:
            loss(y, y)
        except ValueError:
            pass
"""
        assert self.lost(fork_server, code, functions=("train_step",)) == {"train_step": 0}

    @pytest.mark.parametrize(
        "question",
        [
            "None, None", "'x' * 10**6, y", "torch.zeros(10**7), y", "y", "y, y, y", "y, y=y", "a=1", "[], {}",
            "endless, endless", "10**400, y", "float('nan'), y", "object(), y", "torch.zeros(2, 3), torch.zeros(5)",
            "{1: 2}, {None: 3}", "torch.zeros(3, dtype=torch.complex64), 1j", "{'a': endless}, y", "-10**9, 10**9",
            "loss, y", "torch.nn.Linear(1, 1), y", "y.to_sparse(), y.to(torch.bfloat16)", "[[1, 2], [3]], y",
        ],
    )  # fmt: skip
    def test_a_nonsense_question_is_the_students_failure(self, fork_server, question):
        code = f"""
endless = []
endless.append(endless)

def loss(y_pred, y):
    return None

def train_step(parameters, x, y, learning_rates):
    loss({question})
    return None
"""
        assert self.lost(fork_server, code, functions=("train_step",)) == {"train_step": 0}

    @pytest.mark.parametrize("batch_size", ["0", "-1", "10**9", "None", "2.5", "'x'", "True", "[]"])
    def test_odd_questions_of_an_epoch_are_the_students_failure(self, fork_server, batch_size):
        code = f"""
def loss(y_pred, y):
    return None

def train_epoch(parameters, x, y, learning_rates, batch_size):
    xs = x[: {batch_size}]
    loss(predict(parameters, x=xs), y[: {batch_size}])
    manual_gradients(parameters, [], [])
    update({{}}, {{}}, {batch_size})
"""
        report = graded(fork_server, "exercise1", solved("exercise1", code), functions=("train_epoch",), limits=QUICK)
        assert [check.outcome for check in report.checks] == ["failed", "blocked", "blocked"]


class TestStateLeaks:
    @pytest.mark.parametrize(
        "leak",
        [
            "torch.set_default_dtype(torch.float16)",
            "torch.sum = lambda *_: 0",
            "globals().update(torch=None)",
            "torch.use_deterministic_algorithms(True)",
            "torch.set_printoptions(precision=1)",
            "torch.manual_seed(3)",
            "__builtins__['sum' if isinstance(__builtins__, dict) else 0] = None",
            "import os; os.chdir('/')",
            "import sys; sys.setrecursionlimit(60)",
        ],
    )
    def test_what_one_function_leaves_behind_costs_no_other(self, fork_server, leak):
        code = f"""
_predict = predict
def predict(parameters, x):
    answer = _predict(parameters, x)
    {leak}
    return answer
"""
        # With the ordinary limits: some of these import for a second.
        assert scores(graded(fork_server, "exercise1", solved("exercise1", code))) == {}

    def test_what_breaks_the_function_itself_costs_only_that(self, fork_server):
        code = """
_predict = predict
def predict(parameters, x):
    del globals()["update"]
    return _predict(parameters, x)
"""
        assert scores(graded(fork_server, "exercise1", solved("exercise1", code), limits=QUICK)) == {"predict": 0}


class TestStubs:
    @pytest.mark.parametrize(
        "stub", ["raise NotImplementedError", "...", "pass", "'''Only words.'''", "raise NotImplementedError('later')"]
    )
    def test_an_empty_body_is_not_attempted(self, fork_server, stub):
        names = {"predict": "p, x", "loss": "y_pred, y", "manual_gradients": "p, x, y", "update": "p, g, l"}
        code = "\n".join(f"def {name}({parameters}):\n    {stub}" for name, parameters in names.items())
        report = graded(fork_server, "exercise1", script(code + "\ndef train_epoch(p, x, y, l, b): ..."))
        assert report.score == 0
        assert {check.outcome for check in report.checks} == {"not_attempted"}
        assert {part.outcome for part in report.functions} == {"not_attempted"}

    def test_a_written_function_with_unwritten_helpers_has_its_points(self, fork_server):
        code = "\n".join(
            f"def {name}(*_): raise NotImplementedError" for name in ("predict", "loss", "manual_gradients", "update")
        )
        report = graded(fork_server, "exercise1", solved("exercise1", code))
        assert report.score == 5
        assert [part.outcome for part in report.functions] == ["not_attempted"] * 4 + ["passed"]

    def test_a_helper_of_ones_own_that_is_unwritten_is_a_failure(self, fork_server):
        code = "def _residual(a, b): raise NotImplementedError\ndef loss(y_pred, y): return _residual(y_pred, y)"
        report = graded(fork_server, "exercise1", solved("exercise1", code), functions=("loss",))
        assert [check.outcome for check in report.checks] == ["failed", "blocked"]
        assert "NotImplementedError" in str(report.checks[0].message)


class TestGivenAway:
    def report(self, fork_server: ForkServer, code: str) -> Report:
        return graded(fork_server, "exercise1", solved("exercise1", code), functions=("loss",))

    def test_an_exception_that_holds_the_hidden_case_stays_hidden(self, fork_server):
        code = """
_loss = loss
def loss(y_pred, y):
    if len(y) != 4:
        print("case", y.tolist())
        raise ValueError(f"case {y.tolist()}")
    return _loss(y_pred, y)
"""
        report = self.report(fork_server, code)
        hidden = result(report, "loss_any_size")
        assert (hidden.outcome, str(hidden.message)) == ("failed", "it raises an exception")
        assert hidden.evidence is None
        assert "case" not in report.printed
        assert result(report, "loss_half_sum_of_squares").outcome == "passed"
        assert report.score == 0

    def test_what_a_visible_check_prints_is_shown(self, fork_server):
        code = "_loss = loss\ndef loss(y_pred, y):\n    print('n =', len(y))\n    return _loss(y_pred, y)"
        printed = self.report(fork_server, code).printed.splitlines()
        assert set(printed) == {"n = 4"}

    def test_the_same_seed_gives_the_same_verdict_and_case(self, fork_server):
        wrong = solved("exercise1", "def loss(y_pred, y): return (y_pred - y).sum()")
        seen = [
            result(graded(fork_server, "exercise1", wrong, seed=seed, functions=("loss",)), "loss_half_sum_of_squares")
            for seed in (3, 3, 4)
        ]
        first, again, other = (found.evidence for found in seen)
        assert first == again
        assert first.case != other.case

    def test_a_notebooks_function_is_judged_like_a_scripts(self, fork_server):
        cells = notebook(
            "import torch", "def loss(a, b): return 1 / 0", "oops(", "def loss(a, b): return ((a - b) ** 2).sum() / 2"
        )
        report = graded(fork_server, "exercise1", cells, functions=("loss",))
        assert (report.score, len(report.notes)) == (3, 1)


class TestSlowFiles:
    """What was right as submitted stays right, however slow the file is and whatever becomes of its other functions."""

    def lost(self, fork_server: ForkServer, code: str, **limits: float) -> set[str]:
        submission = solved("exercise2", "import os, time\n" + code)
        return set(scores(graded(fork_server, "exercise2", submission, limits=Limits(**limits))))

    def test_one_that_takes_long_to_load(self, fork_server):
        """There is time for two workers more, and five functions want one; two of the right ones stand below."""
        wrong = ("forward", "loss", "update", "collapse")
        code = "time.sleep(2)\n" + "\n".join(f"def {name}(*_): return 1" for name in wrong)
        assert self.lost(fork_server, code, submission_seconds=6.0) == {*wrong, "train_step"}

    def test_one_whose_functions_above_never_return(self, fork_server):
        code = "time.sleep(0.5)\ndef forward(*_): os._exit(1)\ndef loss(*_):\n    while True: pass"
        limits = {"call_seconds": 1.0, "impatient_seconds": 0.5, "submission_seconds": 10.0}
        assert self.lost(fork_server, code, **limits) - {"train_step"} == {"forward", "loss"}
