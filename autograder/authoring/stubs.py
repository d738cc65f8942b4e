"""Writes the generated files from `solutions/`, or compares them. What somebody has worked in is never overwritten."""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from autograder import files
from autograder.authoring import catalog, regions
from autograder.errors import UserError
from autograder.exercise import Exercise

MANIFEST = Path("exercises", ".stubs.json")
# A picture that a text shows; the text stands in exercises/, and exercises/pictures/ belongs to the sources.
PICTURE = re.compile(r"!\[[^]]*\]\((pictures/[\w-]+\.png)\)")
ADVICE = "check the folder's permissions"

# `current`: as generated. `outdated`: an earlier version, untouched. `worked`: neither. `orphan`: its source is gone.
State = Literal["current", "missing", "outdated", "worked", "orphan"]
WRITABLE = ("missing", "outdated")
REPORTED = {
    "current": "up to date",
    "missing": "missing; run `course build`",
    "outdated": "not what {source} generates; run `course build`",
    "worked": "left alone, for somebody has worked in it; move it away and run `course build` again",
    "orphan": "its source {source} is gone; restore that, or delete this file",
}

Manifest = dict[str, str]  # file name -> SHA-256 of what was generated last


@dataclass(frozen=True)
class StubStatus:
    """A generated file and its source, as paths in the kit, and in which state it was found, or that it was written.

    `content` is what the file has to hold, None for an orphan.
    """

    path: Path
    source: Path
    content: bytes | None
    state: State
    written: bool = False

    @property
    def is_current(self) -> bool:
        return self.written or self.state == "current"

    def __str__(self) -> str:
        source = self.source.as_posix()
        said = f"written from {source}" if self.written else REPORTED[self.state].format(source=source)
        return f"{self.path.as_posix()}: {said}"


def build(kit: Path) -> tuple[StubStatus, ...]:
    """Write the generated files that are missing or outdated; return what became of each.

    UserError, and nothing is written, where any source is faulty.
    """
    manifest = _read_manifest(kit)
    statuses = tuple(_written(kit, status) for status in _compared(kit, manifest))
    record = _manifest_bytes(statuses, manifest)
    if record != _read(kit / MANIFEST):
        files.write(kit / MANIFEST, record, ADVICE)
    return statuses


def compare(kit: Path) -> tuple[StubStatus, ...]:
    """Return the state of each generated file, byte for byte, then of the record where it alone is behind."""
    manifest = _read_manifest(kit)
    statuses = _compared(kit, manifest)
    record, found = _manifest_bytes(statuses, manifest), _read(kit / MANIFEST)
    if found == record or any(status.state in WRITABLE for status in statuses):  # the record is behind with them
        return statuses
    return (*statuses, StubStatus(MANIFEST, Path("solutions"), record, "missing" if found is None else "outdated"))


def stub_text(exercise: Exercise) -> str:
    """Return an exercise's stub; UserError where its source is missing or faulty."""
    source = Path("solutions", f"{exercise.name}.py")
    text = files.read_text(exercise.kit / source, "check the file")
    return regions.stub(text, source.as_posix(), tuple(dict(exercise.functions)))


def pictures(exercise: Exercise) -> dict[str, bytes]:
    """Return the pictures that an exercise's text shows, by their path from exercises/; UserError if one is missing."""
    folder = exercise.stub.parent
    places = PICTURE.findall(stub_text(exercise))
    return {place: files.read_bytes(folder / place, "run docs/pictures/make_drawings.py") for place in places}


def _compared(kit: Path, manifest: Manifest) -> tuple[StubStatus, ...]:
    """Return the state of each file that is generated now, then of those that were once and are still there."""
    if not (kit / "solutions").is_dir():
        raise UserError(f"{kit} has no solutions/, from which to build; run this in the instructors' kit")
    found = [_compared_stub(kit, path.name, manifest) for path in sorted((kit / "solutions").glob("[!_]*.py"))]
    left = [name for name in manifest if name not in {status.path.name for status in found}]
    orphans = [StubStatus(Path("exercises", name), Path("solutions", name), None, "orphan") for name in left]
    return (*found, *(orphan for orphan in orphans if (kit / orphan.path).exists()))


def _compared_stub(kit: Path, name: str, manifest: Manifest) -> StubStatus:
    path, source = Path("exercises", name), Path("solutions", name)
    if source.stem not in catalog.exercise_names():
        # Without its checks nobody can tell which functions must not be given away.
        raise UserError(f"{source.as_posix()}: no checks; write autograder/checks/{name}, or move this file away")
    content = stub_text(catalog.read_exercise(kit, source.stem)).encode()
    return StubStatus(path, source, content, _state(_read(kit / path), content, manifest.get(name)))


def _state(found: bytes | None, content: bytes, recorded: str | None) -> State:
    if found is None:
        return "missing"
    if found == content:
        return "current"
    plain = found.replace(b"\r\n", b"\n")  # a checkout may have turned the line ends; that is nobody's work
    return "outdated" if plain == content or files.sha256(plain) == recorded else "worked"


def _read(path: Path) -> bytes | None:
    return files.read_bytes(path, "move it away and run `course build`") if path.exists() else None


def _written(kit: Path, status: StubStatus) -> StubStatus:
    if status.state not in WRITABLE or status.content is None:
        return status
    files.write(kit / status.path, status.content, ADVICE)
    return replace(status, written=True)


def _read_manifest(kit: Path) -> Manifest:
    try:
        manifest = json.loads(_read(kit / MANIFEST) or b"{}")
    except ValueError:
        manifest = None
    if not isinstance(manifest, dict) or not all(isinstance(value, str) for value in manifest.values()):
        raise UserError(f"{kit / MANIFEST}: damaged; restore it, or delete it and run `course build`")
    return manifest


def _manifest_bytes(statuses: tuple[StubStatus, ...], manifest: Manifest) -> bytes:
    """Return the record after a build: new digests of what is as generated, the old ones of the rest."""
    record = {}
    for status in statuses:
        name = status.path.name
        if status.content is not None and status.state != "worked":
            record[name] = files.sha256(status.content)
        elif name in manifest:
            record[name] = manifest[name]
    return (json.dumps(record, indent=2, sort_keys=True) + "\n").encode()
