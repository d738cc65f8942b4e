"""Room to write in: the folder of results, the disk it lies on, and the one on which submissions are run."""

import os
import re
import shutil
import tempfile
import time
from pathlib import Path

from autograder.errors import UserError
from autograder.host import disk_quota

LEAST_FREE, NEXT_TO_NOTHING = 8 << 20, 1 << 20  # bytes of disk below which a run does not begin, or go on
PATIENCE = 10.0  # seconds in which a disk that a submission has filled is free again: its worker is ended sooner
UNFINISHED = re.compile(r"\..+\.\d+\.new", re.DOTALL)  # what `write_beside` leaves of a file when it is killed


def make_folder(folder: Path) -> None:
    """Make a folder for results; UserError where it cannot be made or written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise UserError(f"{folder} is a file; move it away, or name another folder with --output") from None
    except OSError as error:
        raise UserError(f"{folder} cannot be made ({error.strerror}); name another folder with --output") from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UserError(f"{folder} may not be written to; change its permissions, or name another --output")
    if disk_quota.free(folder) < LEAST_FREE:
        raise UserError(f"there is no space left in {folder}; free some, or name another folder with --output")


def require_scratch() -> None:
    """See that one submission cannot fill the disk of the scratch folders: that would cost others their points."""
    needed = disk_quota.MAX_BYTES + disk_quota.LEAST_FREE
    try:
        folder = tempfile.gettempdir()
        free = disk_quota.free(Path(folder))
    except OSError:  # not even a file to try it with
        folder, free = "the folders for temporary files", 0
    if free < needed:
        advice = f"free {needed >> 20} MB, or name another folder in TMPDIR"
        raise UserError(f"there is no space left in {folder}, where submissions are run; {advice}")


def has_room(folder: Path) -> bool:
    """Wait while the disk is full, for a while; whether it is not."""
    deadline = time.monotonic() + PATIENCE
    while disk_quota.is_full() or disk_quota.free(folder) < NEXT_TO_NOTHING:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def remove_unfinished(folder: Path) -> None:
    """Remove what an earlier run was writing when it was killed; the store's lock says that none is at work."""
    for path in folder.iterdir():
        # What this process writes is this run's.
        if not UNFINISHED.fullmatch(path.name) or path.name.endswith(f".{os.getpid()}.new"):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
