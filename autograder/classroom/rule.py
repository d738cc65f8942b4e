"""The rule of a class: deadline, penalty, times, seed, salt, secret and credit, the same from first run to last.

It is stored with the results. A later run goes on by it, whatever options it is given again; another rule would leave
scores beside each other that cannot be compared, so that it is refused, unless all is graded again.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.classroom import lateness
from autograder.classroom.database import NothingGraded
from autograder.classroom.enrolment import Enrolment
from autograder.classroom.lateness import Deadline, Rule
from autograder.classroom.store import Store
from autograder.errors import UserError
from autograder.files import sha256
from autograder.model import Credit
from autograder.report.words import several

NO_DEADLINE = "a late penalty needs a --deadline; give one, too"
NONE = "none"  # what is said in place of a deadline or a penalty that is to be given up
PREFIX = "the class's secret"  # so that the digest of one is not that of the word alone


@dataclass(frozen=True)
class ClassRule:
    """A rule as it is stored. `times` are in ISO 8601, None where there is no list of them; `secret` is a digest."""

    deadline: str = ""
    is_local: bool = False  # the deadline was written without a zone
    penalty: str = ""
    times: Mapping[str, str] | None = None
    times_from_files: bool = False  # serve for those who are not in the list
    seed: int = 0
    salt: str = ""
    secret: str = ""
    credit: Credit = "function"

    @property
    def due(self) -> Deadline | None:
        """The deadline, if there is one."""
        if not self.deadline:
            return None
        return Deadline(lateness.parse_deadline(self.deadline).moment, has_zone=not self.is_local)

    @property
    def moments(self) -> dict[str, datetime] | None:
        """When students handed in, where there is a list of that."""
        return None if self.times is None else {name: datetime.fromisoformat(at) for name, at in self.times.items()}

    def __str__(self) -> str:
        """Return what there is to it besides what goes without saying; '' for nothing."""
        said = [f"deadline {self.due}"] if self.deadline else []
        said += [f"late penalty {self.penalty}"] if self.penalty else []
        said += [f"times of {several(len(self.times), 'student')}"] if self.times is not None else []
        said += [f"seed {self.seed}"] if self.seed else []
        said += ["cases by student"] if self.salt else []
        said += ["COURSE_SECRET"] if self.secret else []
        said += [f"credit by {self.credit}"] if self.credit != "function" else []
        return ", ".join(said)


@dataclass(frozen=True)
class AskedRule:
    """What a run's options say of the rule; None is nothing. `times` is a file with its content.

    `is_shared`: with other exercises, so that lateness is nothing to this one if it has no deadline.
    """

    deadline: str | None = None
    penalty: str | None = None
    times: tuple[bytes, Path] | None = None
    times_from_files: bool = False
    seed: int | None = None
    salt: str | None = None
    secret: str = ""
    credit: Credit | None = None
    is_shared: bool = False


@dataclass(frozen=True)
class ClassSoFar:
    """What a folder says of a class before a run: the rule, if any, who has results in it, and who takes the course.

    `begins` is by which rule an exercise begins that nobody was graded in.
    """

    rule: ClassRule | None = None
    begins: ClassRule = field(default_factory=ClassRule)
    students: frozenset[str] = field(default_factory=frozenset)
    roster: Enrolment = field(default_factory=Enrolment)


def so_far(folder: Path, exercises: Iterable[str]) -> dict[str, ClassSoFar]:
    """Return what a folder says of each exercise; a rule by which nobody was graded binds nobody."""
    found = dict.fromkeys(exercises, ClassSoFar())
    with suppress(NothingGraded), Store(folder) as store:
        known = {name: _graded_so_far(store.of(name)) for name in store.exercises}
        common = _in_common([one.rule for one in known.values() if one.rule and store.is_course])
        for name in found:
            one = known.get(name, ClassSoFar(roster=store.roster))
            found[name] = replace(one, begins=_as_announced(common, store.announced(name)))
    return found


def _graded_so_far(store: Store) -> ClassSoFar:
    students = frozenset(store.students())
    return ClassSoFar(read_rule(store) if store.rule and students else None, students=students, roster=store.roster)


def _in_common(rules: Sequence[ClassRule]) -> ClassRule:
    """Return what the exercises of a course are graded by, as far as it is the same in all; lateness, of those due."""
    common: dict[str, Any] = {}
    for name in ("penalty", "seed", "salt", "secret", "credit"):
        values = {getattr(rule, name) for rule in rules if rule.deadline or name != "penalty"}
        if len(values) == 1:
            common[name] = values.pop()
    return ClassRule(**common)


def _as_announced(common: ClassRule, announced: str) -> ClassRule:
    """Return the rule of a course with what was said of an exercise's lateness before there was anything of it."""
    if not announced:
        return common
    said = ClassRule(**json.loads(announced))
    return replace(said, seed=common.seed, salt=common.salt, secret=common.secret, credit=common.credit)


