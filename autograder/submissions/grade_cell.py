"""The grade cell of a notebook: the code that asks for the verdict on one function (`autograder.live.check`)."""

import re
from collections.abc import Iterable

from autograder.authoring.check_source import WrittenCheck

IMPORT = "from autograder.live import check"
ID = "check-{}"  # of the grade cell of a function

EXERCISE = re.compile(r'check\(\\?"(\w+)\\?", \\?"\w+\\?"[,)]')  # also as JSON writes it


def code(exercise: str, function: str, points: int | None = None) -> str:
    """Return what a grade cell runs; with points it yields those, which is what nbgrader goes by."""
    worth = "" if points is None else f", points={points}"
    return f'{IMPORT}\n\ncheck("{exercise}", "{function}"{worth})'


def about(function: str, points: int, checks: Iterable[WrittenCheck]) -> str:
    """Return the comment above that: what the function is worth, and what it is checked for."""
    own = [check for check in checks if check.function == function]
    hidden = sum(check.visibility == "hidden" for check in own)
    worth = f"{points} {'point' if points == 1 else 'points'}"
    lines = [f"{function}, {worth}: run this cell, as often as you like, to see whether it"]
    lines += [f"  - {check.summary}" for check in own if check.visibility == "visible"]
    if hidden:
        lines.append(f"{hidden} more {'check runs' if hidden == 1 else 'checks run'} once you have handed in.")
    return "\n".join(f"# {line}" for line in lines)


def exercises(notebook: str) -> frozenset[str]:
    """Return the exercises that the grade cells in the text of a notebook's file belong to."""
    return frozenset(EXERCISE.findall(notebook))
