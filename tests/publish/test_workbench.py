"""Work is done here when it is asked for, or by other processes meanwhile."""

from contextlib import nullcontext

import pytest
from places import KIT

from autograder.authoring.catalog import find_exercise
from autograder.host.fork_server import ForkServer
from autograder.publish.workbench import Workbench, workbenches


def test_with_one_job_work_is_done_here_when_it_is_asked_for(
    fork_server: ForkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ForkServer, "start", lambda: nullcontext(fork_server))
    done = []
    with workbenches(1) as submit:
        first, second = (submit(lambda _bench, number: done.append(number), number) for number in (1, 2))
        second()
        first()
    assert done == [2, 1]


def test_an_exercise_has_one_grader(fork_server: ForkServer) -> None:
    bench, exercise = Workbench(fork_server), find_exercise(KIT, "exercise2")
    assert bench.grader(exercise) is bench.grader(exercise)


@pytest.mark.system
def test_with_more_jobs_it_is_done_by_other_processes() -> None:
    """What is done stands in a module that they can import, which this file need not be. The bench is theirs alone."""
    with workbenches(2) as submit:
        assert [later() for later in [submit(isinstance, kind) for kind in (Workbench, str)]] == [True, False]
