"""The grade cell of a notebook: the code that asks for the verdict on one function (`autograder.live.check`)."""

import re

IMPORT = "from autograder.live import check"
ID = "check-{}"  # of the grade cell of a function

LONGEST = 4000  # characters; no grade cell has a tenth of that
COMMENTS = r"(?:[ \t]*(?:#[^\n]*)?\n)*"
WHOLE = re.compile(rf'{COMMENTS}{re.escape(IMPORT)}\s+check\("\w+", "\w+"(?:, points=\d+)?\)\s*')
EXERCISE = re.compile(r'check\(\\?"(\w+)\\?", \\?"\w+\\?"[,)]')  # also as JSON writes it


def code(exercise: str, function: str, points: int | None = None) -> str:
    """Return what a grade cell runs; with points it yields those, which is what nbgrader goes by."""
    worth = "" if points is None else f", points={points}"
    return f'{IMPORT}\n\ncheck("{exercise}", "{function}"{worth})'


def unasked(cell: str) -> str:
    """Return the code of a cell without the question, where it is a grade cell that nobody has changed.

    While it is graded there is no verdict yet, and the 0 in its place would stand among what the student's code prints.
    """
    return IMPORT if len(cell) <= LONGEST and WHOLE.fullmatch(cell) else cell


def exercises(notebook: str) -> frozenset[str]:
    """Return the exercises that the grade cells in the text of a notebook's file belong to."""
    return frozenset(EXERCISE.findall(notebook))
