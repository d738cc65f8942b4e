"""The student kit: what students get, and nothing else. Written whole or not at all, the same bytes every time."""

import json
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from autograder import __version__
from autograder.errors import GraderError, UserError
from autograder.files import reason, sha256
from autograder.publish.release.contents import Files, compose
from autograder.publish.release.leaks import find_leaks, released

LANGUAGES = ("en",)
MARKER = ".release.json"  # in a student kit as it was written: the SHA-256 of each file
SCHEMA = "backprop-exercises/release/v1"
CACHES = ("__pycache__", ".pytest_cache", ".ipynb_checkpoints")  # and *.egg-info: whoever tries the kit leaves them


def release(kit: Path, output: Path, language: str = "en", address: str = "") -> Files:
    """Write the student kit to a folder and return its files by their path in it.

    `address`: the repository that students clone it from, if they do.

    The folder may be absent, empty, or an earlier release that nobody has worked in, which is replaced. UserError, and
    nothing is written, for any other folder, and where something would be given away that must not.
    """
    if language not in LANGUAGES:
        raise UserError(f"there is no translation into {language!r}; there is: {', '.join(LANGUAGES)}")
    target = output.resolve()  # a link stays a link
    _require_replaceable(target, output)
    files = released(kit, address)
    try:
        _put(files, target)
    except OSError as error:
        raise UserError(f"{output} cannot be written ({reason(error)}); choose another folder") from error
    return files


def faults(kit: Path) -> list[str]:
    """Return what hinders a release, a sentence each."""
    try:
        return find_leaks(compose(kit), kit)
    except (UserError, GraderError) as error:
        return [str(error)]


def _require_replaceable(target: Path, output: Path) -> None:
    if not target.parent.is_dir():
        raise UserError(f"there is no folder {output.parent}; make it, or release elsewhere")
    if not target.exists():
        return
    if not target.is_dir():
        raise UserError(f"{output} is a file; name a folder")
    written = _marked(target)
    for path in _files(target):
        name = path.relative_to(target).as_posix()
        if written is None:
            raise UserError(f"{output} is not empty and no release; choose another folder")
        if name != MARKER and (path.is_symlink() or written.get(name) != sha256(path.read_bytes())):
            what = "has been changed since it was released" if name in written else "is not of a release"
            raise UserError(f"{output / name} {what}; move it away, or choose another folder")


def _marked(folder: Path) -> dict[str, str] | None:
    """Return the digests of an earlier release, None where a folder is none."""
    try:
        marker = json.loads((folder / MARKER).read_bytes())
    except (OSError, ValueError):
        return None
    is_ours = isinstance(marker, dict) and marker.get("schema") == SCHEMA and isinstance(marker.get("files"), dict)
    return marker["files"] if is_ours else None


def _files(folder: Path) -> Iterator[Path]:
    """Yield all in a folder that is no folder or a link to one, without what Python leaves behind."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in CACHES and not name.endswith(".egg-info"))
        links = [name for name in folders if Path(place, name).is_symlink()]
        yield from (Path(place, name) for name in sorted([*names, *links]))


def _put(files: Files, target: Path) -> None:
    """Write the files beside the target, then put them in its place in one step."""
    with TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as beside:
        new = Path(beside, "new")
        for path, data in (*files.items(), (PurePosixPath(MARKER), _marker(files))):
            (new / path).parent.mkdir(parents=True, exist_ok=True)
            (new / path).write_bytes(data)
        old = Path(beside, "old")
        if target.exists():
            target.rename(old)
        try:
            new.rename(target)
        except BaseException:
            if old.exists():
                old.rename(target)
            raise


def _marker(files: Files) -> bytes:
    digests = {path.as_posix(): sha256(data) for path, data in files.items()}
    return (json.dumps({"schema": SCHEMA, "version": __version__, "files": digests}, indent=2) + "\n").encode()
