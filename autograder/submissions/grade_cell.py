"""The grade cell of a notebook: the code that asks for the verdict on one function (`autograder.live.check`)."""

import re

IMPORT = "from autograder.live import check"
CALL = 'check("{exercise}", "{function}", points={points})'

EXERCISE = re.compile(r'check\(\\?"(\w+)\\?", \\?"\w+\\?",')  # also as JSON writes it


def code(exercise: str, function: str, points: int) -> str:
    return f"{IMPORT}\n\n{CALL.format(exercise=exercise, function=function, points=points)}"


def exercises(notebook: str) -> frozenset[str]:
    """Return the exercises that the grade cells in the text of a notebook's file belong to."""
    return frozenset(EXERCISE.findall(notebook))
