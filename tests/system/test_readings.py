"""The readings of a function, on real submissions: each function on its own, whatever its helpers are."""

import pytest
from students import graded, notebook, result, scores, script, solved

from autograder.host.fork_server import ForkServer
from autograder.model import Limits

QUICK = Limits(call_seconds=1.0, impatient_seconds=0.3, questions=200)

STEP = """
def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
"""
AS_IT_STANDS = f"""
def loss(y_pred, y, half=False):
    return torch.sum((y_pred - y) ** 2) / 2

def update(parameters, gradients, learning_rates):
    return None
{STEP}
    return {{k: parameters[k] - learning_rates[k] * gradients[k] for k in parameters}}, loss(y_pred, y, half=True)
"""
# Helpers are answered inside private helpers and tables, too.
WITH_HELPERS = f"""
def forward(parameters, x):
    raise NotImplementedError

STEPS = {{"forward": forward}}
def _both(parameters, x):
    return STEPS["forward"](parameters, x=x)
{STEP.replace("= forward(", "= _both(")}
    return update(parameters, gradients, learning_rates), loss(y_pred, y)
"""
# An order and options that only the file's own helpers have.
BY_A_WAY_OF_ITS_OWN = f"""
def loss(y_pred, y, *, weight=1.0):
    return weight * torch.sum((y_pred - y) ** 2)

def update(learning_rates, gradients, parameters):
    return None
{STEP}
    parts = [update({{k: learning_rates[k]}}, {{k: gradients[k]}}, {{k: parameters[k]}}) for k in parameters]
    return {{k: value for part in parts for k, value in part.items()}}, loss(y_pred, y, weight=1.0)
"""
# Helpers are asked about one sample, about columns, and about NumPy's arrays, and answer in kind.
IN_ODD_SHAPES = """
def forward(parameters, x):
    return None

def loss(y_pred, y):
    return None

def manual_gradients(g, y_pred, y):
    return None

def train_step(parameters, x, y, learning_rates):
    pairs = [forward(parameters, one) for one in x]
    g, y_pred = (torch.stack(values) for values in zip(*pairs))
    columns = g.reshape(-1, 1), y_pred.reshape(-1, 1), y.reshape(-1, 1)
    each = [manual_gradients(*sample) for sample in zip(*columns)]
    first = chain_rule_gradients(parameters, x.reshape(-1, 1), *columns[1:])
    gradients = first | {k: sum(one[k] for one in each) for k in ("a2", "b2")}
    value = loss(y_pred.numpy(), y.numpy())
    return update(parameters, gradients, learning_rates), torch.as_tensor(value.astype(float) - y.numpy()[0] * 0)
"""
FROM_BELOW = """
def manual_gradients(g, y_pred, y):
    one, zero = torch.ones((), dtype=g.dtype), torch.zeros((), dtype=g.dtype)
    start = {"a1": one, "b1": zero, "a2": one, "b2": zero}
    after, _ = train_step(start, g, y, dict.fromkeys(start, 1.0))
    return {name: start[name] - after[name] for name in ("a2", "b2")}

def train_step(parameters, x, y, learning_rates):
    raise NotImplementedError
"""
MISTAKES = {
    "none": ("", set()),
    "right as it stands": (AS_IT_STANDS, {"update"}),
    "right with helpers": (WITH_HELPERS, {"forward"}),
    "by a way of its own": (BY_A_WAY_OF_ITS_OWN, {"loss", "update"}),
    "in odd shapes": (IN_ODD_SHAPES, {"forward", "loss", "manual_gradients"}),
    "nothing is answered upwards": (FROM_BELOW, {"manual_gradients", "train_step"}),
    "missing": ("del forward, loss, manual_gradients", {"forward", "loss", "manual_gradients"}),
    "numbers": ("forward = loss = 3", {"forward", "loss"}),
    "other parameters": ("def loss(y): return y", {"loss"}),
    "endless": ("def loss(y_pred, y):\n    while True: pass", {"loss"}),
    "crash": ("import os\ndef loss(y_pred, y): os._exit(1)", {"loss"}),
}


def lost(fork_server: ForkServer, code: str, *functions: str) -> set[str]:
    report = graded(fork_server, "exercise2", solved("exercise2", code), functions=functions, limits=QUICK)
    assert not any(check.outcome == "errored" for check in report.checks)
    return set(scores(report))


class TestMistakes:
    @pytest.mark.parametrize(("code", "losing"), MISTAKES.values(), ids=MISTAKES)
    def test_one_costs_only_the_function_that_has_it(self, fork_server, code, losing):
        assert lost(fork_server, code) == losing

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
        assert lost(fork_server, code, "train_step") == {"train_step"}

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
        assert lost(fork_server, code, "train_step") == {"train_step"}

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


class TestOthers:
    def test_an_exception_that_holds_the_hidden_case_stays_hidden(self, fork_server):
        code = """
_loss = loss
def loss(y_pred, y):
    if len(y) > 5:
        print("case", y.tolist())
        raise ValueError(f"case {y.tolist()}")
    return _loss(y_pred, y)
"""
        report = graded(fork_server, "exercise1", solved("exercise1", code), functions=("loss",))
        hidden = result(report, "loss_any_size")
        assert (hidden.outcome, str(hidden.message)) == ("failed", "it raises an exception")
        assert hidden.evidence is None
        assert "case" not in report.printed
        assert result(report, "loss_half_sum_of_squares").outcome == "passed"
        assert report.score == 0

    def test_a_notebooks_function_is_judged_like_a_scripts(self, fork_server):
        right = "def loss(a, b): return ((a - b) ** 2).sum() / 2"
        cells = notebook("import torch", "def loss(a, b): return 1 / 0", "oops(", right)
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

    def test_the_endless_loop_of_one_costs_no_slow_other_one(self, fork_server):
        code = "def loss(*_):\n    while True: pass\nquick = update\n"
        code += "def update(*given):\n    time.sleep(0.5)\n    return quick(*given)"
        limits = {"call_seconds": 2.0, "impatient_seconds": 0.3}
        assert self.lost(fork_server, code, **limits) == {"loss"}

    def test_one_whose_functions_above_never_return(self, fork_server):
        code = "time.sleep(0.5)\ndef forward(*_): os._exit(1)\ndef loss(*_):\n    while True: pass"
        limits = {"call_seconds": 1.0, "impatient_seconds": 0.5, "submission_seconds": 10.0}
        assert self.lost(fork_server, code, **limits) - {"train_step"} == {"forward", "loss"}
