"""Deadlines: of what the grader itself computes because a worker asked for it, and on a machine that is busy."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

AGAIN_SECONDS = 0.1  # until the next alarm, where what was raised got lost, as in a destructor


class Late(BaseException):
    """The deadline has passed. No `except Exception` round what is computed for a worker may keep this from its end."""


def starved(process: int | None) -> float:
    """Return for how many seconds a process could have run and others had the processors; 0 where nobody counts them.

    They belong to no deadline: a right answer must not depend on what else the machine does.
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{process}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9
    return 0.0


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
