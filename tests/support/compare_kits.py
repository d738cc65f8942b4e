"""Grades submissions by two kits and says where their reports differ: what a change to the grader has changed.

    python tests/support/compare_kits.py OLD NEW [--submissions FOLDER] [--keep FOLDER]

OLD and NEW are kits' folders with a `.venv` each, or `FOLDER=PYTHON`. The submissions are `<exercise>/<student>.py` or
`.ipynb`, by default this kit's own corpus. Both kits grade with the same seed and secret. What a report says of
versions, digests, times and paths does not count. Exits with 1 where anything else differs.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from corpus import text_of
from places import CORPUS

VOLATILE = {"seconds", "version", "checks_sha256", "path", "python", "torch"}
COURSE = "from autograder.cli.course import main; main()"


def lay_out_corpus(folder: Path) -> Path:
    """Write the corpus as classes, a student a file."""
    for path in sorted(CORPUS.glob("*/exercise*/*")):
        if path.suffix in (".py", ".ipynb"):
            target = folder / path.parent.name / f"{path.parts[-3]}-{path.name}"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text_of(path))
    return folder


def grade(kit: str, submissions: Path, output: Path) -> None:
    """Have a kit grade all classes."""
    folder, _, python = kit.partition("=")
    command = [python or str(Path(folder, ".venv", "bin", "python")), "-P", "-c", COURSE]
    environment = {**os.environ, "COURSE_SECRET": "the same for both", "PYTHONPATH": folder}
    for exercise in sorted(path for path in submissions.iterdir() if path.is_dir()):
        arguments = ["grade", exercise.name, str(exercise), "--output", str(output / exercise.name)]
        done = subprocess.run(
            [*command, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        last = done.stdout.strip().rpartition("\n")[2]
        sys.stdout.write(f"{folder}, {exercise.name}: exit code {done.returncode}; {last}\n")
        sys.stderr.write(done.stderr)


def read_reports(output: Path) -> dict[str, Any]:
    """Return what counts of each report."""
    return {
        f"{path.parts[-3]}/{path.stem}": steady(json.loads(path.read_bytes()))
        for path in output.glob("*/reports/*.json")
    }


def steady(value: Any) -> Any:
    """Leave out what differs from run to run."""
    if isinstance(value, dict):
        return {name: steady(item) for name, item in value.items() if name not in VOLATILE}
    return [steady(item) for item in value] if isinstance(value, list) else value


def differences(old: Any, new: Any, place: str = "") -> Iterator[str]:
    """Yield a line for each place in which two reports differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            yield from differences(old.get(name), new.get(name), f"{place}.{name}".lstrip("."))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            name = one.get("name", index) if isinstance(one, dict) else index
            yield from differences(one, other, f"{place}[{name}]")
    elif old != new:
        yield f"{place}: {old!r} -> {new!r}"


def compare(old: dict[str, Any], new: dict[str, Any]) -> int:
    """Print in what the reports differ, and return how many do."""
    differing = 0
    for name in sorted(old.keys() | new.keys()):
        both = name in old and name in new
        lines = [*differences(old[name], new[name])] if both else [f"only {'before' if name in old else 'after'}"]
        differing += bool(lines)
        sys.stdout.writelines(f"{name}: {line}\n" for line in lines)
    sys.stdout.write(f"{len(old)} reports before, {len(new)} after; {differing} differ\n")
    return differing


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--submissions", type=Path)
    parser.add_argument("--keep", type=Path, help="folder for what both kits write; OLD is not graded again there")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        work = (given.keep or Path(temporary)).resolve()
        submissions = (given.submissions or lay_out_corpus(work / "classes")).resolve()
        if not (work / "old").exists():
            grade(given.old, submissions, work / "old")
        grade(given.new, submissions, work / "new")
        return 1 if compare(read_reports(work / "old"), read_reports(work / "new")) else 0


if __name__ == "__main__":
    sys.exit(main())
