"""What is known of a call that raised, and the form of a rule that explains such a call to a beginner."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.host.answers import Raised
from autograder.model import Message, message


@dataclass(frozen=True)
class Sentence:
    """One sentence for a beginner and one question; `question` is None where the check's own fits, '' for none."""

    text: Message
    question: str | None = ""


@dataclass(frozen=True)
class Raising:
    """A call that raised: of which function, with which arguments, and what else its exercise has."""

    raised: Raised
    function: str
    parameters: tuple[str, ...] = ()
    arguments: tuple[Any, ...] = ()
    functions: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The student's innermost line."""
        return self.raised.trace[-1].text if self.raised.trace else ""

    @property
    def within(self) -> str:
        """The student's function in which it happened."""
        return next((each.function for each in reversed(self.raised.trace) if each.function[:1] != "<"), self.function)

    def kind(self, name: str) -> str:
        """What a variable in the line is: "tensor (4,)", "dict a, b", "text"; '' where that is not known."""
        return dict(self.raised.names).get(name, "")

    def first(self, kind: str) -> str:
        """The first variable in the line of a kind; '' where there is none."""
        return next((name for name, each in self.raised.names if each.split(" ")[0] == kind), "")

    def holding(self, key: str) -> str:
        """The dict among the arguments that has a key; '' where none has it."""
        pairs = zip(self.parameters, self.arguments, strict=False)
        return next((name for name, value in pairs if isinstance(value, dict) and key in value), "")


Explain = Callable[[re.Match[str], Raising], Sentence | None]


@dataclass(frozen=True)
class ErrorRule:
    """How an exception is explained: by its type's name and its text; `explain` may find that it does not fit."""

    types: str
    pattern: re.Pattern[str]
    explain: Explain


def rule(types: str, pattern: str) -> Callable[[Explain], ErrorRule]:
    """Make a function a rule for exceptions of some types, whose names stand side by side, and a pattern of texts."""

    def mark(explain: Explain) -> ErrorRule:
        return ErrorRule(types, re.compile(pattern), explain)

    return mark


def always(types: str, pattern: str, text: str, question: str | None = "") -> ErrorRule:
    """Return a rule that says the same each time; `{1}` and further stand for the groups of the pattern."""

    def explain(found: re.Match[str], _raising: Raising) -> Sentence:
        groups = {f"g{number}": group or "" for number, group in enumerate(found.groups(), 1)}
        return Sentence(message(re.sub(r"\{(\d)\}", r"{g\1}", text), **groups), question)

    return ErrorRule(types, re.compile(pattern), explain)


def said(text: str, question: str | None = "", **values: object) -> Sentence:
    """Return an explanation."""
    return Sentence(message(text, **values), question)


KINDS = {
    "NoneType": "None, that is nothing", "dict": "a dict", "list": "a list", "tuple": "a tuple", "str": "text",
    "Tensor": "a tensor", "float": "a plain number", "int": "a whole number", "bool": "True or False",
    "ndarray": "a NumPy array",
    "function": "a function", "method": "a function", "builtin_function_or_method": "a function",
    "builtin_method": "a function", "type": "a class", "set": "a set", "Parameter": "a tensor", "module": "a module",
}  # fmt: skip


def named(kind: str) -> str:
    """Return what an object of a class of this name is to a beginner."""
    return KINDS.get(kind.removeprefix("builtins."), f"a {kind}")


def counted(number: int, thing: str) -> str:
    """Return a number of things: "1 sample", "3 samples"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
