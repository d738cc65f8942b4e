"""The report a student reads in the terminal: what is right first, one thing to fix a function, one question."""

from collections.abc import Callable, Iterable, Iterator
from io import StringIO
from textwrap import dedent
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from autograder.exercise import Exercise
from autograder.model import FunctionResult, Problem, Report, Revealed, Violation
from autograder.report import words
from autograder.report.evidence import LABEL, facts, revealed_facts
from autograder.report.words import clean

NARROWEST = 40  # columns; below that, lines are as long as they must be
EXPLAINED = 84  # columns of an explanation that stands by itself, which has lost its indentation
INDENT = "    "
PRINTED_LINES = 8
POINTS = 9  # of a function's points and the space before them
GAP = 2  # columns between a sentence and the name of the mistake

STYLES = {"passed": "green", "failed": "bold red", "errored": "bold yellow", "not_attempted": "dim", "blocked": "dim"}
MARKS = {outcome: Text(f"{mark} ", STYLES[outcome]) for outcome, mark in words.MARKS.items()}

Lines = Iterator[Text]


def render(
    report: Report,
    *,
    width: int,
    color: bool,
    upcoming: Exercise | None = None,
    in_full: bool = False,
    reveal: bool = False,
) -> str:
    """Return the report as text of at most `width` columns; `upcoming` is the exercise to go on with at full marks.

    The first function that is wrong is told in full and each further one in a line, unless all are wanted `in_full`.
    With `reveal` it is an instructor's: hidden checks are told in full, as far as the grader has revealed them.

    Nothing that comes from the student reaches the terminal as markup or control sequence.
    """
    how = _How(in_full or reveal, reveal)
    return _rendered(width, lambda console: _page(report, console, upcoming, how), color)


def render_function(report: Report, name: str, *, width: int) -> str:
    """Return only what the report says of one function; why nothing could be graded, where that is so."""
    result = next(result for result in report.functions if result.name == name)
    return _rendered(
        width,
        lambda console: _unloadable(report.problem, console) if report.problem else _block(report, result, console),
    )


def render_notes(report: Report, *, width: int) -> str:
    """Return only what the report says of cells that stopped; "" where none did."""
    return _rendered(width, lambda console: _notes(report, console))


def render_remarks(report: Report, *, width: int) -> str:
    """Return the score and what the report says of the submission as a whole, which is of no single function."""
    return _rendered(width, lambda console: _remarks(report, console))


def explanation(report: Report, result: FunctionResult) -> str:
    """Return what there is to say of one function beside its name and points, '' where that is nothing.

    Where the file could not be loaded, this is why.
    """
    return dedent(_rendered(EXPLAINED, lambda console: _explanation(report, result, console))).strip("\n")


class _How(NamedTuple):
    """How much is told: of each function all, of hidden checks what only an instructor may see."""

    in_full: bool
    reveal: bool


def _rendered(width: int, page: Callable[[Console], Lines], color: bool = False) -> str:
    file = StringIO()
    console = Console(
        file=file,
        width=max(width, NARROWEST),
        force_terminal=color,
        force_jupyter=False,  # a notebook shows the text, not what rich would display instead
        color_system="standard" if color else None,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )
    blank = True
    for line in page(console):
        if line or not blank:
            console.print(line, soft_wrap=True)
        blank = not line
    return file.getvalue()


def _page(report: Report, console: Console, upcoming: Exercise | None, how: _How) -> Lines:
    yield from _header(report, console)
    if report.problem is not None:
        yield from _unloadable(report.problem, console)
    elif words.is_fresh(report):
        yield from _welcome(report, console)
    else:
        yield from _notes(report, console)
        yield from _blocks_of(report, console, how)
        yield from _violations(words.violations_elsewhere(report), "", console)
    yield from _printed(report.printed, console)
    yield Text()
    if said := words.on_hand_in(report):
        yield from _hung(Text(), Text(said, "dim"), console)
        yield Text()
    yield from _next_step(report, console, upcoming)
    yield Text()
    yield from _hung(Text(), Text(words.GRADED_IN[report.grader.isolation], "dim"), console)


