"""The grader's process: what it answers, how it is lost, and that nothing outlives whoever started it."""

import os
import pickle
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from classes import nothing_is_left, processes_of, script
from small_kit import small_kit
from students import script as submission

from autograder.authoring import catalog
from autograder.errors import GraderError, UserError
from autograder.grading import service
from autograder.grading.service import RestartingService, Service, ServiceLost, errored_report, sources
from autograder.model import GradingSpec, Limits

RIGHT = "def double(x):\n    return 2 * x\ndef half(x):\n    return x / 2\n"
ENDLESS = "while True:\n    pass\n"
PATIENT = Limits(submission_seconds=300.0, load_seconds=300.0)


@pytest.fixture
def scratch(tmp_path, monkeypatch):
    """A folder for temporary files, of which nothing may be left."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    yield folder
    nothing_is_left(folder)


@pytest.fixture
def spec(tmp_path, monkeypatch):
    kit = small_kit(tmp_path / "kit", monkeypatch, "exercise1")
    return GradingSpec(catalog.find_exercise(kit, "exercise1"), "sandbox")


def begun(scratch: Path) -> None:
    """Wait until a worker has its scratch folder and has been at work for a while."""
    deadline = time.monotonic() + 60
    while not list(scratch.glob("grade-*/*/exercises")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(1.0)


@pytest.mark.skipif(not hasattr(os, "SCHED_BATCH"), reason="Linux has this")
@pytest.mark.system
def test_it_and_its_workers_leave_the_processor_to_who_computes(spec, scratch):
    with Service(spec) as running:
        running.wait()
        own = running._process.pid
        children = Path(f"/proc/{own}/task/{own}/children").read_text().split()
        assert children
        assert {os.sched_getscheduler(int(pid)) for pid in (own, *children)} == {os.SCHED_BATCH}


@pytest.mark.system
def test_one_service_grades_many_and_turns_to_other_specs(spec, scratch):
    with Service(spec) as running:
        assert running.wait() == "sandbox"
        assert [running.grade(submission(code)).score for code in (RIGHT, "double = half = abs", RIGHT)] == [6, 0, 6]
        running.turn(replace(spec, seed=5, functions=("half",)))
        report = running.grade(submission(RIGHT))
        assert (report.score, report.max_score, report.grader.seed) == (1, 1, 5)
        assert processes_of(scratch)


@pytest.mark.system
@pytest.mark.parametrize("at_work", [False, True])
def test_one_that_is_killed_is_lost_and_says_how(spec, scratch, at_work):
    running = Service(replace(spec, limits=PATIENT))
    running.wait()
    if at_work:
        running.send(submission(ENDLESS))
        begun(scratch)
    os.kill(running._process.pid, signal.SIGKILL)
    with pytest.raises(ServiceLost, match="it was killed by signal 9"):
        running.receive() if at_work else running.grade(submission(RIGHT))
    running.close()


@pytest.mark.system
def test_one_that_hangs_is_killed(spec, scratch):
    hasty = replace(spec, limits=Limits(submission_seconds=0.5))
    with Service(hasty) as running:
        running.wait()
        os.kill(running._process.pid, signal.SIGSTOP)
        running.send(submission(RIGHT))
        assert not running.is_overdue
        time.sleep(1.6)
        assert running.is_overdue
        with pytest.raises(ServiceLost, match="it gave no answer any more"):
            running.receive()


def test_one_that_cannot_start_says_why(spec, scratch, monkeypatch):
    monkeypatch.setattr(service, "BOOTSTRAP", "raise SystemExit(7)")
    with Service(spec) as running, pytest.raises(ServiceLost, match="it ended with exit code 7"):
        running.wait()
    monkeypatch.setattr(service, "START_SECONDS", 0.2)
    monkeypatch.setattr(service, "BOOTSTRAP", "import time; time.sleep(600)")
    with Service(spec) as running, pytest.raises(ServiceLost, match="it gave no answer any more"):
        running.wait()
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with pytest.raises(ServiceLost, match=r"it cannot be started \(No such file or directory\)"):
        Service(spec)


@pytest.mark.system
def test_checks_that_do_not_load_are_told_once_for_all(spec, scratch):
    spec.exercise.checks.write_text('"""Halves."""\nimport no_such_module\n', encoding="utf-8")
    with Service(spec) as running, pytest.raises(GraderError, match="no_such_module"):
        running.grade(submission(RIGHT))


@pytest.mark.system
def test_a_grader_that_fails_on_one_file_outside_of_all_checks_is_lost(spec, scratch, monkeypatch):
    broken = "import autograder.grading.grader as g; g.Session = lambda *_: 1 / 0; "
    monkeypatch.setattr(service, "BOOTSTRAP", service.BOOTSTRAP.replace("from autograder", broken + "from autograder"))
    with Service(spec) as running, pytest.raises(ServiceLost):
        running.grade(submission(RIGHT))


NO_LANDLOCK = (
    "import autograder.host.fork_server as t; "
    "none = 'import autograder.worker.landlock as l; l.version = lambda: 0; main('; "
    "t.BOOTSTRAP = t.BOOTSTRAP.replace('main(', none); "
)


@pytest.mark.system
def test_without_a_sandbox_nothing_is_graded_where_one_is_wanted(spec, scratch, monkeypatch):
    bootstrap = service.BOOTSTRAP.replace("from autograder", NO_LANDLOCK + "from autograder")
    monkeypatch.setattr(service, "BOOTSTRAP", bootstrap)
    with Service(spec) as running, pytest.raises(UserError) as error:
        running.grade(submission(RIGHT))
    assert "no sandbox here (this kernel has no Landlock); " in str(error.value)
    assert "--isolation process" in str(error.value)
    with Service(replace(spec, isolation="process")) as running:
        assert running.wait() == "process"
        assert running.grade(submission(RIGHT)).score == 6


STARTER = (
    "import pickle; from autograder.grading.service import Service; from students import script\n"
    "service = Service(pickle.loads(bytes.fromhex(sys.argv[1])))\n"
    "print('on', flush=True)\n"
    "service.wait(); service.send(script('while True:\\n    pass\\n')); service.receive()\n"
)


@pytest.mark.system
@pytest.mark.parametrize("is_grading", [False, True])
def test_nothing_outlives_a_coordinator_that_is_killed(spec, scratch, is_grading):
    process = script(STARTER, pickle.dumps(replace(spec, limits=PATIENT)).hex())
    assert process.stdout.readline() == "on\n"
    if is_grading:
        begun(scratch)
    process.kill()
    process.communicate()
    nothing_is_left(scratch)


def test_the_report_where_there_is_no_verdict(spec):
    report = errored_report(spec, submission(RIGHT), "it was killed by signal 9")
    assert (report.score, report.max_score) == (0, 6)
    assert {part.outcome for part in (*report.functions, *report.checks)} == {"errored"}
    assert "it was killed by signal 9" in str(report.checks[0].message)
    assert report.grader.isolation == "sandbox"


class TestRestarting:
    @pytest.fixture
    def started(self, monkeypatch):
        """What services are started, turned to and asked for; each fails as the next of `failures` says."""
        log: list[str] = []
        failures: list[BaseException | None] = []

        class FakeService:
            def __init__(self, spec: GradingSpec) -> None:
                log.append(f"start {spec.seed}")

            def turn(self, spec: GradingSpec) -> None:
                log.append(f"turn {spec.seed}")

            def grade(self, _submission: object) -> str:
                failure = failures.pop(0) if failures else None
                if failure is not None:
                    raise failure
                log.append("grade")
                return "report"

            def kill(self) -> None:
                log.append("kill")

        monkeypatch.setattr(service, "Service", FakeService)
        return log, failures

    def test_it_is_started_once_and_turns_to_what_has_changed(self, spec, started):
        log, _ = started
        warm = RestartingService()
        for seed in (0, 0, 1):
            assert warm.grade(replace(spec, seed=seed), submission(RIGHT)) == "report"
        os.utime(spec.exercise.checks, ns=(1, 1))
        warm.grade(replace(spec, seed=1), submission(RIGHT))
        warm.close()
        warm.close()
        assert log == ["start 0", "grade", "grade", "turn 1", "grade", "turn 1", "grade", "kill"]

    def test_one_that_was_lost_is_started_again_once(self, spec, started):
        log, failures = started
        failures[:] = [ServiceLost("gone"), None]
        assert RestartingService().grade(spec, submission(RIGHT)) == "report"
        assert log == ["start 0", "kill", "start 0", "grade"]
        failures[:] = [ServiceLost("gone"), ServiceLost("gone again")]
        with pytest.raises(GraderError, match="the grader ended twice: gone again"):
            RestartingService().grade(spec, submission(RIGHT))

    @pytest.mark.parametrize("failure", [KeyboardInterrupt(), UserError("no sandbox"), GraderError("no checks")])
    def test_whatever_else_stops_it_no_late_answer_is_taken_for_the_next_ones(self, spec, started, failure):
        log, failures = started
        failures[:] = [failure]
        warm = RestartingService()
        with pytest.raises(type(failure)):
            warm.grade(spec, submission(RIGHT))
        assert warm.grade(spec, submission(RIGHT)) == "report"
        assert log == ["start 0", "kill", "start 0", "grade"]


def test_a_verdict_depends_on_every_source_of_the_kit(tmp_path, monkeypatch):
    monkeypatch.setattr(service, "PACKAGE", tmp_path)
    found = set()
    for name, text in (
        ("a.py", "1"),
        ("a.py", "2"),
        ("page.html.j2", "2"),
        ("b.py", ""),
        ("notes.txt", "none of them"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        found.add(sources())
    assert len(found) == 4
