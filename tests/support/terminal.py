"""A command in a terminal of its own, as a student has it: what it shows, and keys to press."""

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

PATIENCE = 60.0  # seconds for what must come in the end, on a machine that is busy


class Terminal:
    """A command and its terminal; a context, which ends it."""

    def __init__(self, command: Sequence[str], folder: Path, **environment: str) -> None:
        self.ours, theirs = pty.openpty()
        self.found = termios.tcgetattr(theirs)
        self._theirs = theirs  # stays open, so that its settings can be read at the end
        self.process = subprocess.Popen(
            [sys.executable, "-c", OWN_TERMINAL, *command],
            cwd=folder,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "100", **environment},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        self.shown = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self.ours)
        os.close(self._theirs)

    def until(self, text: str, seconds: float = PATIENCE) -> str:
        """Wait until the text is shown; what was shown up to it, which is not looked at again."""
        end = time.monotonic() + seconds
        while text not in self.shown:
            left = end - time.monotonic()
            assert left > 0, f"{text!r} did not come; shown is {self.shown!r}"
            if select.select([self.ours], [], [], left)[0]:
                self.shown += os.read(self.ours, 65536).decode(errors="replace")
        before, _, self.shown = self.shown.partition(text)
        return before

    def press(self, keys: str) -> None:
        os.write(self.ours, keys.encode())

    def ended(self, seconds: float = PATIENCE) -> int:
        """Wait for the end; the exit code."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            if select.select([self.ours], [], [], 0.05)[0]:
                self.shown += os.read(self.ours, 65536).decode(errors="replace")
        return self.process.wait(timeout=1)

    @property
    def settings(self) -> list:
        return termios.tcgetattr(self._theirs)


# The terminal becomes the one that the session is controlled by, and from which Ctrl-C comes.
OWN_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
)
