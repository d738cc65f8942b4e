"""Words that every report for people shares: what to do next, and text from the student's side made harmless."""

import os
import re
import shlex
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from autograder.exercise import Exercise
from autograder.model import CheckResult, CountedScore, Evidence, FunctionResult, Message, Problem, Report, Violation
from autograder.report.source import span_of
from autograder.submissions.outline import to_write

# Terminal control sequences, even one that is cut off: CSI; OSC and the like with their text; two characters.
ESCAPE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\n]*(?:\x07|\x1b\\)?"
    r"|\x1b[ -/]*[0-~]?"
)
# Other control characters, line separators, marks of direction, lone surrogates.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\ud800-\udfff]")
# Code that turns the order of letters around reads as what it is not, so these are shown by name.
REORDERING = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
LONGEST, TALLEST = 1000, 10  # characters and lines of one text from the student's side
DEEPEST = 6  # lines of a traceback
OWN_LINES = 40  # of a function of the student's
TELLS_RIGHT = re.compile(r"[^;]*\bright\b[^;]*;")  # how the sentence of a mistake begins that does so

MARKS = {"passed": "✔", "failed": "✘", "errored": "!", "not_attempted": "·", "blocked": "·"}

WELCOME = "Welcome! Nothing is written yet, and so nothing is wrong yet."
HOW_IT_WORKS = "How it works: write one function, save the file, grade it again."
APART = "Each function is judged on its own: a slip in one costs nothing in another."
FULL_MARKS = "Full marks, well done! Everything does what it should."
VISIBLE_MARKS = "All that is checked here is right, well done!"
AT_HAND_IN = (
    "At hand-in, hidden checks run too; they hold {hidden} of the {all} points. "
    "A function earns its points only when all of its checks pass."
)
BY_CHECK = "At hand-in, hidden checks run too; they hold {hidden} of the {all} points."
PARTIAL = "Partial credit by checks: each check that passes earns its own points of those of its function."
REVEALED = "For the instructor: the hidden check {name} in full."
WAITING = "At hand-in each function is judged by itself, whatever it waits for here."
ALSO = "Also looked at when you hand in: {what}."
FEW = 4  # notes that say the same of different parts of an answer
MORE = "The first of them is told in full; the option --all tells all."
UNLOADABLE = "The file cannot be loaded, so nothing could be graded yet. Once it can, all that was right counts again."
REST_IS_GRADED = "What the rest of the file defines is graded all the same."
REMARKS = {"not_attempted": "not written yet", "blocked": "waits until what it needs is right"}
GRADED_IN = {"sandbox": "Graded in a sandbox.", "process": "Graded in a process of its own, without a sandbox."}
OUR_FAULT = "The grader itself failed here; that is its fault and not yours. Please tell your instructor: check {name}."


def harmless(text: str) -> str:
    """Return text without anything that a terminal would obey or that would turn the order of letters."""
    plain = CONTROL.sub("", ESCAPE.sub("", text.replace("\r\n", "\n")))
    return REORDERING.sub(lambda mark: f"⟨U+{ord(mark[0]):04X}⟩", plain)


def clean(value: object, limit: int = LONGEST) -> str:
    """Return text from the student's side without anything that a terminal would obey, and of bounded length."""
    text = harmless(str(value)[: 2 * limit])
    lines = text.split("\n")
    if len(text) > limit or len(lines) > TALLEST:
        return "\n".join(lines[:TALLEST])[:limit] + " …"
    return text


def last_lines(printed: str, limit: int) -> tuple[list[str], bool]:
    """Return the end of what was printed, and whether there was more; of a line written over, what stayed."""
    shown = [line.rstrip("\r").rpartition("\r")[2] for line in printed.rstrip().split("\n")]
    if not shown[-1]:
        return [], False
    return [clean(line, 300) for line in shown[-limit:]], len(shown) > limit


