"""Landlock: what a worker may read and write, by folder. Works without root and cannot be undone.

The kernel's interface is in include/uapi/linux/landlock.h; its system calls have these numbers on every architecture.
"""

import contextlib
import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION_FLAG = 1
PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
TRUNCATE = 1 << 14
# Rights over files that each version of the interface knows; what a version knows and no rule allows is denied.
KNOWN_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1, 5: (1 << 16) - 1}
TCP_SINCE, TCP = 4, 0b11  # bind and connect
SCOPE_SINCE, SCOPES = 6, 0b11  # abstract sockets, and signals to processes outside
FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE  # those that make sense for a single file

READ = READ_FILE | READ_DIR | EXECUTE  # a shared library is mapped for execution
EVERYTHING = (1 << 16) - 1

_libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """Return the kernel's version of the interface, 0 where it has none."""
    if sys.platform != "linux":
        return 0  # where the same number is another call
    return max(0, int(_libc.syscall(CREATE_RULESET, None, 0, VERSION_FLAG)))


@dataclass(frozen=True)
class Place:
    """A file or folder that is held open for rules: its descriptor, and which it is, for asking takes long."""

    descriptor: int
    is_folder: bool


def open_places(paths: Iterable[Path]) -> list[Place]:
    """Open places for rules, which a later `restrict` can use without looking them up; what is missing is left out."""
    places = []
    for path in paths:
        with contextlib.suppress(OSError):
            places.append(Place(os.open(path, os.O_PATH | os.O_CLOEXEC), path.is_dir()))
    return places


def restrict(readable: Iterable[Place], writable: Iterable[Place]) -> None:
    """Deny this process every file but those beneath opened places; OSError where the kernel refuses.

    Also denied, where the kernel knows how: TCP, signals to processes outside, and abstract sockets.
    """
    known = version()
    files = KNOWN_FILE_RIGHTS[min(known, max(KNOWN_FILE_RIGHTS))]
    attributes = struct.pack("=QQQ", files, TCP if known >= TCP_SINCE else 0, SCOPES if known >= SCOPE_SINCE else 0)
    ruleset = _call(CREATE_RULESET, attributes, 8 if known < TCP_SINCE else 16 if known < SCOPE_SINCE else 24, 0)
    for places, rights in ((readable, READ & files), (writable, EVERYTHING & files)):
        for place in places:
            allowed = rights if place.is_folder else rights & FILE_RIGHTS
            _call(ADD_RULE, ruleset, PATH_BENEATH, struct.pack("=Qi", allowed, place.descriptor), 0)
    _call(RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _call(number: int, *arguments: int | bytes) -> int:
    result = int(_libc.syscall(number, *arguments))
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"Landlock: {os.strerror(error)}")
    return result
