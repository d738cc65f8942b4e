"""Writes the generated files from `solutions/`, or compares them. What somebody has worked in is never overwritten."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from autograder.authoring import catalog, regions
from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.files import write_beside

MANIFEST = Path("exercises", ".stubs.json")

# `current`: as generated. `outdated`: an earlier version, untouched. `worked`: neither. `orphan`: its source is gone.
State = Literal["current", "missing", "outdated", "worked", "orphan"]
WRITABLE = ("missing", "outdated")

Manifest = dict[str, str]  # file name -> SHA-256 of what was generated last


@dataclass(frozen=True)
class Generated:
    """A file and its source, as paths in the kit, and what it has to hold; None where nothing is generated any more."""

    path: Path
    source: Path
    content: bytes | None


@dataclass(frozen=True)
class Outcome:
    """In which state a generated file was found, and whether it was then written."""

    file: Generated
    state: State
    written: bool = False

    @property
    def is_current(self) -> bool:
        """Whether the file is as generated now."""
        return self.written or self.state == "current"

    def __str__(self) -> str:
        name, origin = self.file.path.as_posix(), self.file.source.as_posix()
        if self.written:
            return f"{name}: written from {origin}"
        return {
            "current": f"{name}: up to date",
            "missing": f"{name}: missing; run `course build`",
            "outdated": f"{name}: not what {origin} generates; run `course build`",
            "worked": f"{name}: left alone, for somebody has worked in it; move it away and run `course build` again",
            "orphan": f"{name}: its source {origin} is gone; restore that, or delete this file",
        }[self.state]


def build(kit: Path) -> tuple[Outcome, ...]:
    """Write the generated files that are missing or outdated; return what became of each.

    UserError, and nothing is written, where any source is faulty.
    """
    manifest = _read_manifest(kit)
    outcomes = tuple(_written(kit, outcome) for outcome in _compared(kit, manifest))
    record = _manifest_bytes(outcomes, manifest)
    if record != _read(kit / MANIFEST):
        _write(kit / MANIFEST, record)
    return outcomes


def compare(kit: Path) -> tuple[Outcome, ...]:
    """Return the state of each generated file, byte for byte, then of the record where it alone is behind."""
    manifest = _read_manifest(kit)
    outcomes = _compared(kit, manifest)
    if any(outcome.state in WRITABLE for outcome in outcomes):
        return outcomes  # the record is behind with them
    record, found = _manifest_bytes(outcomes, manifest), _read(kit / MANIFEST)
    if found == record:
        return outcomes
    return (
        *outcomes,
        Outcome(Generated(MANIFEST, Path("solutions"), record), "missing" if found is None else "outdated"),
    )


def generated(kit: Path) -> tuple[Generated, ...]:
    """Return all that is generated from the kit's sources; UserError where one is faulty or there are none."""
    if not (kit / "solutions").is_dir():
        raise UserError(f"{kit} has no solutions/, from which to build; run this in the instructors' kit")
    return tuple(_stub(kit, path.stem) for path in sorted((kit / "solutions").glob("[!_]*.py")))


def _stub(kit: Path, name: str) -> Generated:
    origin = Path("solutions", f"{name}.py")
    if name not in catalog.exercise_names():
        # Without its checks nobody can tell which functions must not be given away.
        raise UserError(f"{origin.as_posix()}: no checks; write autograder/checks/{name}.py, or move this file away")
    text = stub_text(catalog.read_exercise(kit, name))
    return Generated(Path("exercises", f"{name}.py"), origin, text.encode())


def stub_text(exercise: Exercise) -> str:
    """Return an exercise's stub; UserError where its source is missing or faulty."""
    origin = Path("solutions", f"{exercise.name}.py")
    text = _read_text(exercise.kit, origin)
    return regions.stub(text, origin.as_posix(), tuple(function for function, _ in exercise.functions))


def _read_text(kit: Path, path: Path) -> str:
    try:
        return (kit / path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UserError(f"{path.as_posix()}: not UTF-8 ({error.reason}); save it as UTF-8") from error
    except OSError as error:
        raise UserError(f"{path.as_posix()}: cannot be read ({error.strerror}); check the file") from error


# Comparing -------------------------------------------------------------------------------------------------------


def _compared(kit: Path, manifest: Manifest) -> tuple[Outcome, ...]:
    files = generated(kit)
    wanted = {file.path.name for file in files}
    orphans = (_orphan(name) for name in manifest if name not in wanted)
    found = [Outcome(file, _state(_read(kit / file.path), file, manifest)) for file in files]
    return (*found, *(Outcome(file, "orphan") for file in orphans if (kit / file.path).exists()))


def _orphan(name: str) -> Generated:
    return Generated(Path("exercises", name), Path("solutions", name), None)


def _state(found: bytes | None, file: Generated, manifest: Manifest) -> State:
    if found is None:
        return "missing"
    if found == file.content:
        return "current"
    # A checkout may have turned the line ends; that is nobody's work.
    plain = found.replace(b"\r\n", b"\n")
    untouched = plain == file.content or _digest(plain) == manifest.get(file.path.name)
    return "outdated" if untouched else "worked"


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror}); move it away and run `course build`") from error


# Writing ---------------------------------------------------------------------------------------------------------


def _written(kit: Path, outcome: Outcome) -> Outcome:
    if outcome.state not in WRITABLE or outcome.file.content is None:
        return outcome
    _write(kit / outcome.file.path, outcome.file.content)
    return Outcome(outcome.file, outcome.state, written=True)


def _write(path: Path, content: bytes) -> None:
    try:
        write_beside(path, content.decode())
    except OSError as error:
        raise UserError(f"{path}: cannot be written ({error.strerror}); check the folder's permissions") from error


def _read_manifest(kit: Path) -> Manifest:
    content = _read(kit / MANIFEST)
    if content is None:
        return {}
    try:
        manifest = json.loads(content)
    except ValueError:
        manifest = None
    if not isinstance(manifest, dict) or not all(isinstance(value, str) for value in manifest.values()):
        raise UserError(f"{kit / MANIFEST}: damaged; restore it, or delete it and run `course build`")
    return manifest


def _manifest_bytes(outcomes: tuple[Outcome, ...], manifest: Manifest) -> bytes:
    """Return the record after a build: new digests of what is as generated, the old ones of the rest."""
    record = {}
    for outcome in outcomes:
        name, content = outcome.file.path.name, outcome.file.content
        if content is not None and outcome.state != "worked":
            record[name] = _digest(content)
        elif name in manifest:
            record[name] = manifest[name]
    return (json.dumps(record, indent=2, sort_keys=True) + "\n").encode()
