"""Deadlines, and what a late hand-in costs.

When submissions came is taken from the list of times that the instructor gives, and from that alone; without one, from
the `timestamp.txt` that nbgrader writes beside each, or from the time at which its file was last changed. Archives and
copies may have lost that last one, and students may write a `timestamp.txt` as they like: where it matters, give one.

Where a time can be read in two ways, as the clocks were turned back or forward in that hour, or "CET" is written in
summer, it is read in the student's favour: a hand-in as the earlier moment, a deadline as the later one.

A penalty is written `AMOUNT[/UNIT][,max=AMOUNT]`:

    20%                  a fifth of the exercise's points, however late
    5/day                5 points for each day begun
    10%/day,max=50%      a tenth of the exercise's points for each day begun, half of them at most
    1/hour               1 point for each hour begun

Percentages are of the exercise's points, as in Canvas, not of what the submission earned. A score never falls below 0
and is rounded to two decimals, halves up.
"""

import os
import re
import stat
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from autograder.classroom.exports.sheet import named_rows
from autograder.classroom.names import printable
from autograder.errors import UserError
from autograder.model import CountedScore

SECONDS = {"hour": 3600, "day": 86400}

NUMBER = r"[0-9]{1,6}(?:\.[0-9]{1,6})?"
RULE = re.compile(rf"({NUMBER}%?)(?:/(hour|day))?(?:,max=({NUMBER}%?))?")
RULE_EXAMPLES = "write it as 20%, 5/day or 10%/day,max=50%"

# A date, a time, and perhaps a zone, as ISO 8601, nbgrader, Moodle, Canvas and others write them:
# "2026-11-20T23:59:00.123Z", "2026-11-20 23:59:00 CET", "Friday, 20 November 2026, 11:59 PM", "Nov 20, 2026 11:59pm".
# Moodle writes days and months in its user's language; of others than English and German each has its line.
MONTHS = (
    *("january januar", "february februar", "march märz", "april", "may mai", "june juni", "july juli", "august"),
    *("september", "october oktober", "november", "december dezember"),
)
MONTH = r"[^\W\d_]{3,9}"
MOMENT = re.compile(
    r"(?:[^\W\d_]{2,10}\.?,? (?=\w+\.? ))?"
    r"(?:(?P<iso>[0-9]{4}([-/])[0-9]{2}\2[0-9]{2})"
    rf"|(?P<day>[0-9]{{1,2}})\.? (?P<month>{MONTH})\.? (?P<year>[0-9]{{4}})"
    rf"|(?P<us_month>{MONTH})\.? (?P<us_day>[0-9]{{1,2}}),? (?P<us_year>[0-9]{{4}}))"
    r"(?:,? (?:at )?|T)(?P<hour>[0-9]{1,2}):(?P<rest>[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)"
    r" ?(?P<half>[ap]\.?m\.?(?![a-z]))? ?"
    r"(?P<zone>(?:UTC|GMT)?[+-][0-9]{1,2}(?::?[0-9]{2})?|[a-z][a-z0-9_/+-]*)?",
    re.IGNORECASE,
)
# Short names of zones, in hours from UTC; IST, CST and AST are several countries' and are left to the local zone.
SHORT: dict[str, float] = {
    "WET": 0, "UTC": 0, "GMT": 0, "Z": 0, "WEST": 1, "BST": 1, "CET": 1, "MET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2,
    "MEST": 2, "EET": 2, "SAST": 2, "EEST": 3, "MSK": 3, "SGT": 8, "HKT": 8, "AWST": 8, "JST": 9, "KST": 9,
    "ACST": 9.5, "AEST": 10, "ACDT": 10.5, "AEDT": 11, "NZST": 12, "NZDT": 13, "NDT": -2.5, "ADT": -3, "NST": -3.5,
    "EDT": -4, "EST": -5, "CDT": -5, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8, "AKDT": -8, "AKST": -9, "HST": -10,
}  # fmt: skip
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
        return self.value * max_score / 100 if self.is_percentage else self.value


@dataclass(frozen=True)
class Rule:
    """A late penalty: once, or for each period begun, of `seconds`; `cap` is the most that is taken off."""

    amount: Amount
    seconds: int | None = None
    cap: Amount | None = None


def parse_deadline(text: str) -> Deadline:
    """Return the deadline that a text says, in local time where it names no zone; UserError."""
    match = MOMENT.fullmatch(_plain_spaces(text))
    try:
        return Deadline(_moment(text, None, is_deadline=True), has_zone=bool(match and match["zone"]))
    except ValueError as error:
        raise UserError(f'the deadline "{_shown(text)}" {error}; {MOMENT_EXAMPLES}') from None


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
    times: dict[str, datetime] = {}
    for place, row in named_rows(data, path, "student", "time"):
        _add_time(times, row, place, deadline)
    return times


def _add_time(times: dict[str, datetime], row: Mapping[str, str], place: str, deadline: Deadline) -> None:
    student = unicodedata.normalize("NFC", row["student"])
    time = row["time"]
    if not student:
        raise UserError(f"{place} there is no student; fill in the name or remove the line")
    if student in times:
        raise UserError(f"{place} {student} has a time already; leave the one that counts")
    if time in {"", "-"}:
        return
    try:
        times[student] = _moment(time, deadline.moment.tzinfo if deadline.has_zone else None)
    except ValueError as error:
        raise UserError(f'{place} the time "{_shown(time)}" {error}; {MOMENT_EXAMPLES}') from None


