"""What the tests of `grade` share: a kit of two exercises, and a fake in place of the grader and its worker process."""

import contextlib
import sys
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from example_reports import RIGHT

import autograder.authoring.catalog
import autograder.host.fork_server
from autograder.cli import grade
from autograder.model import Report

CHECKS = '''
"""{title}"""
from autograder.checking import check

@check("forward", points=3, hint="?")
def check_forward(judge, draw):
    """is right"""

@check("loss", points=2, hint="?")
def check_loss(judge, draw):
    """is right"""
'''


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    """A home of our own for the last scores."""
    monkeypatch.setattr("platformdirs.user_state_dir", lambda name: str(tmp_path / "state" / name))
    return tmp_path / "state"


@pytest.fixture
def kit(tmp_path, monkeypatch):
    """A kit with two exercises, which is the current folder."""
    checks = tmp_path / "checks"
    root = tmp_path / "the kit"
    for folder in (checks, root / "exercises", root / "datasets"):
        folder.mkdir(parents=True)
    for name, title in (("exercise1", "One layer."), ("exercise2", "Two layers, one factor.")):
        (checks / f"{name}.py").write_text(CHECKS.format(title=title))
        (root / "exercises" / f"{name}.py").write_text("a = 1\n")
    monkeypatch.setattr(autograder.authoring.catalog, "CHECKS", checks)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def grader(monkeypatch):
    """A fake grader and worker process: `report` is given or raised, `calls` are options, `events` what happened."""
    fake = SimpleNamespace(report=RIGHT, calls=[], events=[])

    @contextlib.contextmanager
    def start(*, off, isolation):
        fake.events.append("started" if off is not None else "started without the by-hand rule")
        try:
            yield
        finally:
            fake.events.append("closed")

    class FakeGrader:
        def __init__(self, spec, _fork_server) -> None:
            fake.calls.append({"seed": spec.seed, "functions": spec.functions})
            fake.spec = spec
            self._exercise = spec.exercise

        def grade(self, submission) -> Report:
            fake.events.append("graded")
            if isinstance(fake.report, BaseException):
                raise fake.report
            ours = self._exercise
            shown = replace(fake.report.exercise, name=ours.name, kit=ours.kit, stub=ours.stub)
            return replace(fake.report, exercise=shown, submission=submission)

    monkeypatch.setattr(autograder.host.fork_server, "ForkServer", SimpleNamespace(start=start))
    monkeypatch.setitem(sys.modules, "autograder.grading.grader", SimpleNamespace(Grader=FakeGrader))
    return fake


@pytest.fixture
def fails(capsys) -> Callable[..., str]:
    """Run a command that must fail with one line on standard error, and return that line."""

    def run(code: int, *arguments: str) -> str:
        capsys.readouterr()
        assert grade.run(list(arguments)) == code
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.startswith("grade: ")
        assert captured.err.endswith("\n")
        assert captured.err.count("\n") == 1
        return captured.err[len("grade: ") : -1]

    return run
