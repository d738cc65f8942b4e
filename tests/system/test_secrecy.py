"""What a worker must not be able to do: tell hidden cases, or make its own doings look like a fault of the grader."""

import os
from pathlib import Path

import pytest
from students import graded, scores, solved

from autograder.host.fork_server import ForkServer
from autograder.model import Limits
from autograder.worker.scratch import remove

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
        assert "seen [4]" in report.printed
        assert "12" not in report.printed

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

    def test_a_template_that_dies_costs_nobody_anything(self):

        with ForkServer.start(isolation="process") as fork_server:
            assert scores(graded(fork_server, "exercise1", solved("exercise1", ""))) == {}
            os.kill(fork_server._process(True)._process.pid, 9)
            assert scores(graded(fork_server, "exercise1", solved("exercise1", ""))) == {}

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


class TestRemovingScratch:
    """A scratch folder goes, and nothing outside it changes, whatever the student's code left there."""

    def test_nothing_above_it_or_behind_a_link_is_changed(self, tmp_path, monkeypatch):
        above, target = tmp_path / "above", tmp_path / "target"
        for folder in (above / "scratch" / "deep" / "deeper", target):
            folder.mkdir(parents=True)
        (target / "kept.txt").write_text("kept")
        (above / "scratch" / "link").symlink_to(target)
        for folder, mode in ((above, 0o777), (target, 0o755)):
            folder.chmod(mode)
        remove(above / "scratch")
        assert not (above / "scratch").exists()
        (above / "scratch").mkdir()
        monkeypatch.setattr("os.scandir", lambda _: Path("not there").stat())  # as where it may not be removed
        remove(above / "scratch")
        assert [folder.stat().st_mode & 0o777 for folder in (above, target)] == [0o777, 0o755]
        assert (target / "kept.txt").read_text() == "kept"

    def test_it_may_be_deeper_than_any_path_and_closed_at_every_level(self, tmp_path, monkeypatch):
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        monkeypatch.chdir(scratch)
        for name in ("wide", "d" * 200):
            for _ in range(1500):
                os.mkdir(name)  # noqa: PTH102
                Path("file").write_text("x")
                os.chdir(name)
            monkeypatch.chdir(scratch)
        (scratch / "wide").chmod(0)
        remove(scratch)
        assert not scratch.exists()

    def test_a_link_in_its_place_goes_alone(self, tmp_path):
        target = tmp_path / "target"
        target.mkdir(mode=0o755)
        (tmp_path / "scratch").symlink_to(target)
        remove(tmp_path / "scratch")
        assert not (tmp_path / "scratch").is_symlink()
        assert target.stat().st_mode & 0o777 == 0o755
