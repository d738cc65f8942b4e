"""Deadlines, and what a late hand-in costs.

When a submission came is taken, in this order, from the list of times that the instructor gives, from the
`timestamp.txt` that nbgrader writes beside it, or from the time at which its file was last changed. Archives and copies
may have lost that last one, and students may write a `timestamp.txt` as they like: where it matters, give the list.

A penalty is written `AMOUNT[/UNIT][,max=AMOUNT]`:

    20%                  a fifth of the exercise's points, however late
    5/day                5 points for each day begun
    10%/day,max=50%      a tenth of the exercise's points for each day begun, half of them at most
    1/hour               1 point for each hour begun

Percentages are of the exercise's points, as in Canvas, not of what the submission earned. A score never falls below 0
and is rounded to two decimals, halves up.
"""

import csv
import io
import re
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from autograder.classroom.exports.sheet import delimiter_of
from autograder.errors import UserError

SECONDS = {"hour": 3600, "day": 86400}

NUMBER = r"[0-9]{1,6}(?:\.[0-9]{1,6})?"
RULE = re.compile(rf"({NUMBER}%?)(?:/(hour|day))?(?:,max=({NUMBER}%?))?")
RULE_EXAMPLES = "write it as 20%, 5/day or 10%/day,max=50%"

# A date, a time, and perhaps a zone: "+01:00", "Z", "UTC", "Europe/Berlin".
MOMENT = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})[ T](?P<time>\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?) ?"
    r"(?P<zone>[+-]\d{2}:?\d{2}|[A-Za-z][\w/+-]*)?"
)
MOMENT_EXAMPLES = 'write it as "2026-12-01 23:59", with "+01:00", "UTC" or "Europe/Berlin" behind it for a zone'

LONGEST_TIMESTAMP = 100  # bytes


@dataclass(frozen=True)
class Deadline:
    """The last moment that is not late, to the second as it is written: 23:59 ends before 23:59:01."""

    moment: datetime
    has_zone: bool

    def __str__(self) -> str:
        zone = "" if self.has_zone else " (local time)"
        return f"{self.moment:%Y-%m-%d %H:%M:%S} UTC{self.moment:%z}{zone}"


@dataclass(frozen=True)
class Amount:
    """Points, or a percentage of the exercise's points."""

    value: Decimal
    is_percentage: bool

    def points(self, max_score: int) -> Decimal:
        """Return the amount in points."""
        return self.value * max_score / 100 if self.is_percentage else self.value


@dataclass(frozen=True)
class Rule:
    """A late penalty: once, or for each period begun, of `seconds`; `cap` is the most that is taken off."""

    amount: Amount
    seconds: int | None = None
    cap: Amount | None = None


def parse_deadline(text: str) -> Deadline:
    """Return the deadline that a text says, in local time where it names no zone; UserError."""
    match = MOMENT.fullmatch(text.strip())
    try:
        return Deadline(_moment(text, None), has_zone=bool(match and match["zone"]))
    except ValueError as error:
        raise UserError(f'the deadline "{text}" {error}; {MOMENT_EXAMPLES}') from None


def parse_rule(text: str) -> Rule:
    """Return the late penalty that a text says; UserError."""
    match = RULE.fullmatch(text.replace(" ", "").lower())
    if not match:
        raise UserError(f'the late penalty "{text}" cannot be read; {RULE_EXAMPLES}')
    amount, unit, cap = match.groups()
    rule = Rule(_amount(amount), SECONDS[unit] if unit else None, _amount(cap) if cap else None)
    if any(part.is_percentage and part.value > 100 for part in (rule.amount, rule.cap) if part):
        raise UserError(f'the late penalty "{text}" takes more than 100 %; {RULE_EXAMPLES}')
    return rule


def _amount(text: str) -> Amount:
    return Amount(Decimal(text.removesuffix("%")), text.endswith("%"))


