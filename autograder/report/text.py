"""The report a student reads in the terminal: what is right first, one thing to fix a function, one question."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from autograder.exercise import Exercise
from autograder.model import CheckResult, Evidence, FunctionResult, Message, Problem, Report, Violation
from autograder.report import words
from autograder.report.words import clean

NARROWEST = 40  # columns; below that, lines are as long as they must be
INDENT = "    "
LABEL = 10  # columns of "expected" and the space after it
TRACE_LINES = 6
PRINTED_LINES = 8

MARKS = {
    "passed": Text("✔ ", "green"),
    "failed": Text("✘ ", "bold red"),
    "errored": Text("! ", "bold yellow"),
    "not_attempted": Text("· ", "dim"),
    "blocked": Text("· ", "dim"),
}

Lines = Iterator[Text]


def render(report: Report, *, width: int, color: bool, upcoming: Exercise | None = None) -> str:
    """Return the report as text of at most `width` columns; `upcoming` is the exercise to go on with at full marks.

    Nothing that comes from the student reaches the terminal as markup or control sequence.
    """
    file = StringIO()
    console = Console(
        file=file,
        width=max(width, NARROWEST),
        force_terminal=color,
        color_system="standard" if color else None,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )
    blank = True
    for line in _page(report, console, upcoming):
        if line or not blank:
            console.print(line, soft_wrap=True)
        blank = not line
    return file.getvalue()


def _page(report: Report, console: Console, upcoming: Exercise | None) -> Lines:
    yield from _header(report, console)
    if report.problem is not None:
        yield from _unloadable(report, report.problem, console)
    elif words.is_fresh(report):
        yield from _welcome(report, console)
    else:
        yield from _verdicts(report, console)
    yield from _printed(report.printed, console)
    yield Text()
    yield from _next_step(report, console, upcoming)


def _header(report: Report, console: Console) -> Lines:
    exercise = report.exercise
    title = Text(f"{exercise.name} — {exercise.title}", "bold")
    yield from _row(title, report.score, report.max_score, console)
    place = clean(report.submission.path)
    if len(report.functions) < len(exercise.functions):
        place += f" (only {', '.join(result.name for result in report.functions)})"
    yield from _hung(Text(), Text(place, "dim"), console)
    yield Text()


# A file that does not load, a file that nobody has touched, and all others


def _unloadable(report: Report, problem: Problem, console: Console) -> Lines:
    yield from _hung(MARKS["failed"], Text(words.UNLOADABLE), console)
    yield from _hung(Text(INDENT), Text(clean(problem.text), "bold"), console)
    for line in _excerpt(problem.lines, console.width - len(INDENT)):
        yield Text(INDENT + line)


def _welcome(report: Report, console: Console) -> Lines:
    yield from _hung(Text(), Text(words.WELCOME), console)
    yield Text()
    for result in report.functions:
        yield from _row(Text.assemble(MARKS["not_attempted"], result.name), result.score, result.max_score, console)
    yield Text()
    yield from _hung(Text(), Text(words.HOW_IT_WORKS), console)
    yield from _hung(Text(), Text(words.APART), console)


def _verdicts(report: Report, console: Console) -> Lines:
    for note in report.notes:
        yield from _hung(Text("note: ", "yellow"), Text(clean(note.text)), console)
        for line in _excerpt(note.lines[-3:], console.width - len(INDENT)):
            yield Text(INDENT + line, "dim")
    if report.notes:
        yield from _hung(Text(), Text(words.REST_IS_GRADED, "dim"), console)
        yield Text()
    for result in report.functions:
        yield from _block(report, result, console)
    graded = {result.name for result in report.functions}
    for violation in report.violations:
        if violation.function not in graded:
            yield from _violation(violation, "", console)


# One function


def _block(report: Report, result: FunctionResult, console: Console) -> Lines:
    """The verdict on one function: a line where it is right or not written, more where something is to be fixed."""
    checks = words.checks_of(report, result)
    remark = f" — {words.REMARKS[result.outcome]}" if result.outcome in words.REMARKS else ""
    title = Text.assemble(MARKS[result.outcome], result.name, (remark, "dim"))
    yield from _row(title, result.score, result.max_score, console)
    violations = [violation for violation in report.violations if violation.function == result.name]
    if violations:
        for violation in violations:
            yield from _violation(violation, INDENT, console)
    elif result.outcome in ("failed", "errored"):
        yield from _findings(checks, console)
    for note in dict.fromkeys(str(note) for check in checks for note in check.notes):
        yield from _hung(Text(INDENT + "note: ", "dim"), Text(clean(note), "dim"), console)
    if result.outcome in ("failed", "errored"):
        yield Text()


def _violation(violation: Violation, before: str, console: Console) -> Lines:
    label = Text.assemble(before, MARKS["failed"], (f"line {violation.line}: ", "bold"))
    yield from _hung(label, Text(clean(violation.text)), console)


def _findings(checks: list[CheckResult], console: Console) -> Lines:
    """What is right, then the first check that failed; those after it have their turn once it passes."""
    for check in checks:
        if check.outcome == "passed":
            yield from _hung(Text.assemble(INDENT, MARKS["passed"]), Text(check.check.summary), console)
    for check in [check for check in checks if check.outcome == "failed"][:1]:
        yield from _failure(check, console)
    for check in [check for check in checks if check.outcome == "errored"][:1]:
        yield from _hung(Text(INDENT), Text(words.OUR_FAULT.format(name=check.check.name)), console)


def _failure(result: CheckResult, console: Console) -> Lines:
    check, evidence = result.check, result.evidence
    mark, inner = Text.assemble(INDENT, MARKS["failed"]), Text(INDENT + "  ")
    if check.visibility == "hidden":
        yield from _hung(mark, Text(f"a hidden check: {check.summary}"), console)
    elif evidence is not None and not evidence.case:  # nothing to call: neither property nor question is to the point
        yield from _hung(mark, Text(clean(result.message or check.summary)), console)
        return
    else:
        yield from _hung(mark, Text(check.summary), console)
        yield from _evidence(result.message, evidence or Evidence(), inner, console)
    if check.hint:
        yield from _hung(Text.assemble(inner, ("ask yourself: ", "cyan")), Text(check.hint), console)


def _right(evidence: Evidence) -> str:
    parts = [f"`{clean(part)}`" for part in evidence.right if part]
    if not parts:
        return ""
    return f"{', '.join(parts)} {'is' if len(parts) == 1 else 'are'} right; "


def _evidence(said: Message | None, evidence: Evidence, inner: Text, console: Console) -> Lines:
    if sentence := _right(evidence) + clean(said or ""):
        yield from _hung(inner, Text(sentence, "bold"), console)
    case = [_argument(clean(name), clean(value)) for name, value in evidence.case]
    expected = clean(evidence.expected)
    if expected and evidence.oracle:
        expected += f"   ({clean(evidence.oracle)})"
    labelled = [
        ("case", _packed(case, console.width - inner.cell_len - LABEL)),
        ("yours", clean(evidence.yours)),
        ("expected", expected),
        ("at", "\n".join(clean(line) for line in evidence.trace[-TRACE_LINES:])),
    ]
    for label, value in labelled:
        if value:
            yield from _hung(Text.assemble(inner, (label.ljust(LABEL), "dim")), Text(value), console)


def _argument(name: str, value: str) -> str:
    return f"{name}: {value}" if " = " in value else f"{name} = {value}"


def _packed(items: list[str], width: int) -> str:
    """Put items side by side as far as they fit."""
    lines = [""]
    for item in items:
        joined = f"{lines[-1]}   {item}" if lines[-1] else item
        if lines[-1] and cell_len(joined) > width:
            lines.append(item)
        else:
            lines[-1] = joined
    return "\n".join(lines)


# What comes after the verdicts


def _printed(printed: str, console: Console) -> Lines:
    """The end of what the student's code printed."""
    shown, more = words.last_lines(printed, PRINTED_LINES)
    if not shown:
        return
    yield Text()
    yield Text("your code printed" + (f" (the last {PRINTED_LINES} lines)" if more else "") + ":", "dim")
    for line in shown:
        yield from _hung(Text("  │ ", "dim"), Text(line, "dim"), console)


