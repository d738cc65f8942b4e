"""What `course grade` tells of a run when it has ended, and with which code it exits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.classroom.names import listed, some
from autograder.cli.running import GRADER_FAILED

if TYPE_CHECKING:
    from autograder.classroom.candidates import Refused
    from autograder.classroom.enrolment import Enrolment
    from autograder.classroom.run import RunResult
    from autograder.classroom.store import Store

REFUSED = 1


def exit_code(outcomes: Iterable[RunResult], refused: Iterable[Refused] = ()) -> int:
    """Return 3 where the grader failed, 1 where something was refused or nothing was there to be graded, else 0."""
    outcomes = list(outcomes)
    if any(outcome.failed for outcome in outcomes):
        return GRADER_FAILED
    lines = [*refused, *(one for outcome in outcomes for one in outcome.refused)]
    is_empty = not any(outcome.graded + outcome.known for outcome in outcomes)
    return REFUSED if is_empty or any(not one.is_missing for one in lines) else 0


def tell(outcome: RunResult, exercise: str = "", told: Iterable[Refused] = ()) -> None:
    """Say on standard error what an instructor has to see to; of an exercise of several, besides what is `told`."""
    if not exercise:
        tell_refused(outcome.refused, outcome.ignored)
    left = set(outcome.refused).difference(told) if exercise else ()
    lines = [f"not graded: {listed([one.name])} {one.reason}" for one in sorted(left, key=str)]
    lines += [
        f"changed: {listed([one.student])} had {one.before} points and now has {one.after}" for one in outcome.changed
    ]
    refused = {one.student for one in outcome.refused}
    for what, names in (
        ("refused now", tuple(name for name in outcome.gone if name in refused)),
        ("not here any more", tuple(name for name in outcome.gone if name not in refused)),
    ):
        if names:
            lines.append(f"graded earlier, and {what}: {some(names)}; the results stay")
    lines += [f"ERROR: no verdict on {listed([failure.student])}: {failure.how}" for failure in outcome.failed]
    if outcome.failed:
        lines.append("ERROR: the grader itself failed, which is no student's mistake; run again to have it tried")
    for line in lines:
        click.echo(f"{exercise}: {line}" if exercise else line, err=True)


def tell_refused(refused: Iterable[Refused], ignored: tuple[str, ...]) -> None:
    for one in refused:
        click.echo(f"not graded: {listed([one.name])} {one.reason}", err=True)
    if ignored:
        click.echo(f"nobody's submission: {some(ignored)}", err=True)


def tell_roster(folder: Path) -> None:
    """Say on standard error how submissions and roster of a class go together, and whose points are of old checks."""
    from autograder.classroom.store import Store

    with Store(folder) as store:
        submitters = {name for exercise in store.exercises for name in store.of(exercise).submitters}
        for line in (*_roster_lines(store.roster, submitters), *_outdated_lines(store)):
            click.echo(line, err=True)


def _outdated_lines(store: Store) -> Iterator[str]:
    """Yield a line for each exercise of which some were graded when it had other points, as `--only` leaves them."""
    for name in store.exercises:
        one = store.of(name)
        points = sum(each for _, each in one.functions)
        if old := tuple(each.student for each in one.standings() if each.max_score not in (0, points)):
            how = "so that scores cannot be compared"
            yield f"graded when {name} had other points, {how}: {some(old)}; grade all again"


def _roster_lines(roster: Enrolment, submitters: Iterable[str]) -> Iterator[str]:
    """Yield lines on who is on the roster and has handed in nothing, who is not and has, and who has withdrawn."""
    if not roster:
        return
    found = {name: roster.find(name) for name in submitters}
    if missing := tuple(one.student for one in roster.missing(found)):
        yield f"nothing handed in: {len(missing)} of {len(list(roster.active))} on the roster ({some(missing)})"
    if strangers := tuple(sorted(name for name, one in found.items() if one is None)):
        yield f"not on the roster, and listed all the same: {some(strangers)}"
    if gone := tuple(one.student for one in roster.students if one.is_withdrawn):
        yield f"withdrawn, and left out of tables, pages and exports: {some(gone)}"
