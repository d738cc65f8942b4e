"""Deadlines: for what the grader itself computes, and on a busy machine."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from autograder.host.deadline import Late, raising_late, starved

can_interrupt = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no alarms here")


def loop(seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(Exception):
            sum(range(1000))


def test_what_is_done_in_time_is_let_alone():
    with raising_late(time.monotonic() + 5):
        pass


@can_interrupt
@pytest.mark.parametrize("seconds", [0.05, 0, -5])
def test_what_takes_longer_is_interrupted(seconds):
    began = time.monotonic()
    with pytest.raises(Late), raising_late(began + seconds):
        loop()
    assert time.monotonic() - began < 3


@can_interrupt
def test_one_that_is_over_when_it_begins_does_not_ring_on():
    for _ in range(200):  # it rings at another place each time
        with pytest.raises(Late), raising_late(time.monotonic() - 1):
            pass
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


class Swallowing:
    """What is raised in a destructor is lost."""

    def __del__(self) -> None:
        loop(0.3)


def loop_twice() -> None:
    Swallowing()
    loop()


@can_interrupt
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_loses_the_first_alarm_gets_another():
    began = time.monotonic()
    with pytest.raises(Late), raising_late(began + 0.05):
        loop_twice()
    assert time.monotonic() - began < 3


@can_interrupt
def test_nothing_rings_afterwards_and_the_handler_is_the_old_one():
    before = signal.getsignal(signal.SIGALRM)
    with contextlib.suppress(Late), raising_late(time.monotonic() + 0.02):
        loop()
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    loop(0.2)


def test_in_another_thread_it_is_raised_at_the_end():
    raised = []

    def late() -> None:
        try:
            with raising_late(time.monotonic() + 0.01):
                loop(0.1)
        except Late as error:
            raised.append(error)

    thread = threading.Thread(target=late)
    thread.start()
    thread.join()
    assert len(raised) == 1


def test_what_others_take_of_a_processor_is_counted():
    if not hasattr(os, "sched_setaffinity") or not os.path.exists("/proc/self/schedstat"):  # noqa: PTH110
        pytest.skip("nobody counts it here")
    one = min(os.sched_getaffinity(0))
    code = f"import os\nos.sched_setaffinity(0, {{{one}}})\nwhile True: pass"
    loops = [subprocess.Popen([sys.executable, "-c", code]) for _ in range(2)]
    time.sleep(1.5)
    waited = starved(loops[0].pid)
    for loop_ in loops:
        loop_.kill()
        loop_.wait()
    assert 0.1 < waited < 10
    assert (starved(None), starved(1 << 30)) == (0.0, 0.0)
