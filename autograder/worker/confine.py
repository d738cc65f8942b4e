"""What a worker gives up before it runs a student's file: all but its pipe, its scratch folder and bounded means.

The order matters: descriptors first, so that nothing inherited is in reach; then limits and rights, while the calls
that set them still work; Landlock before seccomp, which forbids it.
"""

import contextlib
import ctypes
import fcntl
import importlib.util
import os
import resource
import socket
import struct
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from autograder.worker import landlock, seccomp
from autograder.worker.by_hand import as_it_is

RPC, OUTPUT = 3, 1
FIRST_FREE = 4
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 36, 38
SIGKILL = 9
CAPABILITY_VERSION = 0x20080522

# What of site-packages no worker may read: this package, wherever it is installed, and what tells where that is.
OURS = ("autograder", "backprop_exercises", "__editable__")
OUR_PLACE = Path(__file__).resolve().parents[1]
MAX_PACKAGES = 600  # descriptors that are held open for them
SYSTEM_PLACES = (
    "/usr/share/zoneinfo", "/usr/share/fonts", "/etc/localtime", "/dev/zero", "/dev/urandom", "/dev/random",
)  # fmt: skip

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Confinement:
    """How a worker is to live: its scratch folder, the data sets it may read, its limits, whether it is confined.

    `limits` are bytes and counts: file_size, open_files, processor_seconds, and memory, on top of `address_space`, the
    bytes that the fork server has mapped.
    """

    scratch: Path
    datasets: Path
    limits: dict[str, int]
    confined: bool
    address_space: int


def prepare() -> list[landlock.Place]:
    """Do once what every worker would pay for; the places that all may read, opened."""
    for name in set(os.environ) - {"MPLCONFIGDIR"}:  # matplotlib may be imported here, and looks there for its fonts
        del os.environ[name]
    os.environ.update(MPLBACKEND="Agg", USER="student", PATH="/usr/bin:/bin")
    seccomp.prepare()
    paths = {*_library_places(), *(Path(place) for place in SYSTEM_PLACES)}
    # Every worker pays for every rule, so what lies in a folder that all may read gets none of its own; a link lies
    # where it points to.
    needed = (path for path in paths if path.is_symlink() or paths.isdisjoint(path.parents))
    return landlock.open_places(sorted(needed))


def confine(rpc: int, output: int, confinement: Confinement, places: list[landlock.Place]) -> None:
    """Turn a freshly forked child into a worker: `rpc` becomes descriptor 3, `output` 1 and 2; OSError if it fails."""
    _die_with_parent()
    _offer_to_oom_killer()
    os.setsid()  # a process group of its own, so that it can be killed with all it starts
    home = tempfile.tempdir = str(confinement.scratch)  # found and kept by whoever asked first, in the fork server
    os.environ.update(HOME=home, TMPDIR=home, MPLCONFIGDIR=home)
    if confinement.confined:
        _give_up_rights()
        writable = [confinement.scratch, Path(os.devnull)]
        landlock.restrict([*places, *landlock.open_places([confinement.datasets])], landlock.open_places(writable))
    _descriptors(rpc, output)
    os.chdir(confinement.scratch / "exercises")
    _limit(confinement.limits, confinement.address_space)
    if confinement.confined:
        # Whatever is asked for, a worker has one thread: more are refused, and libgomp answers that by aborting.
        setters = dict.fromkeys(("set_num_threads", "set_num_interop_threads"), lambda _number: None)
        vars(torch).update(setters, compile=as_it_is)
        seccomp.restrict()


def adopt_orphans() -> None:
    """From now on be the parent of what a worker that ends leaves behind, so that it can be found and ended (Linux)."""
    if sys.platform == "linux":
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def leaks(secret: Path, outside: Path, grader: int) -> list[str]:
    """Try, from inside a confined worker, what must not work; the names of what did."""
    attempts = {
        "read the checks": lambda: secret.read_bytes(),
        "read a process's memory map": lambda: Path(f"/proc/{grader}/maps").read_bytes(),
        "write outside": lambda: (outside / "leak").write_bytes(b""),
        "open a socket": lambda: socket.socket().close(),
        "start a process": _fork,
        "signal the grader": lambda: os.kill(grader, 0),
    }
    return [name for name, attempt in attempts.items() if _succeeds(attempt)]