def _next_step(report: Report, console: Console, upcoming: Exercise | None) -> Lines:
    if words.is_full(report):
        yield from _hung(Text(), Text(words.FULL_MARKS, "bold green"), console)
    steps = words.next_steps(report, upcoming)
    column = max((len(label) for label, _ in steps), default=0) + 2
    for label, what in steps:
        yield from _hung(Text(f"{label}:".ljust(column)), Text(what, "bold"), console)


# Layout


def _row(left: Text, score: int, max_score: int, console: Console) -> Lines:
    """A line with points at the right margin."""
    points = f"{score:>3} / {max_score:<2}"
    lines = _wrapped(left, console, console.width - len(points) - 1)
    gap = " " * (console.width - lines[0].cell_len - len(points))
    yield Text.assemble(lines[0], gap, (points.rstrip(), "bold"))
    yield from lines[1:]


def _hung(label: Text, body: Text, console: Console) -> Lines:
    """A paragraph whose lines begin where its label ends."""
    first, *rest = _wrapped(body, console, console.width - label.cell_len)
    yield Text.assemble(label, first)
    for line in rest:
        yield Text.assemble(" " * label.cell_len, line)


def _wrapped(text: Text, console: Console, width: int) -> list[Text]:
    lines = list(text.wrap(console, max(width, NARROWEST // 4)))
    for line in lines:
        line.rstrip()
    return lines or [Text()]


def _excerpt(lines: tuple[str, ...], width: int) -> list[str]:
    """Return lines of code or traceback cut to the width; where the last one is a caret, it stays under its place."""
    shown = [clean(line.replace("\t", " ")).rstrip() for line in lines]
    start = 0
    if len(shown) > 1 and shown[-1].strip(" ^~") == "" and "^" in shown[-1]:
        column = shown[-1].index("^")
        start = max(0, column - width // 2)
        before = shown[-2][start:column]
        shown[-2] = shown[-2][start:]
        shown[-1] = " " * (cell_len(before) + column - start - len(before)) + shown[-1].strip()
    return [line if cell_len(line) <= width else set_cell_size(line, width - 1) + "…" for line in shown]