def read_rule(store: Store) -> ClassRule:
    """Return the rule by which an exercise was graded; the usual one where nobody knows."""
    return ClassRule(**json.loads(store.rule)) if store.rule else ClassRule()


def stored(rule: ClassRule) -> str:
    """Return a rule as it is stored."""
    return json.dumps(asdict(rule))


def settle(
    asked: AskedRule, before: ClassRule | None, what: str, *, is_fresh: bool, begins: ClassRule = ClassRule()
) -> ClassRule:
    """Return the rule of a run on `what`: what is asked for and, of what nobody has said, what held before.

    `begins` stands for that where nothing did. UserError where it is not what held before, unless the run is fresh, and
    where something in it cannot be. The secret, which is easily forgotten, is also held to that of other exercises.
    """
    rule = _merged(asked, before or begins)
    held = before or replace(rule, secret=begins.secret or rule.secret)
    if not is_fresh and (how := difference(held, rule)):
        is_other_secret = held.secret and held.secret != rule.secret
        advice = "set it as it was" if is_other_secret else "leave that out to go on as before"
        whose = what if before else "the rest of the course"
        raise UserError(f"{whose} was graded by another rule: {how}; {advice}, or grade all again with --fresh")
    return rule


def _merged(asked: AskedRule, before: ClassRule) -> ClassRule:
    rule = replace(
        before,
        seed=before.seed if asked.seed is None else asked.seed,
        salt=before.salt if asked.salt is None else asked.salt,
        secret=sha256(f"{PREFIX}\x1f{asked.secret}".encode()) if asked.secret else "",
        credit=asked.credit or before.credit,
    )
    if asked.deadline is not None:
        rule = _with_deadline(rule, asked.deadline)
    if asked.penalty is not None:
        penalty = "".join(asked.penalty.split()).lower()
        rule = replace(rule, penalty="" if penalty == NONE else penalty)
        if rule.penalty:
            lateness.parse_rule(asked.penalty)
    due = rule.due
    if due is None:
        if ((asked.penalty and rule.penalty) or asked.times) and not asked.is_shared:
            raise UserError(NO_DEADLINE)
        return replace(rule, penalty="", times=None, times_from_files=False)
    if asked.times:
        times = lateness.read_times(*asked.times, due)
        rule = replace(rule, times={name: at.isoformat() for name, at in times.items()}, times_from_files=False)
    return replace(rule, times_from_files=asked.times_from_files or rule.times_from_files)


def _with_deadline(rule: ClassRule, text: str) -> ClassRule:
    if text.strip().lower() == NONE:
        return replace(rule, deadline="", is_local=False)
    due = lateness.parse_deadline(text)
    # Local time is another moment on another machine.
    return replace(rule, deadline=text if due.has_zone else due.moment.isoformat(), is_local=not due.has_zone)


def difference(before: ClassRule, rule: ClassRule) -> str:
    """Say in what two rules differ, however they are written. A list of times does not count: it grows."""
    said = []
    was, due = before.due, rule.due
    if (was and was.moment) != (due and due.moment):
        said.append(f"the deadline was {was or 'not set'} and is {due or 'not set'}")
    if _costs(before) != _costs(rule):
        said.append(f"the late penalty was {before.penalty or 'none'} and is {rule.penalty or 'none'}")
    for name, old, new in (
        ("seed", before.seed, rule.seed),
        ("credit", before.credit, rule.credit),
    ):
        if old != new:
            said.append(f"the {name} was {old or 'none'} and is {new or 'none'}")
    if before.salt != rule.salt:
        said.append("--seed-per-student had another word")
    if before.secret != rule.secret:
        words = "was set and is not" if not rule.secret else "is set and was not"
        words = "is not the one that it was" if before.secret and rule.secret else words
        said.append(f"COURSE_SECRET {words}")
    return ", ".join(said)


def _costs(rule: ClassRule) -> Rule | None:
    return lateness.parse_rule(rule.penalty) if rule.penalty else None
