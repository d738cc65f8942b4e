"""What a worker must not be able to do: tell hidden cases, or make its own doings look like a fault of the grader."""

import pytest
from students import graded, scores, solved

from autograder.model import Limits

QUICK = Limits(call_seconds=1.0, impatient_seconds=0.3, questions=200)


class TestGivingNothingAway:
    def test_a_hidden_case_does_not_reach_a_visible_check(self, fork_server):
        code = """
seen = []
_loss = loss
def loss(y_pred, y):
    seen.append(len(y))
    return _loss(y_pred, y)
_update = update
def update(parameters, gradients, learning_rates):
    print("seen", sorted(set(seen)))
    return _update(parameters, gradients, learning_rates)
"""
        report = graded(fork_server, "exercise1", solved("exercise1", code))
        assert "seen [1, 3, 4, 5]" in report.printed
        assert "12" not in report.printed

    @pytest.mark.parametrize("ending", ["return _loss(y_pred, y)", "raise ValueError(y)"])
    @pytest.mark.parametrize("label", ["__file__", "'cell 1'"])
    def test_a_line_of_a_breach_in_a_hidden_check_is_the_definitions(self, fork_server, label, ending):
        code = f"""
import sys
def reached():
    frame = sys._getframe(1)
    while "by_hand" not in frame.f_globals:
        frame = frame.f_back
    return frame.f_globals["by_hand"]._reached
_loss = loss
def loss(y_pred, y):
    y0 = float(y.reshape(-1)[0])
    if round(y0, 2) == y0:  # a visible case
        return _loss(y_pred, y)
    reached().append(({label}, 1 + int(abs(y0) * 1e5) % 60, "loss"))
    {ending}
"""
        submission = solved("exercise1", code)
        report = graded(fork_server, "exercise1", submission)
        assert scores(report).get("loss") == 0 or not report.violations
        lines = submission.cells[0].code.splitlines()
        assert {lines[violation.line - 1] for violation in report.violations} <= {"def loss(y_pred, y):"}
        assert len(report.violations) <= 1

    def test_what_a_hidden_case_was_does_not_leave_by_a_lock(self, fork_server):
        """Of a file that all may read: one that lives on, or another student's worker, could ask for it."""
        code = """
import fcntl, os
FILES = [os.open("../datasets/line.csv", os.O_RDONLY) for _ in range(2)]
told = []
_update = update
def update(parameters, gradients, learning_rates):
    for ask in (fcntl.flock, fcntl.lockf):
        for kind in (fcntl.LOCK_SH, fcntl.LOCK_EX):
            try:
                for file in FILES:
                    ask(file, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                print("TOLD by", ask.__name__)
            except OSError:
                pass
    return _update(parameters, gradients, learning_rates)
"""
        report = graded(fork_server, "exercise1", solved("exercise1", code))
        assert scores(report) == {}
        if report.grader.isolation == "sandbox":
            assert "TOLD" not in report.printed

    def test_notes_of_hidden_checks_are_ours(self, fork_server):
        code = """
_gradients = manual_gradients
def manual_gradients(parameters, x, y):
    return _gradients(parameters, x, y) | {f"secret {x.tolist()}": 1}
"""
        report = graded(fork_server, "exercise1", solved("exercise1", code))
        assert scores(report) == {}
        hidden = [result for result in report.checks if result.check.visibility == "hidden"]
        assert not [note for result in hidden for note in result.notes]

    @pytest.mark.parametrize(
        "reply",
        [
            '["d",[["id",2],["returned",["f","0x1p0"]],["changed",["l",[-100]]],["breaches",["l",[]]]]]',
            '["d",[["id",2],["returned",["a","float64",[1099511627776,1099511627776,0],"x"]],'
            '["changed",["l",[]]],["breaches",["l",[]]]]]',
            '["d",[["id",2],["returned",null],["changed",["l",[]]],'
            '["breaches",["l",[["l",["cell 9",["f","0x1p99999"],"x"]]]]]]]',
        ],
    )
    def test_forged_replies_are_no_fault_of_ours(self, fork_server, reply):
        code = f"""
def loss(y_pred, y):
    import os, struct
    tree = {reply.encode()!r}
    os.write(3, struct.pack(">II", len(tree), 0) + tree)
    os._exit(0)
"""
        report = graded(fork_server, "exercise1", solved("exercise1", code), limits=QUICK)
        assert scores(report) == {"loss": 0}
        assert all(result.outcome != "errored" for result in report.checks)

    def test_a_question_that_broadcasts_to_the_sky_is_refused(self, fork_server):
        code = """
def forward(parameters, x):
    raise ValueError
_step = train_step
def train_step(parameters, x, y, learning_rates):
    one = torch.ones(())
    forward({"a1": torch.ones(450, 1, 1), "b1": torch.ones(1, 450, 1), "a2": one, "b2": one}, torch.ones(450))
    return _step(parameters, x, y, learning_rates)
"""
        report = graded(fork_server, "exercise2", solved("exercise2", code), limits=QUICK)
        assert scores(report) == {"forward": 0, "train_step": 0}

    def test_a_helper_with_names_and_parameters_of_its_own_costs_its_caller_nothing(self, fork_server):
        code = """
def loss(prediction, target, weight=0.5):
    raise ValueError("broken")
def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    value = loss(target=y, prediction=y_pred, weight=0.5)
    return update(parameters, gradients, learning_rates), value
"""
        assert scores(graded(fork_server, "exercise2", solved("exercise2", code))) == {"loss": 0}

    @pytest.mark.parametrize(
        "line",
        [
            "import sys; del sys.stdout, sys.__stdout__; return 1",
            'raise SyntaxError("x", ([], 1, 1, ""))',
            'raise type("E", (Exception,), {"__str__": lambda self: exit()})',
        ],
    )
    def test_odd_ends_are_answers(self, fork_server, line):
        code = f"def loss(y_pred, y):\n    {line}\n"
        report = graded(fork_server, "exercise1", solved("exercise1", code))
        assert scores(report) == {"loss": 0}
        assert "ended the Python process" not in str([str(result.message) for result in report.checks])
