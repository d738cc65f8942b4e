"""Files: read and written with a line for whom it concerns where that fails, and never left half-written."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.errors import UserError

if TYPE_CHECKING:
    from jinja2 import Environment


def read_bytes(path: Path, advice: str) -> bytes:
    """Return what a file holds; UserError with `advice`, what to do about it, where it cannot be read."""
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise UserError(f"{path} cannot be read ({reason(error)}); {advice}") from error


def read_text(path: Path, advice: str) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark; UserError where it cannot be read."""
    try:
        return read_bytes(path, advice).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not UTF-8 ({error.reason}); save it as UTF-8") from error


def write(path: Path, content: str | bytes, advice: str) -> None:
    """Write a file as `write_beside` does; UserError with `advice`, what to do about it, where that fails."""
    try:
        write_beside(path, content)
    except OSError as error:
        raise UserError(f"{path} cannot be written ({reason(error)}); {advice}") from error


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


def templates(folder: Path, **syntax: Any) -> Environment:
    """Return the templates in a folder, of files that are no markup; what is put into them needs no escaping."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # not for who only grades

    return Environment(  # noqa: S701 - Markdown, TOML, YAML, Python and shell, made of the kit's own words
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        **syntax,
    )


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def reason(error: Exception) -> str:
    """Return in a few words why a file could not be read or written."""
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
