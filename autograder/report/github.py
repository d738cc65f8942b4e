"""The report for GitHub Actions: annotations and a log on standard output, and a job summary in Markdown.

Annotations are workflow commands (docs.github.com, "Workflow commands for GitHub Actions"). Whatever a student had a
hand in is either escaped within one command or between `::stop-commands::` and its token, where the runner obeys
nothing. The runner shows ten annotations of a kind for a step, and cuts their text.
"""

import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from autograder.model import FunctionResult, Problem, Report
from autograder.report import text as text_report
from autograder.report import words
from autograder.report.text import explanation

MOST = 10  # annotations of one step
LONGEST = 4000  # characters of an annotation; the runner cuts at 4096
LOG_WIDTH = 100  # columns
LARGEST = 200 << 10  # bytes of a summary; GitHub drops all of a step's summaries beyond 1 MiB
LONGEST_BLOCK = 8000  # characters of one block of code in a summary

LEVELS = {"failed": "error", "errored": "error", "not_attempted": "notice", "blocked": "notice"}
# The first line of an excerpt is "line 3" for a syntax error; a traceback has "exercise2.py, line 84, in update: …".
PLACE = re.compile(r"(?:(?P<file>.+?), )?line (?P<line>[1-9]\d{0,6})\b")


class Annotation(NamedTuple):
    """A remark beside a line of a file; `file` is '' where the file is not in the repository."""

    level: str
    file: str
    line: int | None
    title: str
    text: str

    def __str__(self) -> str:
        where = {"file": self.file, "line": str(self.line or "") if self.file else "", "title": self.title}
        properties = ",".join(f"{name}={_property(value)}" for name, value in where.items() if value)
        text = self.text if len(self.text) <= LONGEST else self.text[:LONGEST] + " …"
        return f"::{self.level} {properties}::{_data(text)}"


def render(report: Report, *, root: Path = Path(), token: str = "") -> str:
    """Return what to print in a step: at most ten annotations, then the text report as a log.

    `root` is the folder of the repository, the current one by default. `token` ends the part in which the runner obeys
    nothing; nobody may be able to guess it, and by default it is random.
    """
    token = token or secrets.token_hex(16)
    annotations = [*_problems(report, words.path_below(report, root))][: MOST - 1]
    commands = [str(annotation) for annotation in [*annotations, _total(report)]]
    log = text_report.render(report, width=LOG_WIDTH, color=False, in_full=True)
    return "\n".join([*commands, f"::stop-commands::{token}", log + f"::{token}::", ""])


def _problems(report: Report, path: str) -> Iterator[Annotation]:
    if report.problem is not None:
        yield Annotation(
            "error", path, _stopped_at(report, report.problem), "The file cannot be loaded", _reason(report.problem)
        )
        return
    for result in sorted(report.functions, key=lambda each: each.outcome not in ("failed", "errored")):
        if result.outcome != "passed":
            title = f"{result.name}: {words.points(result)}"
            yield Annotation(LEVELS[result.outcome], path, _line(report, result), title, explanation(report, result))


def _reason(problem: Problem) -> str:
    return "\n".join([words.clean(problem.text), *words.problem_lines(problem, LOG_WIDTH)])


def _total(report: Report) -> Annotation:
    text = "\n".join(filter(None, [*(words.step_lines(report) or [words.praise(report)]), words.on_hand_in(report)]))
    return Annotation("notice", "", None, f"{report.exercise.name}: {words.points(report)} points", text)


def _line(report: Report, result: FunctionResult) -> int | None:
    if report.submission.is_notebook:
        return None
    violations = words.violations_of(report, result)
    return violations[0].line if violations else result.line


def _stopped_at(report: Report, problem: Problem) -> int | None:
    """The line of a script at which it could not be loaded, where that is known."""
    places = [PLACE.match(line) for line in problem.lines]
    lines = [int(place["line"]) for place in places if place and place["file"] in (None, report.submission.path.name)]
    return lines[-1] if lines and not report.submission.is_notebook else None


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


# The job summary


def summary(report: Report) -> str:
    """Return the job summary in Markdown: the points of each function, the first thing to fix, then the others.

    Text from the student's side stands only in code, where it is neither Markdown nor HTML. It is at most 200 KiB.
    """
    kept: list[str] = []
    left = LARGEST
    for part in _parts(report):
        left -= len(part.encode())
        if left < 0:
            kept.append("_The rest is too long to be shown here._\n")
            break
        kept.append(part)
    return "\n".join(kept)


def _parts(report: Report) -> Iterator[str]:
    yield f"## {report.exercise.name} — {report.exercise.title}: {words.points(report)}\n"
    yield _table(report)
    if said := words.credit(report):
        yield f"{said}\n"
    yield "\n".join(f"**{label}:** {_code(what)}  " for label, what in words.next_steps(report, None)) + "\n"
    if report.problem is not None:
        yield f"### {words.UNLOADABLE}\n"
        yield _block(_reason(report.problem))
    else:
        yield from _explanations(report)
    if report.notes or words.violations_elsewhere(report) or report.printed.strip():
        yield _folded("The file as a whole, and what it printed", text_report.render_remarks(report, width=LOG_WIDTH))
    if said := words.on_hand_in(report):
        yield f"{said}\n"
    grader = report.grader
    yield f"<sub>Version {grader.version}, seed {grader.seed}. {words.GRADED_IN[grader.isolation]}</sub>\n"


def _table(report: Report) -> str:
    rows = [f"| {words.MARKS[each.outcome]} | `{each.name}` | {words.points(each)} |" for each in report.functions]
    total = f"| | **all** | **{words.points(report)}** |"
    return "\n".join(["| | function | points |", "|---|---|---:|", *rows, total, ""])


def _explanations(report: Report) -> Iterator[str]:
    """What is wrong, the first function in the open and the others folded, and then what is only to be noted."""
    wrong = [result for result in report.functions if result.outcome in ("failed", "errored")]
    for first in wrong[:1]:
        yield f"### {first.name}: {words.points(first)}\n"
        yield _block(explanation(report, first))
    for result in wrong[1:]:
        yield _folded(f"{result.name}: {words.points(result)}", explanation(report, result))
    for result in report.functions:
        if result.outcome == "passed" and (said := explanation(report, result)):
            yield _folded(f"{result.name}: notes", said)


def _folded(title: str, text: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{_block(text)}\n</details>\n"


def _block(text: str) -> str:
    """Return text as a block of code, fenced by more backticks than it has in a row."""
    shown = text.strip("\n") if len(text) <= LONGEST_BLOCK else text[:LONGEST_BLOCK] + " …"
    fence = "`" * max(3, _backticks(shown) + 1)
    return f"{fence}text\n{shown}\n{fence}\n"


def _code(text: str) -> str:
    """Return text as code within a line; the blanks keep a backtick at its end apart from those around it."""
    marks = "`" * (_backticks(text) + 1)
    return f"{marks} {' '.join(text.split())} {marks}"


def _backticks(text: str) -> int:
    return max(map(len, re.findall(r"`+", text)), default=0)
