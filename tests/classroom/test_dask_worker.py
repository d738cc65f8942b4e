"""What a worker of a Dask cluster does: it proves itself first, and keeps its services as long as their run goes on."""

import dataclasses
from pathlib import Path
from types import SimpleNamespace

import pytest
from places import KIT

from autograder.authoring import catalog
from autograder.classroom import dask_worker
from autograder.classroom.dask_worker import _exercise_here, _Services, grade_there
from autograder.classroom.versions import exercise_digests, versions
from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.grading.service import ServiceLost

EXERCISE = catalog.find_exercise(KIT, "exercise2")


class FakeService:
    """In place of a grader's process: remembers how it ended."""

    def __init__(self) -> None:
        self.ended = ""

    def kill(self) -> None:
        self.ended = "killed"

    def close(self) -> None:
        self.ended = "closed"


def test_a_service_is_kept_for_its_run_and_ends_with_it() -> None:
    services = _Services()
    first = services.take("a", FakeService)
    assert services.take("a", FakeService) is not first
    services.give_back("a", first)
    assert services.take("b", FakeService) is not first
    assert services.take("a", FakeService) is first
    idle = services.take("a", FakeService)
    services.give_back("a", idle)
    services.end("a")
    assert (first.ended, idle.ended) == ("killed", "closed")
    with pytest.raises(ServiceLost, match="the run is over"):
        services.take("a", FakeService)


def test_a_service_that_failed_or_whose_coordinator_is_gone_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    services = _Services()
    failed, idle = services.take("a", FakeService), services.take("a", FakeService)
    services.drop("a", failed)
    services.give_back("a", idle)
    assert (failed.ended, idle.ended) == ("killed", "")
    monkeypatch.setattr(dask_worker, "IDLE_SECONDS", -1)
    assert services.take("a", FakeService) is not idle
    assert idle.ended == "closed"


def test_a_worker_that_comes_later_proves_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("distributed.get_worker", lambda: SimpleNamespace(address="tcp://there:1"))
    needed = versions() | {"torch": "9.9"}
    with pytest.raises(UserError, match=r"the worker tcp://there:1 has torch \S+, and this run has 9\.9"):
        grade_there("run", needed, {}, b"", b"")


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
    assert _exercise_here(moved(EXERCISE), exercise_digests(EXERCISE)) == EXERCISE


@pytest.mark.parametrize("name", ["the checks", "solutions/exercise2.py", "datasets/line.csv", "datasets/more.csv"])
def test_another_kit_on_a_worker_is_refused(name: str) -> None:
    files = exercise_digests(EXERCISE) | {name: "0" * 64}
    with pytest.raises(UserError, match=f"in {KIT} {name} differ"):
        _exercise_here(moved(EXERCISE), files)
