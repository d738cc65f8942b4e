"""Removing a scratch folder, whatever a student's code has made of it."""

import contextlib
import itertools
import uuid
from collections.abc import Iterator
from pathlib import Path

MAX_LEVELS = 100_000  # a process that still writes here must not keep us for ever


def remove(folder: Path) -> None:
    """Remove a folder of ours and all in it; nothing outside it is changed. What cannot be removed stays.

    Nothing walks down into it: its folders may lie deeper than a path can name and a recursion can go. What lies in
    each of its folders is moved up instead, until there is none left.
    """
    if folder.is_symlink():  # put in its place: neither it nor what it points to is ours to change
        folder.unlink(missing_ok=True)
        return
    # Names that whatever lies there cannot have.
    names = (folder / f"{uuid.uuid4().hex}-{number}" for number in itertools.count())
    with contextlib.suppress(OSError):
        folder.chmod(0o700)  # the right to empty it
        for _ in range(MAX_LEVELS):
            if not _without_a_level(folder, names):
                break
        folder.rmdir()


def _without_a_level(folder: Path, names: Iterator[Path]) -> bool:
    """Remove a folder's files and the uppermost level of its folders; False if it was empty."""
    entries = list(folder.iterdir())
    for entry in entries:
        if entry.is_symlink() or not entry.is_dir():
            entry.unlink()
            continue
        entry.chmod(0o700)
        for inner in list(entry.iterdir()):
            if inner.is_symlink() or not inner.is_dir():
                inner.unlink()
            else:
                inner.chmod(0o700)  # a folder that may not be written cannot be moved either
                inner.rename(next(names))
        entry.rmdir()
    return bool(entries)
