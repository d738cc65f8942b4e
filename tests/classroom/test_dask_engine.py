"""Grading on a Dask cluster: the same verdicts as here, whatever becomes of the workers."""

import contextlib
import dataclasses
import logging
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import dask
import psutil
import pytest
from distributed import Client, LocalCluster
from places import KIT

from autograder.authoring import catalog
from autograder.classroom import dask_engine, local_engine
from autograder.errors import GraderError, UserError
from autograder.exercise import Exercise
from autograder.model import GradingSpec, Report, Submission
from autograder.submissions.submission import decode

EXERCISE = catalog.find_exercise(KIT, "exercise2")
RIGHT = (KIT / "solutions" / "exercise2.py").read_bytes()
UNWRITTEN = (KIT / "exercises" / "exercise2.py").read_bytes()
ORDER = GradingSpec(EXERCISE, "process", salt="term")
JOBS = 2


def handed_in(code: bytes, student: str) -> Submission:
    return decode(code, Path("exercise2.py"), student)


CLASS = [
    handed_in(code, student)
    for student, code in {
        "right": RIGHT,
        "unwritten": UNWRITTEN,
        "empty": b"",
        "broken": b"def forward(:\n",
        "ends": b"import os\nos._exit(0)\n",
        "Zoë ☃": RIGHT + b"\ndef loss(*_):\n    return 0.0\n",
    }.items()
]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    with (
        dask.config.set({"temporary-directory": str(tmp_path_factory.mktemp("dask"))}),
        LocalCluster(
            n_workers=JOBS, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL
        ) as here,
    ):
        yield here


@pytest.fixture
def client(running: LocalCluster) -> Iterator[Client]:
    with Client(running, set_as_default=False) as client:
        yield client


@contextlib.contextmanager
def changed(client: Client, name: str, definition: str, workers: list[str] | None = None) -> Iterator[None]:
    """Have a function of the module be another one in some workers, meanwhile."""
    module = "import autograder.classroom.dask_engine as module"
    change = f"{module}; module.kept = module.{name}\n{definition}\nmodule.{name} = changed"
    client.run(exec, change, {}, workers=workers)
    try:
        yield
    finally:
        client.run(
            exec, f"import autograder.classroom.dask_engine as module; module.{name} = module.kept", {}, workers=workers
        )


def timeless(reports: Iterable[Report]) -> dict[str, Report]:
    """Reports by student, without how long they took."""
    return {
        report.submission.student: dataclasses.replace(
            report,
            seconds=0.0,
            checks=tuple(dataclasses.replace(result, seconds=0.0) for result in report.checks),
        )
        for report in reports
    }


def dask_workers() -> list[psutil.Process]:
    """The processes that multiprocessing started for this one, except its tracker of resources."""
    return [child for child in psutil.Process().children() if any("spawn_main" in word for word in words_of(child))]


def words_of(process: psutil.Process) -> list[str]:
    """The command line of a process, which one that has ended does not have any more."""
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def wait_for(what: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.1)


