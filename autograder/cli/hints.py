"""`grade EXERCISE --hint NAME`: the next rung of a function's ladder; a mistake just found asks its question first."""

from __future__ import annotations

import os
import re
from collections.abc import Container, Iterable
from dataclasses import asdict, dataclass, replace
from textwrap import fill
from typing import TYPE_CHECKING, Any

from autograder.cli import local_state
from autograder.grading.ladders import Ladder, read_ladders

if TYPE_CHECKING:
    from autograder.exercise import Exercise
    from autograder.model import Report, Submission

KIND = "hints"
RUNGS = ("a question", "the formula, with a blank", "an example, worked out", "where it is explained")
INDENT = "    "
WIDTH = 80
ALREADY = "It is right already. All the same:"
IN_FULL = "Give your function the same numbers: does each step come out as here?"
OVER = (
    "That was the last hint; after it they begin again. What else helps: print each step of your function for the "
    "numbers of the example, or show somebody your code and say aloud what every line does."
)


@dataclass(frozen=True)
class Progress:
    """What the last run found of a function in a file, and how far up its ladder the author has been.

    `mistake`, `text` and `question` are the diagnosis, '' where there was none; `asked` is the mistake whose question
    has been a hint already.
    """

    sha256: str = ""
    outcome: str = ""
    mistake: str = ""
    text: str = ""
    question: str = ""
    asked: str = ""
    rung: int = 0


def remember(report: Report, told: Container[str] = ()) -> None:
    """Keep what a run found, for the hints that are asked for next; who has a function right is through with them.

    `told` are the functions whose mistake the run has told in full: no hint says it again.
    """
    submission, kit = report.submission, report.exercise.kit
    stored = local_state.load(kit, KIND)
    known = _functions(stored, submission)
    for result in report.functions:
        before = Progress() if result.outcome == "passed" else _progress(known.get(result.name))
        named = next(
            (each.diagnosis for each in report.checks if each.check.function == result.name and each.diagnosis), None
        )
        found = (named.id, str(named.text), named.question) if named else ("", "", "")
        mistake, text, question = map(_in_a_line, found)
        now = replace(before, sha256=submission.sha256, outcome=result.outcome)
        asked = mistake if result.name in told else now.asked
        known[result.name] = asdict(replace(now, mistake=mistake, text=text, question=question, asked=asked))
    local_state.save(kit, KIND, {**stored, _key(submission): known})


def is_known(exercise: Exercise, submission: Submission, function: str) -> bool:
    """Whether a run has seen the file as it is."""
    known = _functions(local_state.load(exercise.kit, KIND), submission)
    return _progress(known.get(function)).sha256 == submission.sha256


def next_hint(exercise: Exercise, submission: Submission, function: str, again: str) -> str:
    """Return the next hint for a function, and remember that it was given; `again` is how to ask for another."""
    stored = local_state.load(exercise.kit, KIND)
    known = _functions(stored, submission)
    progress = _progress(known.get(function))
    ladder = read_ladders(exercise).get(function)
    if progress.question and progress.asked != progress.mistake:
        said, now = _on_mistake(function, progress), replace(progress, asked=progress.mistake)
    elif ladder is None:
        return f"{function} — there are no hints for it; read what stands above it in the exercise\n"
    else:
        rung = progress.rung % len(RUNGS)
        title = f"{function} — hint {rung + 1} of {len(RUNGS)}: {RUNGS[rung]}"
        said = [title, "", *_rung(ladder, rung, submission, exercise)]
        now = replace(progress, rung=rung + 1)
    local_state.save(exercise.kit, KIND, {**stored, _key(submission): {**known, function: asdict(now)}})
    first = [ALREADY] if progress.outcome == "passed" and progress.sha256 == submission.sha256 else []
    is_over = now.rung == len(RUNGS) and now.rung != progress.rung
    last = [fill(OVER, WIDTH)] if is_over else [f"The next hint: {again}"]
    return "\n".join([*first, *said, "", *last, ""])


def _on_mistake(function: str, progress: Progress) -> list[str]:
    title = f"{function} — a question on what your last run shows"
    return [title, "", _paragraph(f"{progress.text}."), _paragraph(progress.question)]


def _rung(ladder: Ladder, rung: int, submission: Submission, exercise: Exercise) -> list[str]:
    match rung:
        case 0:
            return [_paragraph(ladder.question)]
        case 1:
            return [INDENT + line for line in ladder.formula]
        case 2:
            width = max(len(label) for label, _ in (*ladder.inputs, *ladder.steps)) + 2
            lines = [*_table("given", ladder.inputs, width), *_table("then", ladder.steps, width)]
            return [*lines, "", IN_FULL]
    return [_paragraph(f"{_place(ladder, submission, exercise)}, under “{ladder.section}”")]


def _place(ladder: Ladder, submission: Submission, exercise: Exercise) -> str:
    """Return where the heading stands in the file, or in which file it stood where it has been taken out."""
    path = str(submission.path)
    if submission.is_notebook:
        return path
    text = submission.cells[0].code if submission.cells else ""
    heading = re.search(rf"^# ## {re.escape(ladder.section)}$", text, re.MULTILINE)
    return f"{path}:{text.count(chr(10), 0, heading.start()) + 1}" if heading else f"exercises/{exercise.name}.py"


def _table(title: str, rows: Iterable[tuple[str, str]], width: int) -> list[str]:
    return [f"{INDENT}{'' if at else title:7}{label:{width}}{value}" for at, (label, value) in enumerate(rows)]


def _paragraph(text: str) -> str:
    return fill(
        text,
        WIDTH,
        initial_indent=INDENT,
        subsequent_indent=INDENT,
        break_long_words=False,  # a path stays whole
        break_on_hyphens=False,
    )


def _in_a_line(text: str) -> str:
    """Return text of a report as it may be printed later."""
    return "".join(char if char.isprintable() else "?" for char in text)


# What is stored


def _key(submission: Submission) -> str:
    return os.path.abspath(submission.path)  # noqa: PTH100 - a link stays a link


def _functions(stored: dict[str, Any], submission: Submission) -> dict[str, Any]:
    """Return what is stored of a file, by function."""
    known = stored.get(_key(submission))
    return dict(known) if isinstance(known, dict) else {}


def _progress(entry: object) -> Progress:
    """Return what is stored of a function, the beginning where nothing is or it is damaged."""
    match entry:
        case {"rung": int(rung), **rest}:
            known = Progress.__dataclass_fields__
            kept = {name: value for name, value in rest.items() if name in known and isinstance(value, str)}
            return Progress(rung=rung, **kept)
    return Progress()
