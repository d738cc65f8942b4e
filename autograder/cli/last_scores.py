"""The last score of each exercise, kept outside the kit. Losing one never disturbs grading: nothing here raises."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from autograder.files import sha256, write_beside

if TYPE_CHECKING:
    from autograder.model import Report


@dataclass(frozen=True)
class LastScore:
    """What the last grading of an exercise gave, and the file that was graded."""

    score: int
    max_score: int
    path: str  # absolute
    sha256: str

    def is_outdated(self) -> bool:
        """Whether the graded file has changed since; not where it is gone."""
        try:
            return sha256(Path(self.path).read_bytes()) != self.sha256
        except OSError:
            return False


def load(kit: Path) -> dict[str, LastScore]:
    """Return the last scores by the name of their exercise, without what cannot be read."""
    try:
        stored = json.loads(_file(kit).read_bytes())
        return {name: score for name, entry in stored.items() if (score := _last_score(entry))}
    except (OSError, ValueError, RecursionError, AttributeError):
        return {}


def save(kit: Path, exercise: str, score: LastScore) -> None:
    """Keep the last score of an exercise, where the system lets us."""
    scores = load(kit) | {exercise: score}
    with contextlib.suppress(OSError, UnicodeError):
        path = _file(kit)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_beside(path, json.dumps({name: asdict(last) for name, last in scores.items()}, indent=2))


def remember(report: Report) -> None:
    """Keep the score of a report, unless it is that of some functions only."""
    if len(report.functions) == len(report.exercise.functions):
        path = os.path.abspath(report.submission.path)  # noqa: PTH100 - a link stays a link
        last = LastScore(report.score, report.max_score, path, report.submission.sha256)
        save(report.exercise.kit, report.exercise.name, last)


def _last_score(entry: object) -> LastScore | None:
    match entry:
        case {"score": int(score), "max_score": int(most), "path": str(path), "sha256": str(digest)}:
            return LastScore(score, most, path, digest)
    return None


def _file(kit: Path) -> Path:
    """Return the file of a kit; OSError where the system names no place for it."""
    from platformdirs import user_state_dir  # only where scores are looked up

    folder = Path(user_state_dir("backprop-exercises"))
    if not folder.is_absolute():
        raise OSError("no home folder")
    place = kit.resolve()
    return folder / "scores" / f"{place.name[:100]}-{crc32(os.fsencode(place)):08x}.json"
