"""`grade` alone: the exercises with the last score of each, and which one to go on with."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.authoring import catalog
from autograder.cli import last_scores

if TYPE_CHECKING:
    from autograder.cli.last_scores import LastScore
    from autograder.exercise import Exercise
    from autograder.model import Report


def listing(kit: Path) -> str:
    """Return the exercises of a kit with the last score of each, and what to do next."""
    known = catalog.exercises(kit)
    last = last_scores.load(kit)
    wide = [max(map(len, column)) for column in zip(*((one.name, one.title) for one in known), strict=True)]
    lines = [f"{one.name:{wide[0]}}  {one.title:{wide[1]}}  {_last_score(one, last.get(one.name))}" for one in known]
    following = next((one for one in known if not _is_done(one, last)), None)
    if following is None:
        return "\n".join([*lines, "", "Full marks everywhere. Well done!", ""])
    place = os.path.relpath(following.stub)
    return "\n".join([*lines, "", f"Next:     {place}", f"Then run: grade {following.name}", ""])


def upcoming(report: Report) -> Exercise | None:
    """Return the next exercise that is not done, where the one of this report is."""
    if report.score < report.max_score:
        return None
    kit, name = report.exercise.kit, report.exercise.name
    last = last_scores.load(kit)
    others = [one for one in catalog.exercises(kit) if one.name != name and not _is_done(one, last)]
    return next((one for one in others if one.name > name), others[0] if others else None)


def _last_score(exercise: Exercise, last: LastScore | None) -> str:
    if last is None:
        return f"{'–':>3} / {exercise.points:<3} not graded yet"
    return f"{last.score:>3} / {last.max_score:<3} {'edited since' if last.is_outdated() else ''}".rstrip()


def _is_done(exercise: Exercise, last: dict[str, LastScore]) -> bool:
    return exercise.name in last and last[exercise.name].score == last[exercise.name].max_score