def _explanation(report: Report, result: FunctionResult, console: Console) -> Lines:
    if report.problem is not None:
        yield from _unloadable(report.problem, console)
        return
    told = words.function_words(report, result)
    if told.remark:
        yield Text(INDENT + told.remark)
    yield from _explained(told, console)


def _remarks(report: Report, console: Console) -> Lines:
    yield from _header(report, console)
    if report.problem is not None:
        yield from _unloadable(report.problem, console)
    yield from _notes(report, console)
    yield from _violations(words.violations_elsewhere(report), "", console)
    yield from _printed(report.printed, console)


def _header(report: Report, console: Console) -> Lines:
    yield from _row(Text(f"{report.exercise.name} — {report.exercise.title}", "bold"), report, console)
    yield from _hung(Text(), Text(words.place(report), "dim"), console)
    if said := words.credit(report):
        yield from _hung(Text(), Text(said, "dim"), console)
    yield Text()


# A file that does not load, a file that nobody has touched, and all others


def _unloadable(problem: Problem, console: Console) -> Lines:
    yield from _hung(MARKS["failed"], Text(words.UNLOADABLE), console)
    yield from _hung(Text(INDENT), Text(clean(problem.text), "bold"), console)
    for line in words.problem_lines(problem, console.width - len(INDENT)):
        yield Text(INDENT + line)


def _welcome(report: Report, console: Console) -> Lines:
    yield from _hung(Text(), Text(words.WELCOME), console)
    yield Text()
    for result in report.functions:
        yield from _row(Text.assemble(MARKS["not_attempted"], result.name), result, console)
    yield Text()
    yield from _hung(Text(), Text(words.HOW_IT_WORKS), console)
    yield from _hung(Text(), Text(words.APART), console)


def _notes(report: Report, console: Console) -> Lines:
    """The cells of a notebook that stopped."""
    for note in report.notes:
        yield from _hung(Text("note: ", "yellow"), Text(clean(note.text)), console)
        for line in words.excerpt(note.lines[-3:], console.width - len(INDENT)):
            yield Text(INDENT + line, "dim")
    if report.notes and report.submission.is_notebook:
        yield from _hung(Text(), Text(words.REST_IS_GRADED, "dim"), console)
    if report.notes:
        yield Text()


def _blocks_of(report: Report, console: Console, how: _How) -> Lines:
    """All functions, the first that is wrong in full."""
    wrong = [result for result in report.functions if result.outcome in ("failed", "errored")]
    for result in report.functions:
        yield from _block(report, result, console, in_short=not how.in_full and result in wrong[1:], reveal=how.reveal)
    if len(wrong) > 1 and not how.in_full:
        yield from _hung(Text(), Text(words.MORE, "dim"), console)


# One function


def _block(
    report: Report, result: FunctionResult, console: Console, *, in_short: bool = False, reveal: bool = False
) -> Lines:
    """The verdict on one function: a line where it is right or not written, more where something is to be fixed."""
    told = words.function_words(report, result)
    title = Text.assemble(MARKS[result.outcome], result.name)
    remark = Text(f" — {told.remark}" if told.remark else "", "dim")
    fits = (title + remark).cell_len <= console.width - POINTS
    yield from _row(title + remark if fits else title, result, console)
    if not fits:  # below, for no remark is cut in two by the points
        yield from _hung(Text(INDENT), Text(told.remark, "dim"), console)
    if in_short and (told.failure or told.violations):
        yield _in_short(told, console)
        return
    yield from _explained(told, console)
    for check in words.checks_of(report, result) if reveal else []:
        if check.revealed is not None:
            yield from _revealed(check.check.name, check.revealed, console)
    if result.outcome in ("failed", "errored"):
        yield Text()


