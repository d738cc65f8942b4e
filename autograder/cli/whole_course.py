"""`course grade all`: every exercise that is found in a folder of submissions, one after another."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from autograder.authoring import catalog
from autograder.cli.class_lines import exit_code, tell, tell_refused, tell_roster
from autograder.cli.class_options import GradeOptions, plan_of, rule_of, tell_rule
from autograder.cli.kits import this_kit
from autograder.cli.progress import progress
from autograder.errors import UserError
from autograder.files import read_text

if TYPE_CHECKING:
    from autograder.classroom.folder import Collected
    from autograder.classroom.rule import ClassRule
    from autograder.classroom.run import Plan, RunResult
    from autograder.classroom.sorting import Sorted

EARLY = "nobody has handed it in yet; kept for then: {}"
GONE = "there is nothing of it here, so that what you say of its deadline, penalty and times changes nothing"
LOST = "nothing is graded, and so nothing is kept; say it again when there is something of it"


@dataclass(frozen=True)
class _CoursePart:
    """An exercise of a course: how it is graded, and what is."""

    plan: Plan
    collected: Collected

    @property
    def name(self) -> str:
        return self.plan.exercise.name


def grade_all(options: GradeOptions) -> int:
    """Grade a whole course, and write what it comes to; the exit code."""
    from autograder.classroom.results import summary, write_page

    with _sorted(options) as found:
        parts, announced = _parts(options, found, options.output)
        outcomes = [_grade(part, options) for part in parts]
    tell_refused(found.refused, found.ignored)
    for part, outcome in zip(parts, outcomes, strict=True):
        tell(outcome, part.name, part.collected.refused)
    _announce(options.output, announced, is_kept=bool(outcomes))
    if outcomes:
        write_page(options.output)
        for line in summary(options.output):
            click.echo(line)
        tell_roster(options.output)
        graded, known = sum(one.graded for one in outcomes), sum(one.known for one in outcomes)
        click.echo(
            f"{graded} graded, {known} unchanged; see {options.output / 'report.html'} and gradebook.csv beside it"
        )
    return exit_code(outcomes, found.refused)


def compare_all(options: GradeOptions, old: Path) -> int:
    """Grade a whole course into a folder that is thrown away, and show what would change; the exit code."""
    from autograder.classroom.results import differences
    from autograder.classroom.store import Store

    with Store(old):  # or the grading would be for nothing
        pass
    with tempfile.TemporaryDirectory(prefix="course-") as folder:
        now = replace(options, output=Path(folder) / "results")
        with _sorted(now) as found:
            parts, _ = _parts(now, found, old)
            outcomes = [_grade(part, now) for part in parts]
        tell_refused(found.refused, found.ignored)
        for part, outcome in zip(parts, outcomes, strict=True):
            tell(outcome, part.name, part.collected.refused)
            for line in differences(old, part.plan):
                click.echo(f"{part.name}: {line}")
    return exit_code(outcomes, found.refused)


@contextmanager
def _sorted(options: GradeOptions) -> Iterator[Sorted]:
    """Say which submissions there are; zips among them are unpacked until the context ends."""
    from autograder.classroom.archives import open_class
    from autograder.classroom.candidates import refused_of
    from autograder.classroom.run import scratch_folder
    from autograder.classroom.sorting import sort_folder

    exercises = catalog.exercises(this_kit())
    with scratch_folder(options.output, options.submissions) as scratch:
        found = sort_folder(open_class(options.submissions, scratch / "class"), exercises, scratch / "students")
        _require_students(options.only, found)
        yield replace(found, refused=refused_of(options.only, found.refused), ignored=()) if options.only else found


def _parts(options: GradeOptions, found: Sorted, before: Path) -> tuple[list[_CoursePart], dict[str, ClassRule]]:
    """Return what is to be graded, by the rule of a folder of before, and the rules of what nobody has handed in yet.

    UserError for what cannot be, before all else.
    """
    from autograder.classroom.rule import NO_DEADLINE, so_far
    from autograder.classroom.run import only_those, with_times

    weights = _weights(options.weights)
    known = frozenset(one.student for _, collected in found.exercises for one in collected.found)
    classes = so_far(before, [exercise.name for exercise, _ in found.exercises])
    parts = []
    for exercise, collected in found.exercises:
        one = classes[exercise.name]
        plan = plan_of(options, exercise, options.output / exercise.name, one, what=f"{exercise.name} in {before}")
        plan = replace(plan, course=options.output, weights=weights, known=one.students | known)
        with_times(plan, only_those(plan, collected))
        parts.append(_CoursePart(plan, collected))
    announced = _announced(options, options.rule.named.difference(classes), before)
    is_late = [*(part.plan.lateness.deadline for part in parts), *(rule.deadline for rule in announced.values())]
    if options.rule.concerns_lateness and not any(is_late):
        raise UserError(NO_DEADLINE)
    tell_rule(options, {part.name: (part.plan, classes[part.name]) for part in parts})
    return parts, announced


def _announced(options: GradeOptions, names: Iterable[str], before: Path) -> dict[str, ClassRule]:
    """Return the rules of those of these exercises, none of which is here, in which nobody was graded earlier."""
    from autograder.classroom.rule import so_far

    found = {}
    for name, one in so_far(before, sorted(names)).items():
        rule = rule_of(options, name, one, f"{name} in {before}")
        if one.rule is None:
            found[name] = rule
        elif rule != one.rule:
            click.echo(f"{name}: {GONE}", err=True)
    return found


def _announce(folder: Path, rules: Mapping[str, ClassRule], *, is_kept: bool) -> None:
    """Store the rules of exercises that nobody has handed in yet, and say so."""
    from autograder.classroom.rule import stored
    from autograder.classroom.store import Store

    for name, rule in rules.items():
        if is_kept:
            with Store(folder) as store:
                store.announce(name, stored(rule))
        click.echo(f"{name}: {EARLY.format(str(rule) or 'no deadline') if is_kept else LOST}", err=True)


def _require_students(only: Iterable[str], found: Sorted) -> None:
    from autograder.classroom.folder import Collected
    from autograder.classroom.run import missing_student

    everybody = [one for _, collected in found.exercises for one in collected.found]
    if missing := sorted(set(only) - {one.student for one in everybody}):
        raise UserError(missing_student(missing[0], Collected(tuple(everybody), found.refused, ())))


def _grade(part: _CoursePart, options: GradeOptions) -> RunResult:
    from autograder.classroom.run import grade_collected

    click.echo(f"{part.name}:", err=True)
    with progress() as watch:
        return grade_collected(part.plan, part.collected, options.engine, watch)


def _weights(text: str | None) -> dict[str, float] | None:
    """Return what `--weights` says, itself or in a file that it names."""
    from autograder.classroom.term import parse_weights

    if text is None:
        return None
    said = text if "=" in text else read_text(Path(text), "name a file, or write exercise1=10,exercise2=20")
    return parse_weights(said, catalog.exercise_names())
