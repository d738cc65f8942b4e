"""How much of the disk a student's code holds. No limit of a process bounds the number of its files.

Files without a name count too: what is removed stays on the disk for as long as it is open or mapped.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

MAX_BYTES, MAX_ENTRIES = 128 << 20, 10_000
LEAST_FREE = 16 << 20  # bytes of disk below which something may have failed for want of them
MAPPING = re.compile(
    r"^\S+ \S+ \S+ \S+ (\d+) +(.*) \(deleted\)$", re.MULTILINE
)  # a removed file's line in /proc/PID/maps
BLOCK = 512  # bytes, in which stat counts them
ENTRY = MAX_BYTES // MAX_ENTRIES  # bytes that one of the entries counts for, of which a disk may run out first


def is_full() -> bool:
    """Whether the disk of the scratch folders has no space left, so that what fails now is no verdict on anybody."""
    return free(Path(tempfile.gettempdir())) < LEAST_FREE


def free(folder: Path) -> int:
    """Return how many bytes are free where a folder lies, and files, as bytes; none where there is no such folder."""
    try:
        if not hasattr(os, "statvfs"):  # Windows
            return shutil.disk_usage(folder).free
        found = os.statvfs(folder)
    except OSError:
        return 0
    free = found.f_bavail * found.f_frsize
    return min(free, found.f_favail * ENTRY) if found.f_files else free  # some file systems count no files


def is_overfull(folder: Path, process: int | None, largest: int) -> bool:
    """Whether a process holds more in its folder than a student's code needs, or goes deeper than a path can name.

    `largest` is the size that a file of its can have.
    """
    with _held(process):
        return _is_overfull(folder, process, largest)


def _is_overfull(folder: Path, process: int | None, largest: int) -> bool:
    size = 0
    try:
        for entries, found in enumerate(_named(folder), 1):
            size += found
            if entries > MAX_ENTRIES or size > MAX_BYTES:
                return True
    except OSError:  # a folder that may be written to and not be read, among others
        return True
    return process is not None and size + sum(_nameless(folder, process, largest).values()) > MAX_BYTES


@contextlib.contextmanager
def _held(process: int | None) -> Iterator[None]:
    """Let a process rest: files that are renamed, or handed from one descriptor to another, are else seen by nobody."""
    if process is None or process == os.getpid() or _state(process) in ("", "T"):  # it may have stopped itself
        yield
        return
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def _state(process: int) -> str:
    """Return the letter of what a process does; none where there is no such thing."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2][1]
    return ""


def _named(folder: Path) -> Iterator[int]:
    """Yield the bytes of each entry of a folder and the folders in it."""
    waiting = [str(folder)]
    while waiting:
        with contextlib.suppress(FileNotFoundError), os.scandir(waiting.pop()) as inside:  # gone meanwhile
            for entry in inside:
                is_folder = entry.is_dir(follow_symlinks=False)
                if is_folder:
                    waiting.append(entry.path)
                yield 0 if is_folder else _size(entry.stat(follow_symlinks=False))


def _nameless(folder: Path, process: int, largest: int) -> dict[int, int]:
    """Return the bytes of each removed file that a process holds, by its number; `largest` where only a mapping does.

    What cannot be looked at is nothing: the process has ended, or there is no /proc.
    """
    held: dict[int, int] = {}
    with contextlib.suppress(OSError):
        maps = Path(f"/proc/{process}/maps").read_text(encoding="utf-8", errors="replace")
        for match in MAPPING.finditer(maps) if " (deleted)\n" in maps else ():
            if match[2].startswith(f"{folder}/"):
                held[int(match[1])] = largest
        for entry in os.scandir(f"/proc/{process}/fd"):
            with contextlib.suppress(FileNotFoundError):  # closed meanwhile
                found = entry.stat()
                if stat.S_ISREG(found.st_mode) and not found.st_nlink:
                    held[found.st_ino] = _size(found)
    return held


def _size(found: os.stat_result) -> int:
    """Return a file's bytes, or those that are set aside for it where they are more."""
    return max(found.st_size, getattr(found, "st_blocks", 0) * BLOCK)
