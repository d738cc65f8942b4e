"""Submissions in which one function is wrong: tables of snippets, and what a grader makes of each.

In `tests/corpus/named/<exercise>.txt` a line `#: function id` says which function of `right/<exercise>/plain.py` the
snippets below it replace, and which mistake must be named: `none` where none may be, `right` where there is none. They
are bodies, or definitions with what they need, and `---` stands between them.
"""

import ast
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus import complete, plain
from places import CORPUS, KIT

from autograder.authoring import catalog
from autograder.grading.grader import Grader
from autograder.host.fork_server import ForkServer
from autograder.model import GradingSpec, Report
from autograder.submissions.submission import decode


@dataclass(frozen=True)
class Snippet:
    """A function with a mistake, whose id is `mistake`."""

    exercise: str
    function: str
    mistake: str
    code: str
    line: int

    def __str__(self) -> str:
        return f"{self.exercise}:{self.line} {self.function} {self.mistake}"


def snippets_of(path: Path) -> Iterator[Snippet]:
    """Yield the snippets of a file."""
    function = mistake = ""
    begun, code = 1, ""
    for number, line in enumerate([*path.read_text(encoding="utf-8").splitlines(), "---"], 1):
        if not line.startswith(("#: ", "---")):
            code += f"{line}\n"
            continue
        if code.strip():
            yield Snippet(path.stem, function, mistake, _defined(path.stem, function, code), begun)
        begun, code = number + 1, ""
        if line.startswith("#: "):
            function, mistake = line.removeprefix("#: ").split()


def _defined(exercise: str, function: str, code: str) -> str:
    """Return a snippet as a definition; a body gets the line that the exercise has."""
    if f"def {function}(" in code or f"{function} =" in code:
        return code
    found = (node for node in ast.parse(plain(exercise)).body if getattr(node, "name", "") == function)
    parameters = ast.unparse(next(found).args)  # type: ignore[attr-defined]
    return f"def {function}({parameters}):\n{textwrap.indent(code, '    ')}"


class Bench:
    """Grades many snippets, each function by a grader of its own."""

    def __init__(self, fork_server: ForkServer) -> None:
        self._fork_server = fork_server
        self._graders: dict[tuple[str, str], Grader] = {}

    def grade(self, snippet: Snippet) -> Report:
        """Return the report on the function of a snippet."""
        key = snippet.exercise, snippet.function
        if key not in self._graders:
            exercise = catalog.find_exercise(KIT, snippet.exercise)
            self._graders[key] = Grader(GradingSpec(exercise, functions=(snippet.function,)), self._fork_server)
        text = complete(snippet.code, plain(snippet.exercise), [])
        return self._graders[key].grade(decode(text.encode(), Path("mine.py"), ""))

    def named(self, snippet: Snippet) -> str:
        """Return the mistake that is named, "none" where none is, "right" where all points are earned."""
        report = self.grade(snippet)
        if report.score == report.max_score:
            return "right"
        return next((check.diagnosis.id for check in report.checks if check.diagnosis is not None), "none")


NAMED = CORPUS / "named"