def is_over(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_a_class_gets_the_verdicts_it_gets_on_this_machine(running: LocalCluster) -> None:
    reports = list(dask_engine.grade_all(ORDER, iter(CLASS), running.scheduler_address, 1))
    assert len(reports) == len(CLASS)
    assert timeless(reports) == timeless(local_engine.grade_all(ORDER, CLASS, JOBS))


def test_submissions_are_taken_as_they_can_be_graded_and_services_end_with_the_run(running: LocalCluster) -> None:
    taken = graded = 0

    def lazily() -> Iterator[Submission]:
        nonlocal taken
        for number in range(24):
            taken += 1
            assert taken - graded <= 1 + dask_engine.AHEAD * JOBS, "more were read than the cluster can begin with"
            yield handed_in(UNWRITTEN, f"student{number}")

    for _ in dask_engine.grade_all(ORDER, lazily(), running.scheduler_address, 1):
        graded += 1
        workers = [process for worker in running.workers.values() for process in psutil.Process(worker.pid).children()]
    assert graded == 24
    assert len(workers) == JOBS, "one warm service each"
    wait_for(lambda: all(map(is_over, workers)))


def test_a_killed_worker_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    students = [f"student{number}" for number in range(10)]
    others = {process.pid for process in dask_workers()}
    reports: list[Report] = []
    below: list[psutil.Process] = []
    for report in dask_engine.grade_all(ORDER, (handed_in(RIGHT, student) for student in students), None, JOBS):
        reports.append(report)
        if len(reports) == 3:
            mine = [process for process in dask_workers() if process.pid not in others]
            assert len(mine) == JOBS
            below = mine[0].children(recursive=True)
            assert below, "it keeps a service"
            os.kill(mine[0].pid, signal.SIGKILL)
    assert Counter(report.submission.student for report in reports) == Counter(students)
    assert {report.score for report in reports} == {EXERCISE.points}
    wait_for(lambda: all(map(is_over, below)))
    wait_for(lambda: not list(tmp_path.iterdir()))
    assert {process.pid for process in dask_workers()} == others
    assert capfd.readouterr() == ("", "")


def test_what_loses_too_many_workers_is_errored(running: LocalCluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running.scheduler, "allowed_failures", 0)
    reports: list[Report] = []
    for report in dask_engine.grade_all(
        ORDER, (handed_in(RIGHT, str(n)) for n in range(10)), running.scheduler_address, 1
    ):
        reports.append(report)
        if len(reports) == 2:
            os.kill(running.workers[0].pid, signal.SIGKILL)
    lost = [report for report in reports if report.functions[0].outcome == "errored"]
    assert len({report.submission.student for report in reports}) == len(reports) == 10
    assert 1 <= len(lost) <= dask_engine.AHEAD
    assert {str(report.problem.text) for report in lost if report.problem} == {
        "the grader failed on this file, twice: 1 Dask workers were lost"
    }


DEAD = """
from autograder.grading.service import Service, ServiceLost
class Dead:
    def grade(self, submission):
        raise ServiceLost(submission.student + " killed it")
    def kill(self):
        with open(path, "a") as file:
            file.write("ended\\n")
changed = lambda *_: Dead()
"""


def test_a_service_that_dies_twice_is_reported(client: Client, running: LocalCluster, tmp_path: Path) -> None:
    client.wait_for_workers(JOBS)
    tries = tmp_path / "tries"
    with changed(client, "_service", f"path = {str(tries)!r}\n{DEAD}"):
        [report] = dask_engine.grade_all(ORDER, [handed_in(RIGHT, "she")], running.scheduler_address, 1)
    assert str(report.problem and report.problem.text) == "the grader failed on this file, twice: she killed it"
    assert {function.outcome for function in report.functions} == {"errored"}
    assert tries.read_text() == "ended\n" * 2


@pytest.mark.parametrize("name", ["kit", "torch", "Python"])
def test_another_version_on_a_worker_is_refused(client: Client, running: LocalCluster, name: str) -> None:
    here = dask_engine.versions()
    other, *_ = client.run(os.getpid)
    with (
        changed(client, "versions", f"def changed(kept=module.kept): return kept() | {{{name!r}: '0.0.1'}}", [other]),
        pytest.raises(UserError, match="install the same") as refused,
    ):
        list(dask_engine.grade_all(ORDER, CLASS, running.scheduler_address, 1))
    assert all(word in str(refused.value) for word in (other, name, "0.0.1", here[name]))


def test_a_worker_that_comes_later_proves_itself(client: Client) -> None:
    needed = dask_engine.versions() | {"torch": "9.9"}
    with pytest.raises(UserError, match=r"the worker \S+ has torch \S+, and this run has 9\.9"):
        client.submit(dask_engine.grade_there, "run", needed, {}, b"", b"").result()


@pytest.mark.parametrize("address", ["127.0.0.1:1", "nowhere.invalid:8786", "smoke://signals"])
def test_an_address_where_nothing_answers(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_engine, "CONNECT_SECONDS", 1)
    started = time.monotonic()
    with pytest.raises(UserError, match=f"no Dask scheduler answers at {address}"):
        list(dask_engine.grade_all(ORDER, CLASS, address, 1))
    assert time.monotonic() - started < 8


def test_an_encrypted_scheduler_needs_certificates() -> None:
    with pytest.raises(UserError, match="needs certificates"):
        list(dask_engine.grade_all(ORDER, CLASS, "tls://127.0.0.1:1", 1))


def test_nothing_to_grade_needs_no_cluster() -> None:
    assert list(dask_engine.grade_all(ORDER, [], "127.0.0.1:1", 1)) == []


@pytest.mark.parametrize("package", ["distributed", "cryptography"])
def test_without_the_packages(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(UserError, match=r"backprop-exercises\[dask\]"):
        list(dask_engine.grade_all(ORDER, CLASS, None, 1))


def test_checks_that_do_not_load_end_the_run(running: LocalCluster, tmp_path: Path) -> None:
    checks = tmp_path / "exercise2.py"
    checks.write_text("import nothing_of_that_name\n", encoding="utf-8")
    order = dataclasses.replace(ORDER, exercise=dataclasses.replace(EXERCISE, checks=checks))
    with pytest.raises(GraderError, match="do not load"):
        list(dask_engine.grade_all(order, CLASS, running.scheduler_address, 1))


def moved(exercise: Exercise) -> Exercise:
    """The exercise with the paths of a machine that is not this one."""
    away = Path("/elsewhere/kit")
    return dataclasses.replace(
        exercise,
        kit=away,
        stub=away / "exercises" / "exercise2.py",
        checks=away / "autograder" / "checks" / "exercise2.py",
        solution=away / "solutions" / "exercise2.py",
    )


def test_the_kit_may_lie_elsewhere_on_a_worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert dask_engine._exercise_here(moved(EXERCISE), dask_engine._digests(EXERCISE)) == EXERCISE


@pytest.mark.parametrize("name", ["the checks", "solutions/exercise2.py", "datasets/line.csv", "datasets/more.csv"])
def test_another_kit_on_a_worker_is_refused(name: str) -> None:
    files: dict[str, Any] = dask_engine._digests(EXERCISE) | {name: "0" * 64}
    with pytest.raises(UserError, match=f"in {KIT} {name} differ"):
        dask_engine._exercise_here(moved(EXERCISE), files)


def test_the_cluster_here_is_closed_to_others() -> None:
    with dask_engine._local_cluster(1) as here:
        assert here.scheduler_address.startswith("tls://127.0.0.1:")
