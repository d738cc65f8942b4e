"""The grade cell of a notebook: the code that asks for the verdict on one function (`autograder.live.check`)."""

import re

IMPORT = "from autograder.live import check"
ID = "check-{}"  # of the grade cell of a function

EXERCISE = re.compile(r'check\(\\?"(\w+)\\?", \\?"\w+\\?"[,)]')  # also as JSON writes it


def code(exercise: str, function: str, points: int | None = None) -> str:
    """Return what a grade cell runs; with points it yields those, which is what nbgrader goes by."""
    worth = "" if points is None else f", points={points}"
    return f'{IMPORT}\n\ncheck("{exercise}", "{function}"{worth})'


def exercises(notebook: str) -> frozenset[str]:
    """Return the exercises that the grade cells in the text of a notebook's file belong to."""
    return frozenset(EXERCISE.findall(notebook))
