"""Writing a file so that nobody ever finds half of it."""

from __future__ import annotations

import os
from pathlib import Path


def write_beside(path: Path, content: str | bytes) -> None:
    """Write bytes, or text as UTF-8, beside `path` and rename; a pipe or device is written to as it is. OSError."""
    data = content.encode() if isinstance(content, str) else content
    target = path.resolve()  # a link stays a link
    if target.exists() and not target.is_file():
        target.write_bytes(data)
        return
    kept = os.fsencode(target.name)[:200].decode(errors="ignore")  # a name may have 255 bytes
    beside = target.with_name(f".{kept}.{os.getpid()}.new")
    try:
        beside.write_bytes(data)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)