def _succeeds(attempt: Any) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def _library_places() -> Iterator[Path]:
    """Yield the standard library without its site-packages, and the entries of site-packages but for ours.

    Never site-packages itself, nor a folder above it: Landlock cannot take back what lies beneath an allowed folder.
    """
    for standard in {Path(sysconfig.get_path("stdlib")), Path(sysconfig.get_path("platstdlib"))}:
        for child in standard.iterdir():
            if child.name not in ("site-packages", "dist-packages"):
                yield child
    # Where torch and numpy were imported from, and IPython would be; they may differ.
    ipython = importlib.util.find_spec("IPython")
    files = (torch.__file__, np.__file__, ipython.origin if ipython else None)
    for root in {Path(file).resolve().parents[1] for file in files if file}:
        entries = [entry for entry in root.iterdir() if not entry.name.startswith(OURS)]
        # First what is loaded already, then other packages, then what is only said about them.
        entries.sort(key=lambda entry: (entry.name not in sys.modules, entry.suffix == ".dist-info", entry.name))
        yield from entries[:MAX_PACKAGES]
    yield from _mapped_libraries()


def _mapped_libraries() -> Iterator[Path]:
    """Yield the shared libraries that are mapped now, and the folders of the system's, where more of them lie."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines():
            path = Path(line.split(maxsplit=5)[-1])
            if path.is_absolute() and ".so" in path.name:
                yield path
                is_systems = str(path).startswith(("/lib", "/usr/lib")) and "-packages" not in str(path)
                if is_systems and not OUR_PLACE.is_relative_to(path.parent):  # as it is where Python lies in /usr/lib
                    yield path.parent


def _descriptors(rpc: int, output: int) -> None:
    # Out of the way first: a source below 4 would be overwritten before it is used.
    null = os.open(os.devnull, os.O_RDONLY)
    null, rpc, output = (fcntl.fcntl(descriptor, fcntl.F_DUPFD, FIRST_FREE) for descriptor in (null, rpc, output))
    for source, target in ((null, 0), (output, OUTPUT), (output, 2), (rpc, RPC)):
        os.dup2(source, target)
    os.closerange(FIRST_FREE, 4096)


def _die_with_parent() -> None:
    """Ask the kernel to kill this process when the fork server goes, however it goes."""
    if sys.platform == "linux":
        parent = os.getppid()
        _libc.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)
        if parent == 1 or os.getppid() != parent:
            os._exit(1)


def _offer_to_oom_killer() -> None:
    """If the machine runs out of memory, this process is the one to lose."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "wb", buffering=0) as score:  # noqa: PTH123
        score.write(b"1000")


def _give_up_rights() -> None:
    """No new privileges, no capabilities (those of root included).

    It may be looked into from outside, as the grader does for the files that it holds: Landlock and seccomp keep every
    other worker from that.
    """
    header, nothing = struct.pack("Ii", CAPABILITY_VERSION, 0), struct.pack("6I", *[0] * 6)
    _libc.capset(header, nothing)
    if _libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs")


def _limit(limits: dict[str, int], address_space: int) -> None:
    wanted = {
        "RLIMIT_CORE": 1,  # none; 0 would still start the system's collector of crashes, which fills its disk
        "RLIMIT_FSIZE": limits["file_size"],
        "RLIMIT_NOFILE": limits["open_files"],
        "RLIMIT_CPU": limits["processor_seconds"],
        "RLIMIT_AS": address_space + limits["memory"],
    }
    for name, value in wanted.items():
        # A hard limit below ours stays as it is, and a system without one of these has the others.
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (value, value))


def address_space() -> int:
    """Return the bytes of address space mapped now: a worker's limit counts what torch has mapped already."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 8 << 30
    return pages * os.sysconf("SC_PAGE_SIZE")
