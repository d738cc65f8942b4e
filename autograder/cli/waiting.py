"""Says on a terminal that something is under way, once it takes longer than one notices."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

SOON = 0.5  # seconds
TEXT = "grading…"
ERASE = "\r\x1b[K"


@contextmanager
def saying_so(erase: bool, after: float = SOON) -> Iterator[None]:
    """Print that it is being graded where that takes longer, on standard error if it is a terminal.

    `erase`: take it away at the end, where the terminal understands that.
    """
    if sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    is_over = threading.Event()

    def say() -> None:
        if not is_over.wait(after):
            _write(TEXT if erase else f"{TEXT}\n")
            is_over.wait()
            _write(ERASE if erase else "")

    speaker = threading.Thread(target=say, daemon=True)
    speaker.start()
    try:
        yield
    finally:
        is_over.set()
        speaker.join()


def _write(text: str) -> None:
    with suppress(OSError):
        sys.stderr.write(text)
        sys.stderr.flush()
