"""How much a student's code has put into its scratch folder. No limit of a process bounds the number of its files."""

from __future__ import annotations

import os
from pathlib import Path

MAX_BYTES, MAX_ENTRIES = 256 << 20, 10_000


def is_overfull(folder: Path) -> bool:
    """Whether a folder holds more than a student's code needs, or goes deeper than a path can name."""
    waiting, entries, size = [str(folder)], 0, 0
    while waiting:
        try:
            with os.scandir(waiting.pop()) as inside:
                for entry in inside:
                    entries += 1
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        size += entry.stat(follow_symlinks=False).st_size
                    if entries > MAX_ENTRIES or size > MAX_BYTES:
                        return True
        except (FileNotFoundError, PermissionError):  # gone meanwhile, or closed: nothing can be put there either
            continue
        except OSError:
            return True
    return False
