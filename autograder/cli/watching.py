"""Waits for a file to be saved. It is looked at, which works on every kind of disk and needs no library."""

import time
from pathlib import Path

LOOK = 0.1  # seconds between two looks
SETTLED = 0.2  # seconds without a change after which a save is over
EMPTY = 2.0  # the same for an empty file, as an editor leaves it between emptying and writing it

Signature = tuple[int, int, int]


class Saves:
    """The saves of a file from now on."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = _signature(path)

    def wait(self) -> None:
        """Return once the file has been saved since the last time, and nobody is writing it any more."""
        pending, since = self._seen, time.monotonic()
        while True:
            time.sleep(LOOK)
            now = _signature(self._path)
            if now != pending:
                pending, since = now, time.monotonic()
            elif pending not in (None, self._seen) and time.monotonic() - since >= _patience(pending):
                self._seen = pending
                return


def _patience(signature: Signature | None) -> float:
    return SETTLED if signature and signature[1] else EMPTY


def _signature(path: Path) -> Signature | None:
    """What changes with a save; None while there is no file, as between removing the old one and renaming the new."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
