"""Sees when a file is saved. It is looked at, which works on every kind of disk and needs no library."""

import time
from pathlib import Path

EMPTY = 2.0  # seconds after which an empty file is meant so: an editor may leave it between emptying and writing it
GONE = 1.0  # seconds after which a file is gone: an editor may remove the old one before it writes the new

Signature = tuple[int, int, int]


class Saves:
    """The saves of a file from now on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._pending = _signature(path)
        self._since = time.monotonic()

    def is_saved(self) -> bool:
        """Look at the file; whether it has been saved since the last time that it was so.

        Whoever reads it then may find it half written, and asks again afterwards.
        """
        now = _signature(self._path)
        if now != self._pending:
            self._pending, self._since = now, time.monotonic()
        if now is None or now == self._seen or (now[1] == 0 and not self._is_old(EMPTY)):
            return False
        self._seen = now
        return True

    @property
    def is_gone(self) -> bool:
        """Whether the file has not been there for some time, as last looked at."""
        return self._pending is None and self._is_old(GONE)

    def _is_old(self, seconds: float) -> bool:
        return time.monotonic() - self._since >= seconds


def _signature(path: Path) -> Signature | None:
    """What changes with a save; None while there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
