"""Removing a scratch folder, whatever a student's code has made of it."""

from __future__ import annotations

import contextlib
import itertools
import os
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
        _open_up(folder)
        for _ in range(MAX_LEVELS):
            if not _without_a_level(folder, names):
                break
        folder.rmdir()


def _without_a_level(folder: Path, names: Iterator[Path]) -> bool:
    """Remove a folder's files and the uppermost level of its folders; False if it was empty."""
    entries = list(os.scandir(folder))
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            _open_up(entry.path)
            for inner in list(os.scandir(entry.path)):
                if inner.is_dir(follow_symlinks=False):
                    _open_up(inner.path)  # a folder that may not be written cannot be moved either
                    os.rename(inner.path, next(names))  # noqa: PTH104 - paths of scandir are text
                else:
                    os.unlink(inner.path)  # noqa: PTH108
            os.rmdir(entry.path)  # noqa: PTH106
        else:
            os.unlink(entry.path)  # noqa: PTH108
    return bool(entries)


def _open_up(folder: str | Path) -> None:
    """Give ourselves the rights to empty a folder that is no link."""
    os.chmod(folder, 0o700)  # noqa: PTH101