def read_times(data: bytes, path: Path, deadline: Deadline) -> dict[str, datetime]:
    """Return when each student handed in, from a CSV file with the columns `student` and `time` among others.

    A time without a zone is in the deadline's. A student whose time is empty is left out. UserError, with the line, for
    anything else that is no time and for a student who comes twice.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"{path} is not saved as UTF-8; save it so") from None
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter_of(text))
    times: dict[str, datetime] = {}
    try:
        table.fieldnames = [name.strip().lower() for name in table.fieldnames or []]
        if not {"student", "time"} <= set(table.fieldnames):
            raise UserError(f'{path} has no columns "student" and "time"; name them so in its first line')
        for row in table:
            _add_time(times, row, f"{path}, line {table.line_num}:", deadline)
    except csv.Error as error:
        raise UserError(f"{path}, line {table.line_num}: {error}; save it as CSV") from None
    return times


def _add_time(times: dict[str, datetime], row: Mapping[str, str | None], place: str, deadline: Deadline) -> None:
    student = unicodedata.normalize("NFC", row["student"] or "").strip()
    time = (row["time"] or "").strip()
    if not student:
        raise UserError(f"{place} there is no student; fill in the name or remove the line")
    if student in times:
        raise UserError(f"{place} {student} has a time already; leave the one that counts")
    if not time:
        return
    try:
        times[student] = _moment(time, deadline.moment.tzinfo if deadline.has_zone else None)
    except ValueError as error:
        raise UserError(f'{place} the time "{time}" {error}; {MOMENT_EXAMPLES}') from None


def handed_in(student: str, path: Path, times: Mapping[str, datetime]) -> datetime:
    """Return when a submission came. OSError where its file is gone."""
    if student in times:
        return times[student]
    # nbgrader's folders only: elsewhere the file would lie among all students' or is the student's own.
    stamp = _timestamp(path.parent / "timestamp.txt") if path.parent.name == path.stem else None
    return stamp or datetime.fromtimestamp(path.lstat().st_mtime, UTC)


def _timestamp(path: Path) -> datetime | None:
    """Return the moment in nbgrader's file, which is in UTC where it names no zone; None where there is none."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):  # a link may lead anywhere, and a pipe would be waited for
            return None
        with path.open("rb") as file:
            return _moment(file.read(LONGEST_TIMESTAMP).decode(errors="replace"), UTC)
    except (OSError, ValueError):
        return None


def seconds_late(moment: datetime, deadline: Deadline) -> float:
    """Return how long after the deadline a moment is; 0 where it is in time."""
    # In UTC, as Python subtracts wall clocks where both are in one zone, whatever day its clocks change on.
    return max(0.0, (moment.astimezone(UTC) - deadline.moment.astimezone(UTC)).total_seconds())


def penalised(raw: int, max_score: int, late: float, rule: Rule) -> float:
    """Return what counts of `raw` points, of `max_score`, for a submission that came `late` seconds late."""
    if late <= 0:
        return float(raw)
    periods = (Decimal(late) / rule.seconds).to_integral_value(ROUND_CEILING) if rule.seconds else Decimal(1)
    taken = rule.amount.points(max_score) * periods
    if rule.cap:
        taken = min(taken, rule.cap.points(max_score))
    left = max(Decimal(0), Decimal(raw) - taken)
    return float(left.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _moment(text: str, default: tzinfo | None) -> datetime:
    """Return the moment that a text says, in the zone `default` (None: local time) where it names none; ValueError."""
    match = MOMENT.fullmatch(text.strip())
    if not match:
        raise ValueError("is not a date and a time")
    try:
        plain = datetime.fromisoformat(f"{match['date']} {match['time']}")
    except ValueError as error:
        raise ValueError(f"does not exist ({error})") from None
    zone = _zone(match["zone"]) if match["zone"] else default
    try:
        moment = plain.replace(tzinfo=zone) if zone else plain.astimezone()
        moment.astimezone(UTC)  # which may be a year that Python does not have
        return moment
    except (OverflowError, OSError):
        raise ValueError("is too far away") from None


def _zone(name: str) -> tzinfo:
    if name.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    try:
        offset = datetime.strptime(name, "%z").tzinfo if name[0] in "+-" else None
        return offset or ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise ValueError(f'is in an unknown zone "{name}"') from None
