"""Wrong submissions by the line: each row of a table in tests/corpus/mistakes is a body that makes one mistake.

`== f(x) ==` begins a function, whose first line is put before each of its bodies; `-- id` begins a mistake, and `$`
stands for a line break. The rest of the submission is right/<exercise>/plain.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from corpus import complete, plain
from places import CORPUS
from students import script

from autograder.model import Submission

NOTHING = "none"  # in the place of an id: the function is wrong in a way that has no name


@dataclass(frozen=True)
class MadeMistake:
    """A function with a mistake in it."""

    exercise: str
    function: str
    id: str
    body: str
    text: str

    def __str__(self) -> str:
        return f"{self.function}: {self.id}: {self.body}"

    @property
    def submission(self) -> Submission:
        """A script with this mistake only."""
        base = "import functools\n\nimport numpy as np\n" + plain(self.exercise)
        return script(complete(self.text, base, []), self.exercise)


def made_mistakes(exercise: str, table: str = "") -> Iterator[MadeMistake]:
    """Yield the rows of an exercise's table."""
    lines = (CORPUS / "mistakes" / f"{table or exercise}.txt").read_text(encoding="utf-8").splitlines()
    rows = iter(line for line in lines if line)
    signature = first = identity = ""
    for line in rows:
        if line.startswith("== "):
            signature, first = line.strip("= "), next(rows)
        elif line.startswith("-- "):
            identity = line.removeprefix("-- ")
        else:
            body = [*first.split("$"), *line.split("$")]
            text = "\n    ".join([f"def {signature}:", *body])
            yield MadeMistake(exercise, signature.partition("(")[0], identity, line, text)