def excerpt(lines: tuple[str, ...], width: int) -> list[str]:
    """Return lines of code or traceback cut to the width; where the last one is a caret, it stays under its place."""
    shown = [line.replace("\t", " ").replace("\n", " ").rstrip() for line in lines]  # one each, whatever it holds
    if len(shown) > 1 and shown[-1].strip(" ^~") == "" and "^" in shown[-1]:
        column = len(shown[-1]) - len(shown[-1].lstrip())
        start = max(0, column - width // 2)
        before = shown[-2][start:column]
        shown[-2] = shown[-2][start:]
        shown[-1] = " " * (cell_len(harmless(before)) + column - start - len(before)) + shown[-1].strip()
    shown = [clean(line).rstrip() for line in shown]
    return [line if cell_len(line) <= width else set_cell_size(line, width - 1) + "…" for line in shown]


def problem_lines(problem: Problem, width: int) -> list[str]:
    """Return the code of a problem as an excerpt; not the line's number again where the sentence begins with it."""
    number, *rest = problem.lines or ("",)
    is_told = number.startswith("line ") and re.match(rf"{re.escape(number)}\b", str(problem.text)) is not None
    return excerpt(tuple(rest) if is_told else problem.lines, width)


def place(report: Report) -> str:
    """Return the file that was graded, and which functions of it where that was asked for."""
    path = _path(report)
    if len(report.functions) == len(report.exercise.functions):
        return path
    return f"{path} (only {', '.join(result.name for result in report.functions)})"


def _path(report: Report) -> str:
    """The path in one line, or a file's name could look like lines of the report."""
    return " ".join(clean(report.submission.path).split("\n"))


def path_below(report: Report, root: Path) -> str:
    """Return the path by which a repository with this root folder names the file, '' where the file is not in it."""
    path = os.path.relpath(os.path.abspath(report.submission.path), root)  # noqa: PTH100 - a link stays a link
    outside = path == os.pardir or path.startswith(os.pardir + os.sep)
    return "" if outside else clean(path).replace(os.sep, "/")


def own_code(report: Report, function: FunctionResult) -> list[str]:
    """Return the lines of a function as its author wrote them, with their numbers where it is a script."""
    span = span_of(report, function)
    if span is None:
        return []
    lines = report.submission.cells[span.cell].code.split("\n")[span.first : span.end]
    more = ["…"] if len(lines) > OWN_LINES else []
    numbers = [f"{at + 1:>3}  " if function.line else "" for at in range(span.first, span.first + OWN_LINES)]
    return [f"{number}{line}" for number, line in zip(numbers, lines, strict=False)] + more


def number(value: float | Decimal) -> str:
    """Return a number with up to two decimals, whole ones without any."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def lateness(counted: CountedScore) -> str:
    """Return what lateness took of a score, and what is left; nothing where it came in time."""
    if not counted.hours_late:
        return ""
    late = f"handed in {several(counted.hours_late, 'hour')} late"
    if not counted.penalty:
        return f"{late}, which takes nothing"
    taken = f"which takes {number(counted.penalty)}: {number(counted.counts)} count{'s' * (counted.counts == 1)}"
    return f"{several(counted.earned, 'point')} earned; {late}, {taken}"


def moment(iso: str) -> str:
    """Return a moment in ISO 8601 as people write it, by this machine's clock."""
    return f"{datetime.fromisoformat(iso).astimezone():%Y-%m-%d %H:%M %Z}".strip()


def several(value: float | Decimal, what: str) -> str:
    """Return a number of things: "1 point", "2.5 points"."""
    return f"{number(value)} {what}" + ("" if value == 1 else "s")


def points(result: FunctionResult | Report) -> str:
    return f"{result.score} / {result.max_score}"


class FailureWords(NamedTuple):
    """What a reader learns of a check that failed; `headline` is the property, or why there is nothing to call.

    `mistake` is the known mistake that explains it.
    """

    headline: str
    sentence: str = ""
    evidence: Evidence = Evidence()
    question: str = ""
    mistake: str = ""

    @property
    def trace(self) -> list[str]:
        """The last of the student's own lines that raised."""
        return [clean(line) for line in self.evidence.trace[-DEEPEST:]]


class FunctionWords(NamedTuple):
    """What a reader learns of a function, in the order in which it is said.

    `remark` is why nothing was wrong with a function that has no points, `right` are the properties that hold, `fault`
    is what to say where the grader itself failed.
    """

    remark: str
    violations: list[Violation]
    right: list[str]
    failure: FailureWords | None
    fault: str
    notes: list[str]


def function_words(report: Report, function: FunctionResult) -> FunctionWords:
    """Return what there is to say of a function: a breach of the by-hand rule speaks instead of the checks.

    Of several checks that failed, the first speaks; those after it have their turn once it passes.
    """
    checks = checks_of(report, function)
    violations = violations_of(report, function)
    notes = [*_notes(dict.fromkeys(note for result in checks for note in result.notes))]
    if violations or function.outcome not in ("failed", "errored"):
        waits = next(
            (
                " ".join(clean(result.message).split())
                for result in checks
                if result.outcome == "blocked" and result.message
            ),
            "",
        )
        return FunctionWords(waits or REMARKS.get(function.outcome, ""), violations, [], None, "", notes)
    right = [result.check.summary for result in checks if result.outcome == "passed"]
    failed, errored = (next((each for each in checks if each.outcome == kind), None) for kind in ("failed", "errored"))
    fault = OUR_FAULT.format(name=errored.check.name) if errored else ""
    return FunctionWords("", violations, right, _failure(failed) if failed else None, fault, notes)


def _notes(notes: Iterable[Message]) -> Iterator[str]:
    """Yield what the notes say, each once; of many that say the same of different parts of answers the first speaks."""
    alike: dict[tuple[str, ...], dict[str, None]] = {}
    for note in notes:
        rest = (value for name, value in note.values if name != "where")
        alike.setdefault((note.template, *rest), {})[clean(str(note))] = None
    for first, *more in alike.values():
        yield from [first, *more] if len(more) < FEW else [f"{first} (and so on, for {len(more)} more)"]


def _failure(result: CheckResult) -> FailureWords:
    """Return what may be said of a check that failed: of a hidden one, nothing of its case."""
    check, evidence = result.check, result.evidence or Evidence()
    named = result.diagnosis if result.diagnosis is not None and result.diagnosis.question else None
    said = clean((named.text if named else result.message) or "")
    question = question_of(result)
    mistake = named.id if named else ""
    if check.visibility == "hidden":
        return FailureWords(f"a hidden check: {check.summary}", said, question=question, mistake=mistake)
    if result.evidence == Evidence() and not result.question and named is None:
        # Nothing to call: no property is to the point.
        return FailureWords(said or check.summary)
    right = [quoted(clean(part)) for part in evidence.right if part]
    shown = right[:4] + [f"{len(right) - 4} more"] * (len(right) > 4)
    # A mistake that says what is right says it better.
    is_told = named is not None and TELLS_RIGHT.match(said)
    first = f"{_enumerated(shown)} {'is' if len(right) == 1 else 'are'} right; " if right and not is_told else ""
    return FailureWords(check.summary, first + said, evidence, question, mistake)


def question_of(result: CheckResult) -> str:
    """Return what to ask about a check that failed: of the mistake that was named, else of the error, else the hint."""
    if result.diagnosis is not None and result.diagnosis.question:
        return result.diagnosis.question
    return result.check.hint if result.question is None else clean(result.question)


def quoted(name: str) -> str:
    """Return the name of a part for a sentence: one of Python's in backticks."""
    return f"`{name}`" if name.isidentifier() else name


def _enumerated(parts: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def violations_of(report: Report, function: FunctionResult) -> list[Violation]:
    """Return the breaches of the by-hand rule that a function is charged with."""
    return [violation for violation in report.violations if violation.function == function.name]


def violations_elsewhere(report: Report) -> list[Violation]:
    """Return the breaches that no graded function is charged with."""
    graded = {result.name for result in report.functions}
    return [violation for violation in report.violations if violation.function not in graded]


def is_fresh(report: Report) -> bool:
    """Whether nobody has written anything yet."""
    return report.problem is None and all(result.outcome == "not_attempted" for result in report.checks)


def credit(report: Report) -> str:
    """Return how functions earn their points where that is not by all of their checks together; '' where it is."""
    return PARTIAL if report.credit == "check" else ""


def is_full(report: Report) -> bool:
    is_right = all(result.outcome == "passed" for result in report.functions)
    return is_right and len(report.functions) == len(report.exercise.functions)


def praise(report: Report) -> str:
    """Return what to say where all is right: in a student kit, that the hidden checks are still to come."""
    return VISIBLE_MARKS if at_hand_in(report) else FULL_MARKS


def at_hand_in(report: Report) -> str:
    """Return what hidden checks of the functions graded hold at hand-in; '' where this kit has all checks."""
    graded = {result.name for result in report.functions}
    left = [left for function, left in report.exercise.at_hand_in if function in graded]
    hidden = sum(each.points for each in left)
    also = list(dict.fromkeys(what for each in left for what in each.looks_at))
    sentence = AT_HAND_IN if report.credit == "function" else BY_CHECK
    said = sentence.format(hidden=hidden, all=report.max_score + hidden) if hidden else ""
    return f"{said} {ALSO.format(what=', '.join(also))}" if said and also else said


def on_hand_in(report: Report) -> str:
    """Return what is worth knowing of the hand-in now: what comes on top once all is right here, or who waits."""
    if any(result.outcome == "blocked" and result.message for result in report.checks):
        return WAITING
    return at_hand_in(report) if report.problem is None and report.score == report.max_score else ""


def checks_of(report: Report, function: FunctionResult) -> list[CheckResult]:
    return [result for result in report.checks if result.check.function == function.name]


def next_steps(report: Report, upcoming: Exercise | None) -> list[tuple[str, str]]:
    """Return what to do next, each with its label; `upcoming` is the exercise to go on with at full marks."""
    again = _command(report)
    if report.problem is not None:
        return [("What to do", "put that right and save the file"), ("Then run", again)]
    unfinished = [result for result in report.functions if result.outcome in ("failed", "not_attempted")]
    if unfinished:
        first, path = unfinished[0], _path(report)
        verb = "Start with" if is_fresh(report) else "Next"
        where = f"{path}:{first.line}" if first.line else f"in {path}"
        stuck = [] if is_fresh(report) else [("Stuck", f"{again} --hint {first.name}")]
        return [(verb, f"{first.name}, {where}"), ("Then run", again), *stuck]
    if report.score < report.max_score:
        return [("To grade again", again)]
    if len(report.functions) < len(report.exercise.functions):
        return [("All right so far. The whole file", again)]
    steps = [] if report.submission.is_notebook else [("See it learn", f"python {shlex.quote(_path(report))}")]
    steps += [("Not graded", f"{name} is still yours to write") for name in _unwritten(report)]
    if upcoming is not None:
        twin = upcoming.stub.with_suffix(report.submission.path.suffix)  # a notebook's author goes on with notebooks
        place = f"{upcoming.stub.parent.name}/{(twin if twin.is_file() else upcoming.stub).name}"
        steps.append(("Next", f"{upcoming.name} — {upcoming.title}, in {place}"))
    return steps


def _unwritten(report: Report) -> list[str]:
    """Return what nobody grades and is still to be written."""
    graded = dict(report.exercise.functions)
    return [name for cell in report.submission.cells for name in to_write(cell.code) if name not in graded]


def step_lines(report: Report) -> list[str]:
    """Return what to do next as lines of text, for where no exercise is to go on with."""
    return [f"{label}: {what}" for label, what in next_steps(report, None)]


def _command(report: Report) -> str:
    is_stub = os.path.abspath(report.submission.path) == os.path.abspath(report.exercise.stub)  # noqa: PTH100 - no look at the disk
    return f"grade {report.exercise.name}" + ("" if is_stub else f" {shlex.quote(_path(report))}")
