"""The last score of each exercise. Losing one never disturbs grading: nothing here raises."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.cli import local_state
from autograder.cli.own_file import is_own
from autograder.files import sha256

if TYPE_CHECKING:
    from autograder.model import Report

KIND = "scores"
EDITED, GONE = "edited since", "its file is gone"


@dataclass(frozen=True)
class LastScore:
    """What the last grading of an exercise gave, and the file that was graded."""

    score: int
    max_score: int
    path: str  # absolute
    sha256: str

    def since(self) -> str:
        """Return what has become of the graded file since: '', "edited since" or "its file is gone"."""
        try:
            return "" if sha256(Path(self.path).read_bytes()) == self.sha256 else EDITED
        except OSError:
            return GONE

    def is_full(self) -> bool:
        """Whether it is full marks, and of the file as it is."""
        return self.score == self.max_score and not self.since()


def load(kit: Path) -> dict[str, LastScore]:
    """Return the last scores by the name of their exercise, without what cannot be read."""
    return {name: score for name, entry in local_state.load(kit, KIND).items() if (score := _last_score(entry))}


def save(kit: Path, exercise: str, score: LastScore) -> None:
    """Keep the last score of an exercise, where the system lets us."""
    scores = load(kit) | {exercise: score}
    local_state.save(kit, KIND, {name: asdict(last) for name, last in scores.items()})


def remember(report: Report) -> None:
    """Keep the score of a report, unless it is that of some functions, or of another file than the student's own."""
    exercise, submission = report.exercise, report.submission
    if len(report.functions) == len(exercise.functions) and is_own(submission.path, exercise):
        path = os.path.abspath(submission.path)  # noqa: PTH100 - a link stays a link
        save(exercise.kit, exercise.name, LastScore(report.score, report.max_score, path, submission.sha256))


def _last_score(entry: object) -> LastScore | None:
    match entry:
        case {"score": int(score), "max_score": int(most), "path": str(path), "sha256": str(digest)}:
            return LastScore(score, most, path, digest)
    return None
