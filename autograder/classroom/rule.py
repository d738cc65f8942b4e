"""The rule of a class: deadline, penalty, times, seed, salt, secret and credit, the same from first run to last.

It is stored with the results. A later run goes on by it, whatever options it is given again; another rule would leave
scores beside each other that cannot be compared, so that it is refused, unless all is graded again.
"""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path

from autograder.classroom import lateness
from autograder.classroom.database import NothingGraded
from autograder.classroom.enrolment import Enrolment
from autograder.classroom.lateness import Deadline
from autograder.classroom.store import Store
from autograder.errors import UserError
from autograder.files import sha256
from autograder.model import Credit

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
        said += [f"times of {len(self.times)} students"] if self.times is not None else []
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
    """What a folder says of a class before a run: the rule, if any, who has results in it, and who takes the course."""

    rule: ClassRule | None = None
    students: frozenset[str] = field(default_factory=frozenset)
    roster: Enrolment = field(default_factory=Enrolment)


def so_far(folder: Path, exercises: Iterable[str]) -> dict[str, ClassSoFar]:
    """Return what a folder says of each exercise; a rule by which nobody was graded binds nobody."""
    found = dict.fromkeys(exercises, ClassSoFar())
    with suppress(NothingGraded), Store(folder) as store:
        for name in found:
            if name in store.exercises:
                one = store.of(name)
                students = frozenset(one.students())
                rule = read_rule(one) if one.rule and students else None
                found[name] = ClassSoFar(rule, students, store.roster)
            else:
                found[name] = ClassSoFar(roster=store.roster)
    return found


def read_rule(store: Store) -> ClassRule:
    """Return the rule by which an exercise was graded; the usual one where nobody knows."""
    return ClassRule(**json.loads(store.rule)) if store.rule else ClassRule()


def stored(rule: ClassRule) -> str:
    """Return a rule as it is stored."""
    return json.dumps(asdict(rule))


def settle(asked: AskedRule, before: ClassRule | None, what: str, *, is_fresh: bool) -> ClassRule:
    """Return the rule of a run on `what`: what is asked for and, of what nobody has said, what held before.

    UserError where it is not what held before, unless the run is fresh, and where something in it cannot be.
    """
    rule = _merged(asked, before or ClassRule())
    if before is not None and not is_fresh and (how := _difference(before, rule)):
        advice = (
            "set it as it was"
            if before.secret != rule.secret and before.secret
            else "leave that out to go on as before"
        )
        raise UserError(f"{what} was graded by another rule: {how}; {advice}, or grade all again with --fresh")
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


def _difference(before: ClassRule, rule: ClassRule) -> str:
    """Say in what two rules differ. A list of times does not count: it grows as students hand in."""
    said = []
    was, due = before.due, rule.due
    if (was and was.moment) != (due and due.moment):
        said.append(f"the deadline was {was or 'not set'} and is {due or 'not set'}")
    for name, old, new in (
        ("late penalty", before.penalty, rule.penalty),
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
