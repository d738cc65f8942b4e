"""Grades submissions by two kits and says where their reports differ: what a change to the grader has changed.

    python tests/support/compare_kits.py OLD NEW [--submissions FOLDER] [--keep FOLDER]

OLD and NEW are kit folders with a `.venv` each, or `FOLDER=PYTHON`. FOLDER holds `<exercise>/<student>.py` or `.ipynb`;
by default the submissions are this kit's own corpus. Both kits grade with the same seed and secret. What a report says
of versions, digests, times and paths does not count. Exits with 1 where anything else differs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from places import CORPUS

VOLATILE = {"seconds", "version", "checks_sha256", "path", "python", "torch"}


def corpus(folder: Path) -> Path:
    """Lay the corpus out as classes, a student a file."""
    from corpus import text_of  # assembles a file that holds only what differs

    for kind in ("right", "wrong", "attacks"):
        for path in sorted((CORPUS / kind).glob("*/*")):
            if path.suffix in (".py", ".ipynb"):
                target = folder / path.parent.name / f"{kind}-{path.name}"
                target.parent.mkdir(exist_ok=True)
                target.write_bytes(text_of(path))
    return folder


def grade(kit: str, submissions: Path, output: Path) -> None:
    """Have a kit grade all classes."""
    folder, _, python = kit.partition("=")
    command = [python or str(Path(folder, ".venv", "bin", "python")), "-P", "-c", "from autograder.cli.course import main; main()"]
    environment = {**os.environ, "COURSE_SECRET": "the same for both", "PYTHONPATH": folder}
    for exercise in sorted(path for path in submissions.iterdir() if path.is_dir()):
        arguments = ["grade", exercise.name, str(exercise), "--output", str(output / exercise.name)]
        done = subprocess.run([*command, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)
        print(f"{folder}, {exercise.name}: exit code {done.returncode}; {done.stdout.strip().splitlines()[-1:]}")
        print(done.stderr, file=sys.stderr, end="")


def reports(output: Path) -> dict[str, Any]:
    """Return what counts of each report."""
    return {
        path.relative_to(output).as_posix(): steady(json.loads(path.read_bytes()))
        for path in sorted(output.glob("*/reports/*.json"))
    }


def steady(value: Any) -> Any:
    """Leave out what differs from run to run."""
    if isinstance(value, dict):
        return {name: steady(item) for name, item in value.items() if name not in VOLATILE}
    return [steady(item) for item in value] if isinstance(value, list) else value


def differences(old: Any, new: Any, place: str = "") -> Iterator[str]:
    """Yield a line for each place in which two reports differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in old.keys() | new.keys():
            yield from differences(old.get(name), new.get(name), f"{place}.{name}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for at, (one, other) in enumerate(zip(old, new, strict=True)):
            named = one.get("name", at) if isinstance(one, dict) else at
            yield from differences(one, other, f"{place}[{named}]")
    elif old != new:
        yield f"{place.lstrip('.')}: {old!r} -> {new!r}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--submissions", type=Path)
    parser.add_argument("--keep", type=Path, help="folder for what both kits write; OLD is not graded again there")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        work = given.keep or Path(temporary)
        (work / "classes").mkdir(parents=True, exist_ok=True)
        submissions = given.submissions or corpus(work / "classes")
        grade(given.old, submissions, work / "old")
        grade(given.new, submissions, work / "new")
        old, new = reports(work / "old"), reports(work / "new")
    differing = 0
    for name in sorted(old.keys() | new.keys()):
        found = sorted(differences(old.get(name), new.get(name)))
        differing += bool(found)
        for line in found:
            print(f"{name}: {line}")
    print(f"{len(old)} reports before, {len(new)} after; {differing} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