def of_students(times: Mapping[str, datetime], students: Iterable[str]) -> dict[str, datetime]:
    """Return the times by the students' own names: where only one has a name but for its case, that is meant."""
    names = {student.lower(): student for student in students}
    return {name if name in names.values() else names.get(name.lower(), name): when for name, when in times.items()}


def handed_in(student: str, path: Path, times: Mapping[str, datetime]) -> datetime:
    """Return when a submission came. OSError where its file is gone; ValueError where its time cannot be read."""
    if student in times:
        return times[student]
    # nbgrader's folders only: elsewhere the file would lie among all students' or is the student's own.
    stamp = path.parent / "timestamp.txt"
    if path.parent.name != path.stem or not os.path.lexists(stamp):
        return datetime.fromtimestamp(path.lstat().st_mtime, UTC)
    if not stat.S_ISREG(stamp.lstat().st_mode):  # a link may lead anywhere, and a pipe would be waited for
        raise ValueError("timestamp.txt is no ordinary file")
    with stamp.open("rb") as file:
        text = file.read(LONGEST_TIMESTAMP).decode(errors="replace").strip()
    try:
        return _moment(text, UTC)  # which nbgrader means where it names no zone
    except ValueError as error:
        raise ValueError(f'"{_shown(text)}" in timestamp.txt {error}') from None


def seconds_late(moment: datetime, deadline: Deadline) -> float:
    """Return how long after the deadline a moment is; 0 where it is in time."""
    # In UTC, as Python subtracts wall clocks where both are in one zone, whatever day its clocks change on.
    return max(0.0, (moment.astimezone(UTC) - deadline.moment.astimezone(UTC)).total_seconds())


def counted(earned: int, max_score: int, late: float | None, rule: Rule | None) -> CountedScore:
    """Return what counts of points earned, of `max_score`, for a submission that came `late` seconds late.

    `late` is None where there is no deadline. This is the one place in which lateness takes points.
    """
    if rule is None or not late or late < 0:
        return CountedScore(earned, Decimal(earned), late)
    periods = (Decimal(late) / rule.seconds).to_integral_value(ROUND_CEILING) if rule.seconds else Decimal(1)
    taken = rule.amount.points(max_score) * periods
    if rule.cap:
        taken = min(taken, rule.cap.points(max_score))
    left = max(Decimal(0), earned - taken).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return CountedScore(earned, left, late)


def _moment(text: str, default: tzinfo | None, *, is_deadline: bool = False) -> datetime:
    """Return the moment that a text says, in the zone `default` (None: local time) where it names none; ValueError."""
    match = MOMENT.fullmatch(_plain_spaces(text))
    if not match:
        raise ValueError("is not a date and a time")
    try:
        plain = _plain(match)
    except ValueError as error:
        raise ValueError(f"does not exist ({error})") from None
    zones = _zones(match["zone"], plain, default) if match["zone"] else [default]
    try:
        moments = [
            plain.replace(fold=fold, tzinfo=zone) if zone else plain.replace(fold=fold).astimezone()
            for zone in zones
            for fold in (0, 1)
        ]
        moments.sort(key=lambda moment: moment.astimezone(UTC))  # which may be a year that Python does not have
        return moments[-1] if is_deadline else moments[0].astimezone(UTC)
    except (OverflowError, OSError):
        raise ValueError("is too far away") from None


def _plain_spaces(text: str) -> str:
    plain = " ".join(text.split())  # some write narrow ones before PM
    return re.sub(r"([+-][0-9]{2}:?[0-9]{2}) (?:UTC|\([A-Z]+\))$", r"\1", plain)


def _shown(text: str) -> str:
    return printable(text[:40]) + ("..." if len(text) > 40 else "")


def _plain(match: re.Match[str]) -> datetime:
    """Return date and time as they are written, without a zone; ValueError where there is no such day or hour."""
    date, hour = (match["iso"] or "").replace("/", "-"), int(match["hour"])
    if not date:
        word = (match["month"] or match["us_month"]).lower()
        month = next(
            (at for at, names in enumerate(MONTHS, 1) if any(name.startswith(word) for name in names.split())), 0
        )
        if not month:
            raise ValueError(f"no month {word}")
        date = f"{match['year'] or match['us_year']}-{month:02}-{int(match['day'] or match['us_day']):02}"
    if half := match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(f"no hour {hour} {half}")
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    return datetime.fromisoformat(f"{date} {hour:02}:{match['rest']}")


def _zones(name: str, plain: datetime, default: tzinfo | None) -> list[tzinfo]:
    """Return the zones that a name may mean at a time."""
    offset = re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?", name, re.IGNORECASE)
    try:
        if offset:
            sign, hours, minutes = offset.groups(default="00")
            return [timezone((1 if sign == "+" else -1) * timedelta(hours=int(hours), minutes=int(minutes)))]
        for zone in (default, plain.astimezone().tzinfo):  # which say whether IST is India's, Israel's or Ireland's
            if zone and name == zone.tzname(plain):
                return [zone]
        if name.upper() in SHORT:
            fixed = timezone(timedelta(hours=SHORT[name.upper()]), name.upper())
            return [fixed, ZoneInfo(name.upper())] if name.upper() in {"CET", "EET", "MET", "WET"} else [fixed]
        return [ZoneInfo(name)]
    except (ValueError, OSError, KeyError):
        raise ValueError(f'is in an unknown zone "{name}"') from None
