"""A deadline for what the grader itself computes because a worker asked for it."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

AGAIN_SECONDS = 0.1  # until the next alarm, where what was raised got lost, as in a destructor


class Late(BaseException):
    """The deadline has passed. No `except Exception` round what is computed for a worker may keep this from its end."""


@contextlib.contextmanager
def raising_late(deadline: float) -> Iterator[None]:
    """Raise Late in what runs when the deadline (of the monotonic clock) passes, be it in the midst of a computation.

    Only the main thread of a system with alarms can be interrupted so; elsewhere it is raised afterwards.
    """
    running = True

    def ring(*_signal: Any) -> None:
        if running:
            raise Late

    with_alarm = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    handler = signal.signal(signal.SIGALRM, ring) if with_alarm else None
    try:
        if with_alarm:  # in here, for one that is over already rings at once, and must not ring on
            signal.setitimer(signal.ITIMER_REAL, max(deadline - time.monotonic(), 1e-6), AGAIN_SECONDS)
        yield
    finally:
        running = False
        if with_alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, handler)
    if time.monotonic() > deadline:
        raise Late
