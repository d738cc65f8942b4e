"""`grade` alone: the exercises with the last score of each, the total, and which one to go on with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autograder.authoring import catalog
from autograder.cli import last_scores
from autograder.cli.last_scores import GONE
from autograder.cli.own_file import own_file

if TYPE_CHECKING:
    from autograder.cli.last_scores import LastScore
    from autograder.exercise import Exercise
    from autograder.model import Report

BAR = 20  # columns
AT_THE_END = """\
Full marks everywhere. Well done!

What comes next: hand in your files. And play on: change the start, the learning
rate or the data set in the last part of a script. Guess the loss, then run it.
"""


def listing(kit: Path) -> str:
    """Return the exercises of a kit with the last score of each, the total, and what to do next."""
    known = catalog.exercises(kit)
    last = last_scores.load(kit)
    wide = [max(map(len, column)) for column in zip(*((one.name, one.title) for one in known), strict=True)]
    rows = [(one.name, one.title, _last_score(one, last.get(one.name))) for one in known]
    rows.append(("total", "", _total(known, last)))
    lines = [f"{name:{wide[0]}}  {title:{wide[1]}}  {said}" for name, title, said in rows]
    following = next((one for one in known if not _is_done(one, last)), None)
    return "\n".join([*lines, "", AT_THE_END if following is None else _what_to_do(following)])


def upcoming(report: Report) -> Exercise | None:
    """Return the next exercise that is not done, where the one of this report is."""
    if report.score < report.max_score:
        return None
    kit, name = report.exercise.kit, report.exercise.name
    last = last_scores.load(kit)
    others = [one for one in catalog.exercises(kit) if one.name != name and not _is_done(one, last)]
    return next((one for one in others if one.name > name), others[0] if others else None)


def missing(path: Path) -> str:
    """Say how to get the file of an exercise back that is gone."""
    name = path.name if path.suffix == ".ipynb" else path.stem
    return f"grade {name} --reset {path.stem} gives you a new one"


def _what_to_do(exercise: Exercise) -> str:
    path = own_file(exercise).path
    if not path.is_file():
        return f"Next:     {path} is gone\nGet it:   grade {exercise.name} --reset {exercise.name}\n"
    return f"Next:     {path}\nThen run: grade {exercise.name}\n"


def _last_score(exercise: Exercise, last: LastScore | None) -> str:
    if last is None:
        since = "not graded yet" if own_file(exercise).path.is_file() else GONE
        return f"{'–':>3} / {exercise.points:<3} {since}"
    return f"{last.score:>3} / {last.max_score:<3} {last.since()}".rstrip()


def _total(exercises: tuple[Exercise, ...], last: dict[str, LastScore]) -> str:
    """Return all points with a bar of them; a file that is gone has none."""
    kept = {one.name: last[one.name] for one in exercises if one.name in last and last[one.name].since() != GONE}
    score = sum(each.score for each in kept.values())
    most = sum(kept[one.name].max_score if one.name in kept else one.points for one in exercises)
    filled = BAR * score // max(most, 1)
    return f"{score:>3} / {most:<3} [{'#' * filled}{'.' * (BAR - filled)}]"


def _is_done(exercise: Exercise, last: dict[str, LastScore]) -> bool:
    return exercise.name in last and last[exercise.name].is_full()
