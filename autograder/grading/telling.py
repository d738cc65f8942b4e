"""What a failed check says to its reader: Python's errors explained, forms with the reason that the text shows."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from autograder.grading.comparing import NOTHING, Kind
from autograder.grading.evaluation import BREACH, CheckFailed
from autograder.grading.exceptions import explained, python_says
from autograder.grading.raising import Raising, said
from autograder.host.answers import Frame, Raised
from autograder.model import Cell, Check, CheckResult, Message, message
from autograder.submissions.outline import is_unwritten, text_of

SIZES = ("IndexError", "RuntimeError")  # exceptions that the sizes of a case may explain
OFF = "`{name}` is switched off in this exercise; what it does is yours to write by hand"
REACHED = re.compile(
    r"\b\w+_loss\b|\bnn\.\w*Loss\b|\b\w+Loss(?=\()|\.backward\b|\boptim\.\w+|\bautograd(?:\.\w+)+|\bautograd\b"
    r"|\bfunc\.\w+|\bjacobian\b|\bjacrev\b|\bhessian\b|\bvjp\b|\bjvp\b|\.grad\b|\bgrad(?=\()|\bSGD\b|\bAdam\w*"
)
GRAD_QUESTION = "Which tensor did autograd fill: the one that you ask, or the one that it was made from?"

# What is said of a hidden check. Neither the case nor the text of an exception comes out: a student's code could put
# into its exceptions what it was called with.
HIDDEN = {
    "breach": BREACH,
    "raised": message("it raises an exception"),
    "late": message("it gives no answer in time"),
    "lost": message("it gives no answer"),
    "unusable": message("it cannot be called"),
    "type": message("the answer is not of the kind that is due"),
    "shape": message("the answer has the wrong shape"),
    "finite": message("the answer is not finite"),
    "changed": message("an argument was changed in place"),
    "value": message("the values are wrong"),
    "repeat": message("called a second time with the same arguments, it answers differently"),
    "overwritten": message("a later call changes what an earlier one has returned"),
}
# To these, the question of a hidden check is to the point: it is about what such a check looks at.
ASKING = ("raised", "type", "shape", "finite", "value")


@dataclass(frozen=True)
class Source:
    """A student's file as far as its text tells something; `functions` are those of the exercise."""

    cells: tuple[Cell, ...]
    functions: tuple[str, ...]

    def text(self, function: str) -> str:
        """Return the text of a function's last definition, '' where there is none at the left margin."""
        found = [text for cell in self.cells if (text := text_of(cell.code, function))]
        return found[-1] if found else ""

    def is_stub(self, frame: Frame, function: str) -> bool:
        """Whether a line belongs to a function that is as it was handed out."""
        return any(cell.label == frame.label and is_unwritten(cell.code, function) for cell in self.cells)


def told(check: Check, failure: CheckFailed, parameters: Sequence[str], source: Source) -> CheckResult:
    """Return the result of a visible check that failed."""
    text, question, evidence = failure.text, failure.question, failure.evidence
    if failure.raised is not None:
        raising = Raising(failure.raised, check.function, tuple(parameters), failure.arguments, source.functions)
        explanation = explained(raising)
        if failure.raised.type_name not in SIZES:
            evidence = replace(evidence, case=())
        if explanation is not None:
            text = _placed(explanation.text, failure.raised)
            question = explanation.question
            evidence = replace(evidence, python=python_says(failure.raised))
    elif (failure.kind == "type" and str(text).endswith("None")) or text.template == NOTHING:
        text, question = _nothing(text, source.text(check.function))
    elif failure.kind == "changed":
        text, question = _changed(text, source.text(check.function), question)
    return CheckResult(check, "failed", 0, text, evidence, question=question)


def told_hidden(check: Check, kind: Kind) -> CheckResult:
    """Return the result of a hidden check that failed in this way."""
    return CheckResult(check, "failed", 0, HIDDEN[kind], question=None if kind in ASKING else "")


def reached(line: str, forbidden: Iterable[str] = ()) -> Message | None:
    """Say what a line reached for that is switched off, also by the exercise; None where its text does not tell."""
    found = REACHED.search(line)
    for name in forbidden:
        found = found or re.search(rf"\b\w*{re.escape(name)}\w*", line, re.IGNORECASE)
    return None if found is None else message(OFF, name=found[0].strip(".( "))


def _placed(text: Message, raised: Raised) -> Message:
    """Return a sentence with the line that it is about before it."""
    if not raised.trace:
        return text
    frame = raised.trace[-1]
    cell = f"{frame.label}, " if frame.label.startswith("cell ") else ""
    values = dict(text.values) | {"place": f"{cell}line {frame.line}"}
    return Message("{place}: " + text.template, tuple(values.items()))


def _nothing(text: Message, code: str) -> tuple[Message, str]:
    """Say why nothing comes back, as far as the function's text shows it."""
    if text.template != NOTHING:
        if ".grad" in code:
            return message("`.grad` of {where} is empty (None)", **dict(text.values)), GRAD_QUESTION
        return text, "Which line gives it its value?"
    if re.search(r"\breturn\s+print\s*\(", code):
        return message("it returns what `print` gives, and that is nothing"), "What should come after `return`?"
    if code and not re.search(r"\breturn\b", code):
        if re.search(r"\bprint\s*\(", code):
            return message("it prints a value and returns none"), "Who can go on working with a printed value?"
        return message("it has no `return`, and so nothing comes back"), "Which value should the caller get?"
    changing = re.search(r"\breturn\s+\w+\.(append|extend|insert|update|sort|reverse)\s*\(", code)
    if changing:
        why = said(
            "`.{name}( )` changes a list or dict and gives nothing back; that is what is returned", name=changing[1]
        )
        return why.text, "What should come after `return`?"
    return text, "Does every way through the function end in a `return` with a value?"


def _changed(text: Message, code: str, question: str | None) -> tuple[Message, str | None]:
    """Say where only autograd's mark was set on an argument, as far as the function's text shows it."""
    if "requires_grad" in code and not re.search(r"[-+*/]=|\.\w+_\(", code.replace("requires_grad_(", "")):
        changed = dict(text.values).get("changed", "")
        return message("{changed}: its tensors come back with requires_grad on", changed=changed), "Whose are they?"
    return text, question