def _in_short(told: words.FunctionWords, console: Console) -> Text:
    """What is wrong with a function, in a line."""
    said = told.failure.sentence or told.failure.headline if told.failure else clean(told.violations[0].text)
    line = Text(INDENT + " ".join(said.split()), "dim")
    line.truncate(console.width, overflow="ellipsis")
    return line


def _explained(told: words.FunctionWords, console: Console) -> Lines:
    yield from _violations(told.violations, INDENT, console)
    for summary in told.right:
        yield from _hung(Text.assemble(INDENT, MARKS["passed"]), Text(summary), console)
    if told.failure:
        yield from _failure(told.failure, console)
    if told.fault:
        yield from _hung(Text(INDENT), Text(told.fault), console)
    for note in told.notes:
        yield from _hung(Text(INDENT + "note: ", "dim"), Text(note, "dim"), console)


def _violations(violations: list[Violation], before: str, console: Console) -> Lines:
    for violation in violations:
        label = Text.assemble(before, MARKS["failed"], (f"line {violation.line}: ", "bold"))
        yield from _hung(label, Text(clean(violation.text)), console)


def _failure(failure: words.FailureWords, console: Console) -> Lines:
    inner = Text(INDENT + "  ")
    yield from _hung(Text.assemble(INDENT, MARKS["failed"]), Text(failure.headline), console)
    yield from _sentence(failure, inner, console)
    yield from _told(facts(failure, console.width - inner.cell_len - LABEL), inner, console)
    if failure.question:
        yield from _hung(Text.assemble(inner, ("ask yourself: ", "cyan")), Text(failure.question), console)


def _sentence(failure: words.FailureWords, inner: Text, console: Console) -> Lines:
    """What is wrong, with the name of the mistake at the right margin of its last line, or below it."""
    if not failure.sentence:
        return
    *lines, last = _hung(inner, Text(failure.sentence, "bold"), console)
    yield from lines
    gap = console.width - last.cell_len - cell_len(failure.mistake)
    if not failure.mistake or gap < GAP:
        yield last
    if failure.mistake and gap < GAP:
        last, gap = Text(), console.width - cell_len(failure.mistake)
    if failure.mistake:
        yield Text.assemble(last, " " * gap, (failure.mistake, "dim"))


def _revealed(name: str, said: Revealed, console: Console) -> Lines:
    """A hidden check in full."""
    inner = Text(INDENT + "  ")
    yield from _hung(Text(INDENT), Text(words.REVEALED.format(name=name), "cyan"), console)
    yield from _hung(inner, Text(clean(said.message), "bold"), console)
    yield from _told(revealed_facts(said, console.width - inner.cell_len - LABEL), inner, console)


def _told(said: Iterable[tuple[str, str]], inner: Text, console: Console) -> Lines:
    for label, value in said:
        if value:
            yield from _hung(Text.assemble(inner, (label.ljust(LABEL), "dim")), Text(value), console)


# What comes after the verdicts


def _printed(printed: str, console: Console) -> Lines:
    shown, more = words.last_lines(printed, PRINTED_LINES)
    if not shown:
        return
    yield Text()
    yield Text("your code printed" + (f" (the last {PRINTED_LINES} lines)" if more else "") + ":", "dim")
    for line in shown:
        yield from _hung(Text("  │ ", "dim"), Text(line, "dim"), console)


def _next_step(report: Report, console: Console, upcoming: Exercise | None) -> Lines:
    if words.is_full(report):
        yield from _hung(Text(), Text(words.praise(report), "bold green"), console)
    steps = words.next_steps(report, upcoming)
    column = max((len(label) for label, _ in steps), default=0) + 2
    for label, what in steps:
        yield from _hung(Text(f"{label}:".ljust(column)), Text(what, "bold"), console)


# Layout


def _row(left: Text, result: FunctionResult | Report, console: Console) -> Lines:
    """A line with points at the right margin."""
    points = f"{result.score:>3} / {result.max_score:<2}"
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
