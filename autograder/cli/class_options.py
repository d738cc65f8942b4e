"""The options of `course grade`: what they say of the class's rule, and the plan that they come to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from autograder.errors import UserError
from autograder.files import read_bytes

if TYPE_CHECKING:
    from autograder.classroom.enrolment import Enrolment
    from autograder.classroom.rule import AskedRule, ClassRule, ClassSoFar
    from autograder.classroom.run import Engine, Plan
    from autograder.exercise import Exercise
    from autograder.model import Credit, Isolation

ADVICE = "check its name"
KNOWN = "set COURSE_SECRET, or the visible cases are those in the students' kit, where a table of answers is right"


@dataclass(frozen=True)
class RuleOptions:
    """What is said of the rule; deadlines, times and penalties by exercise, those of all others under ''."""

    deadlines: Mapping[str, str]
    times: Mapping[str, str]
    penalties: Mapping[str, str]
    times_from_files: bool
    seed: int | None
    salt: str | None
    credit: Credit | None = None
    is_shared: bool = False

    @property
    def concerns_lateness(self) -> bool:
        """Whether something is said that needs a deadline."""
        return bool(self.times) or any(penalty.lower() != "none" for penalty in self.penalties.values())

    @property
    def named(self) -> set[str]:
        """The exercises of whose lateness something is said by name."""
        return {*self.deadlines, *self.times, *self.penalties} - {""}

    def asked(self, exercise: str) -> AskedRule:
        """Return what is said of an exercise's rule; UserError for what cannot be."""
        from autograder.classroom.rule import AskedRule
        from autograder.grading.seeds import course_secret

        times = self.times.get(exercise, self.times.get(""))
        return AskedRule(
            self.deadlines.get(exercise, self.deadlines.get("")),
            self.penalties.get(exercise, self.penalties.get("")),
            None if times is None else (read_bytes(Path(times), ADVICE), Path(times)),
            self.times_from_files,
            self.seed,
            self.salt,
            course_secret(),
            self.credit,
            self.is_shared,
        )


@dataclass(frozen=True)
class GradeOptions:
    """A run of `course grade` as it was asked for."""

    submissions: Path
    output: Path
    rule: RuleOptions
    engine: Engine
    isolation: Isolation
    fresh: bool
    only: tuple[str, ...]
    roster: Enrolment | None
    weights: str | None


def rule_options(given: Mapping[str, Any], exercises: Sequence[str]) -> RuleOptions:
    """Return what the options say of the rule of these exercises."""
    if given["salt"] == "":
        raise UserError("--seed-per-student needs a word, which you keep for appeals")
    return RuleOptions(
        _by_exercise("--deadline", given["deadline"], exercises),
        _by_exercise("--times", given["times"], exercises),
        _by_exercise("--late-penalty", given["rule"], exercises),
        given["times_from_files"],
        given["seed"],
        given["salt"],
        given["credit"],
        is_shared=len(exercises) > 1,
    )


def _by_exercise(option: str, values: Sequence[str], exercises: Sequence[str]) -> dict[str, str]:
    """Return what an option says by exercise, `exercise2=TIME`; what it says of all others under ''."""
    from autograder.authoring.catalog import is_known

    found: dict[str, str] = {}
    for value in values:
        name, mark, rest = value.partition("=")
        name = name.strip().lower()
        if not mark or not is_known(name):
            name, rest = "", value
        elif name not in exercises:
            raise UserError(f"{option} names {name}, which is not graded here; there are {', '.join(exercises)}")
        if name in found:
            raise UserError(f"{option} is given twice for {name or 'all exercises'}; leave the one that counts")
        found[name] = rest.strip()
    return found


def rule_of(options: GradeOptions, exercise: str, before: ClassSoFar, what: str) -> ClassRule:
    """Return the rule of a run on an exercise; `what` is what was graded by the rule of before."""
    from autograder.classroom.rule import settle

    is_fresh = options.fresh and not options.only
    return settle(options.rule.asked(exercise), before.rule, what, is_fresh=is_fresh, begins=before.begins)


def plan_of(options: GradeOptions, exercise: Exercise, output: Path, before: ClassSoFar, *, what: str) -> Plan:
    """Return the plan of a run on an exercise; `what` is what was graded by the rule of before."""
    from autograder.classroom import lateness, rule
    from autograder.classroom.run import Lateness, Plan
    from autograder.grading.seeds import course_secret
    from autograder.model import GradingSpec

    agreed = rule_of(options, exercise.name, before, what)
    penalty = lateness.parse_rule(agreed.penalty) if agreed.penalty else None
    return Plan(
        # A class's code is hostile until it is graded: without a sandbox nothing runs, unless somebody says so.
        GradingSpec(
            exercise,
            options.isolation,
            agreed.seed,
            course_secret(),
            agreed.salt,
            credit=agreed.credit,
            with_revealed=True,
        ),
        options.submissions,
        output,
        options.fresh,
        options.only,
        Lateness(agreed.due, penalty, agreed.moments, agreed.times_from_files),
        rule.stored(agreed),
        options.roster if options.roster is not None else before.roster or None,
        known=before.students,
    )


def tell_rule(options: GradeOptions, plans: Mapping[str, tuple[Plan, ClassSoFar]]) -> None:
    """Say by which rule a run goes on, or what the deadline is; a line for all exercises of which the same holds."""
    lines: dict[str, list[str]] = {}
    for name, (plan, before) in plans.items():
        if said := _said_of(plan, before, has_times=bool(options.rule.times)):
            lines.setdefault(said, []).append(name)
    if any(plan.order.credit == "check" and not (plan.order.secret or plan.order.salt) for plan, _ in plans.values()):
        click.echo(f"--credit check: {KNOWN}", err=True)
    for said, names in lines.items():
        click.echo(f"{', '.join(names)}: {said}" if len(lines) > 1 or len(names) < len(plans) else said, err=True)


def _said_of(plan: Plan, before: ClassSoFar, *, has_times: bool) -> str:
    from autograder.classroom.rule import ClassRule, difference

    rule = ClassRule(**json.loads(plan.rule))
    if before.rule is None and f"{before.begins}":
        return f"by this rule: {rule}" if f"{rule}" else ""
    if before.rule is None:
        return f"the deadline is {rule.due}" if rule.due else ""
    if difference(before.rule, rule):
        return f"by another rule than the last run: {str(rule) or 'no deadline, seed 0'}"
    if (rule.times, rule.times_from_files) != (before.rule.times, before.rule.times_from_files):
        return f"with a new list of times: {rule}"
    again = "; give --times anew if somebody has handed in since" if rule.times is not None and not has_times else ""
    return f"by the rule of the last run: {rule}{again}" if f"{rule}" else ""
