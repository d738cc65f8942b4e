"""Opens zips: a student's, of which only scripts and notebooks are taken, or a whole class's.

A zip is hostile until it is read: names that lead out of it, links, devices, the same name twice, passwords, and what
grows without end (`zip bombs`) make it refused as a whole. Zips in a student's zip stay closed.
"""

import io
import os
import shutil
import stat
import time
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.classroom.downloads import Naming
from autograder.classroom.names import fault, is_litter, printable
from autograder.errors import UserError
from autograder.files import reason
from autograder.submissions.submission import SUFFIXES
from autograder.submissions.upload import is_tooling

ARCHIVES = (".zip", ".zipx", ".tar", ".gz", ".tgz", ".bz2", ".tbz", ".xz", ".txz", ".zst", ".7z", ".rar")
LISTING = 16 << 20  # bytes that list a zip's content, some 150,000 names: all are in memory at once
RATIO, RATIO_FROM = 200, 1 << 20  # a file of more bytes than that does not shrink to less than a 200th
SPARE = 64 << 20  # bytes of disk that others need
ADVICE = "have it handed in as it is, unpacked"


@dataclass(frozen=True)
class Bounds:
    """What is taken from a zip: files with these endings, so many, of so many bytes in all."""

    endings: tuple[str, ...]
    files: int
    total: int


STUDENTS = Bounds(SUFFIXES, 1_000, 32 << 20)
CLASSES = Bounds(("",), 200_000, 4 << 30)


class _Bounded(io.FileIO):
    """A file of which no more than LISTING bytes are read at a time; the list of contents is read in one piece."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > LISTING:
            raise zipfile.BadZipFile("it lists too many files")
        return super().read(size) or b""


def unpack(archive: Path, into: Path, bounds: Bounds) -> None:
    """Unpack a zip into a new folder; UserError, to be read after the zip's name, where it is refused.

    A file from a student's zip is as old as the zip, since times within it are the student's to write.
    """
    try:
        came = archive.stat().st_mtime
        into.mkdir(parents=True)
        with _Bounded(archive) as file, zipfile.ZipFile(file) as opened:
            wanted = list(_wanted(opened.infolist(), bounds))
            if not wanted and (inner := [name for name in opened.namelist() if name.lower().endswith(ARCHIVES)]):
                raise UserError(f"holds another archive ({printable(inner[0])}); {ADVICE}")
            if shutil.disk_usage(into).free < SPARE + sum(entry.file_size for _, entry in wanted):
                raise UserError("cannot be unpacked, as there is no space left; free some, and run again")
            for name, entry in wanted:
                target = into / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(entry) as source, target.open("xb") as copy:
                    shutil.copyfileobj(source, copy)
                when = came if bounds is STUDENTS else _time(entry, came)
                os.utime(target, (when, when))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
        raise UserError(f"cannot be unpacked ({reason(error)}); {ADVICE}") from None


def open_class(submissions: Path, into: Path) -> Path:
    """Return the folder of submissions; that in a zip of a whole class, below a folder that holds all, unpacked."""
    if submissions.suffix.lower() not in ARCHIVES or not submissions.is_file():
        return submissions
    if submissions.suffix.lower() != ".zip":
        raise UserError(f"{submissions} is no zip; unpack it, and name the folder")
    try:
        unpack(submissions, into, CLASSES)
    except UserError as error:
        raise UserError(f"{submissions} {error}") from None
    inside = [path for path in into.iterdir() if not is_litter(path.name)]
    if len(inside) == 1 and inside[0].is_dir():
        below = [path for path in inside[0].iterdir() if not is_litter(path.name)]
        is_students = any(path.stem.startswith("exercise") for path in below) or Naming().is_download(inside[0].name)
        return inside[0] if len(below) > 1 and not is_students else into
    return into


def _wanted(entries: list[zipfile.ZipInfo], bounds: Bounds) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """Yield what is to be unpacked, by its path; UserError where the zip is not to be trusted."""
    seen: set[str] = set()
    total = 0
    for entry in entries:
        name = entry.filename.replace("\\", "/")  # some programs on Windows write paths so
        parts = name.split("/")
        if name.startswith("/") or ".." in parts or ":" in parts[0]:
            raise UserError(f"holds a path that leads out of it ({printable(name)}); {ADVICE}")
        skipped = bounds is STUDENTS and any(map(is_tooling, parts))
        if skipped or name.endswith("/") or not name.lower().endswith(bounds.endings):
            continue
        total += entry.file_size
        if wrong := _wrong(entry, parts) or ("comes twice" if _key(name) in seen else ""):
            raise UserError(f"holds {printable(name)}, which {wrong}; {ADVICE}")
        seen.add(_key(name))
        if len(seen) > bounds.files or total > bounds.total:
            raise UserError(f"holds more than {bounds.files} files or {bounds.total >> 20} MB; {ADVICE}")
        yield name, entry


def _wrong(entry: zipfile.ZipInfo, parts: list[str]) -> str:
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        return "is a link or a device"
    if entry.flag_bits & 1:
        return "is locked with a password"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # others may take memory as they like
        return "is packed in an unusual way"
    if entry.file_size > max(RATIO_FROM, RATIO * entry.compress_size):
        return f"grows to {entry.file_size >> 20} MB from next to nothing"
    return next((wrong.split(";")[0] for part in parts if not part.startswith(".") and (wrong := fault(part))), "")


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).lower()  # some systems take such names for one


def _time(entry: zipfile.ZipInfo, otherwise: float) -> float:
    try:
        return time.mktime((*entry.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return otherwise
