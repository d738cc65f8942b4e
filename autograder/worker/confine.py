"""What a worker gives up before it runs a student's file: its descriptors, its environment, and all but bounded means.

The order matters: descriptors first, so that nothing inherited is in reach; limits last, so that they bind the
student's code and not the set-up.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import sys
from pathlib import Path

RPC, OUTPUT = 3, 1
PR_SET_PDEATHSIG = 1
SIGKILL = 9


def confine(rpc: int, output: int, scratch: Path, limits: dict[str, int]) -> None:
    """Turn a freshly forked child into a worker: `rpc` becomes descriptor 3, `output` 1 and 2, all others are closed.

    `limits` are bytes and counts: memory (on top of what is held now), file_size, open_files, processor_seconds.
    """
    _descriptors(rpc, output)
    os.setsid()  # a process group of its own, so that it can be killed with all it starts
    _die_with_parent()
    os.chdir(scratch / "exercises")
    _environment(scratch)
    _limit(limits)


def _descriptors(rpc: int, output: int) -> None:
    # Out of the way first: a source below 4 would be overwritten before it is used.
    high = [os.dup2(descriptor, 100 + index) for index, descriptor in enumerate((rpc, output))]
    null = os.dup2(os.open(os.devnull, os.O_RDONLY), 102)
    for source, target in ((null, 0), (high[1], OUTPUT), (high[1], 2), (high[0], RPC)):
        os.dup2(source, target)
    os.closerange(RPC + 1, 4096)


def _die_with_parent() -> None:
    """Ask the kernel to kill this process when the template goes, however it goes."""
    if sys.platform == "linux":
        parent = os.getppid()
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)
        if parent == 1 or os.getppid() != parent:
            os._exit(1)


def _environment(scratch: Path) -> None:
    os.environ.clear()
    home = str(scratch)
    os.environ.update(HOME=home, TMPDIR=home, MPLCONFIGDIR=home, MPLBACKEND="Agg", USER="student", PATH="/usr/bin:/bin")


def _limit(limits: dict[str, int]) -> None:
    wanted = {
        "RLIMIT_CORE": 0,
        "RLIMIT_FSIZE": limits["file_size"],
        "RLIMIT_NOFILE": limits["open_files"],
        "RLIMIT_CPU": limits["processor_seconds"],
        "RLIMIT_AS": _address_space() + limits["memory"],
    }
    for name, value in wanted.items():
        # A hard limit below ours stays as it is, and a system without one of these has the others.
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (value, value))


def _address_space() -> int:
    """Bytes of address space held now: the limit counts what torch has mapped already."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 8 << 30
    return pages * os.sysconf("SC_PAGE_SIZE")
