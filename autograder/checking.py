"""All that a check author imports: `check`, `oracle`, and what a check's two arguments, `judge` and `draw`, can do.

A check is a pytest function that draws cases and gives each to the judge:

    @oracle()
    def loss(own, y_pred, y):
        return summed((y_pred - y) ** 2 / 2)

    @check("loss", points=1, hint="…?")
    def check_loss_sums_over_samples(judge, draw):
        \"""adds up half the squared residuals\"""
        for n in draw.sizes(4, 6):
            judge(draw.vector(n), draw.vector(n))

The judge calls the student's function with the arguments and compares what comes back with the oracle, and with the
reference solution where the kit has one. The two must agree with each other, else the check is at fault.
"""

from __future__ import annotations

import copy
import difflib
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Any, Protocol

import torch
from torch import Tensor

from autograder.answers import Answer, Lost, Raised, Refusal, Returned, Unusable, trace_lines
from autograder.cases import Draw
from autograder.comparing import (
    DOUBLE_TOLERANCE,
    SINGLE_TOLERANCE,
    Expected,
    Kind,
    Leaf,
    Terms,
    Unfit,
    match,
    moved,
    summed,
    terms,
    values,
)
from autograder.model import Check, Evidence, Foreign, Message, Visibility, message
from autograder.showing import arguments_shown, numbers_shown

__all__ = [
    "Draw",
    "Judge",
    "Oracles",
    "Terms",
    "check",
    "gradients",
    "moved",
    "oracle",
    "summed",
    "terms",
]

MAX_QUESTION_NUMBERS = 4096  # numbers in the arguments of a stand-in's question
SINGLE_NOTE = message("the numbers have float32 precision; the arguments were float64")
DEPENDENCE = 1e-2  # how much of the reference's reaction to an input a composition must show


def check(
    function: str, *, points: int, hint: str, visibility: Visibility = "visible", needs: tuple[str, ...] = ()
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a pytest function a check of `function`; its docstring is the sentence that a student reads.

    `hint` is one leading question, `needs` names the checks without which this one says nothing new.
    """

    def mark(body: Callable[..., None]) -> Callable[..., None]:
        name = body.__name__.removeprefix("check_")
        summary = inspect.getdoc(body) or ""
        vars(body)["check"] = Check(name, function, summary, visibility, points, needs, hint)
        return body

    return mark


def oracle(*names: str, source: str = "") -> Callable[[Callable[..., Expected]], Callable[..., Expected]]:
    """Make a function the source of the expected values of the graded function of the same name.

    Its first argument, `own`, holds all graded functions of the exercise: an oracle that is made of others calls
    them there, so that the same composition can be had from the student's own functions. It returns Terms, or a
    dict, list or tuple of such; `names` are what a reader calls the members of a tuple, `source` how it is computed.
    """

    def mark(function: Callable[..., Expected]) -> Callable[..., Expected]:
        vars(function).update(oracle=names, source=source)
        return function

    return mark


def gradients(
    prediction: Callable[[dict[str, Tensor]], Tensor], parameters: dict[str, Tensor], upstream: Tensor
) -> dict[str, Terms]:
    """Differentiate Σᵢ upstreamᵢ · predictionᵢ with respect to each parameter, by torch autograd.

    `prediction` maps parameters to shape (n,), `upstream` is (n,), held constant. Each sample gets a copy of the
    parameters, so that autograd yields every sample's contribution by itself.
    """
    copies = {
        name: parameter.detach().expand(len(upstream)).clone().requires_grad_()
        for name, parameter in parameters.items()
    }
    total = (upstream.detach() * prediction(copies)).sum()
    contributions = torch.autograd.grad(total, list(copies.values()))
    return {name: summed(contribution) for name, contribution in zip(copies, contributions, strict=True)}


class OraclesDisagree(Exception):
    """The oracle and the reference solution give different values: the kit is wrong, not the student."""


@dataclass
class CheckFailed(Exception):
    """A student's function fails a check. `imprecise` says that only the precision of the answer is in doubt."""

    kind: Kind
    text: Message
    evidence: Evidence = field(default_factory=Evidence)
    imprecise: bool = False
    raised: Raised | None = None


class Student(Protocol):
    """The student's functions, wherever they run; `names` is what can be called."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names that can be called."""

    def call(self, function: str, arguments: list[Any]) -> Answer:
        """Call a function with copies of the arguments."""


class Oracles:
    """The expected values of an exercise's functions, from its checks module."""

    def __init__(self, checks: ModuleType) -> None:
        self._functions = {name: value for name, value in vars(checks).items() if hasattr(value, "oracle")}
        self._own = self.namespace(lambda name: lambda *given: values(self.expect(name, given)))

    def namespace(self, make: Callable[[str], Callable[..., Any]]) -> SimpleNamespace:
        """Return the functions of the exercise, each made from its name."""
        return SimpleNamespace(**{name: make(name) for name in self._functions})

    def names(self, function: str) -> tuple[str, ...]:
        """Return what a reader calls the members of the tuple that a function returns."""
        names: tuple[str, ...] = vars(self._functions[function])["oracle"]
        return names

    def source(self, function: str) -> str:
        """Return how a function's expected value is computed, '' where there is nothing to say."""
        source: str = vars(self._functions[function])["source"]
        return source

    def parameters(self, function: str) -> tuple[str, ...]:
        """Return the names of a function's parameters."""
        return tuple(inspect.signature(self._functions[function]).parameters)[1:]

    def composed_of(self, function: str) -> frozenset[str]:
        """Return the graded functions that a function's oracle is made of."""
        return frozenset(self._functions[function].__code__.co_names) & frozenset(self._functions)

    def expect(self, function: str, arguments: tuple[Any, ...], own: Any = None) -> Expected:
        """Return the expected value; `own` are the functions it may be composed of, by default the oracles."""
        return self._functions[function](own or self._own, *arguments)

    def answer(self, function: str, arguments: list[Any], keywords: dict[str, Any]) -> Any:
        """Answer a stand-in's question; Refusal for arguments that the function could not be called with."""
        try:
            bound = inspect.signature(self._functions[function]).bind(self._own, *arguments, **keywords)
            plain = [_plain(argument) for argument in bound.args[1:]]
            if sum(_size(argument) for argument in plain) > MAX_QUESTION_NUMBERS:
                raise ValueError("too many numbers")
            return values(self.expect(function, tuple(plain)))
        except Exception:  # noqa: BLE001 - the arguments are the student's: whatever they cause is theirs
            raise Refusal(f"{function} cannot be called with these arguments") from None


class Judge:
    """Calls one function of one submission with a case and says whether what comes back is right."""

    def __init__(
        self, function: str, oracles: Oracles, reference: ModuleType | None, student: Student, *, composed: bool
    ) -> None:
        """`composed`: expect what the student's own functions amount to, rightly composed, not the oracle's value."""
        self._function = function
        self._oracles = oracles
        self._reference = reference
        self._student = student
        self._composed = composed
        self.notes: dict[Message, None] = {}  # in order, each once

    def __call__(self, *arguments: Any) -> None:
        """Judge one case; CheckFailed says what is wrong, OraclesDisagree that the kit is."""
        expected = self._expected(arguments)
        answer = self._answer(arguments)
        leaves = self._leaves(expected, answer.value, arguments)
        if answer.changed:
            names = self._oracles.parameters(self._function)
            changed = ", ".join(f"`{names[at]}`" for at in answer.changed if at < len(names))
            text = message("{changed} was changed in place; the caller still needs the old one", changed=changed)
            raise CheckFailed("changed", text, self._case(arguments))
        self._compare(leaves, arguments)
        self._repeat(leaves, arguments, expected)

    def _expected(self, arguments: tuple[Any, ...]) -> Expected:
        double = tuple(_double(argument) for argument in arguments)
        if self._composed:
            return self._composition(double)
        expected = self._oracles.expect(self._function, double)
        if self._reference is not None:
            self._audit(expected, arguments)
        return expected

    def _audit(self, expected: Expected, arguments: tuple[Any, ...]) -> None:
        value = getattr(self._reference, self._function)(*copy.deepcopy(arguments))
        tolerance = SINGLE_TOLERANCE if _is_single(arguments) else DOUBLE_TOLERANCE
        try:
            leaves = match(expected, value, (), lambda _: None)
        except Unfit as unfit:
            raise OraclesDisagree(f"{self._function}: the reference's form is not the oracle's: {unfit}") from None
        if not all(leaf.error() <= tolerance for leaf in leaves):
            raise OraclesDisagree(f"{self._function}: oracle and reference disagree on {arguments}")

    def _composition(self, arguments: tuple[Any, ...]) -> Expected:
        """Return what the student's own functions amount to, once it is clear that this depends on the inputs."""
        own = self._oracles.namespace(self._own)

        def composed(given: tuple[Any, ...]) -> Expected:
            return self._oracles.expect(self._function, given, own)

        if not _depends(composed, lambda given: self._oracles.expect(self._function, given), arguments):
            raise CheckFailed("value", message("the functions it is made of do not depend on their inputs"))
        return composed(arguments)

    def _own(self, function: str) -> Callable[..., Any]:
        """Return the student's function as one that takes and returns what an oracle does."""

        def call(*arguments: Any) -> Any:
            form = self._oracles.expect(function, arguments)
            answer = self._student.call(function, list(arguments))
            if not isinstance(answer, Returned):
                raise CheckFailed("lost", message("`{name}` has no answer", name=function))
            try:
                leaves = match(form, answer.value, (), lambda _: None)
            except Unfit as unfit:
                raise CheckFailed(unfit.kind, unfit.text) from None
            rest = iter(leaves)
            return _rebuild(form, lambda: next(rest).got.double())

        return call

    def _answer(self, arguments: tuple[Any, ...]) -> Returned:
        answer = self._student.call(self._function, list(arguments))
        if isinstance(answer, Returned):
            return answer
        if isinstance(answer, Lost):
            raise CheckFailed("lost", answer.reason, self._case(arguments))
        if isinstance(answer, Unusable):
            raise CheckFailed("unusable", self._unusable(answer.reason))
        text = message("it raises {kind}: {text}", kind=answer.type_name, text=answer.text)
        raise CheckFailed("raised", text, self._case(arguments, trace=trace_lines(answer)), raised=answer)

    def _unusable(self, reason: str) -> Message:
        called = f"{self._function}({', '.join(self._oracles.parameters(self._function))})"
        if reason != "missing":
            return message(
                "`{name}` is {reason}; it is called as {called}", name=self._function, reason=reason, called=called
            )
        near = difflib.get_close_matches(self._function, self._student.names, 1)
        if near:
            return message(
                "there is no `{name}` in your file; did you mean `{near}`?", name=self._function, near=near[0]
            )
        return message(
            "there is no `{name}` in your file; it is called as {called}", name=self._function, called=called
        )

    def _leaves(self, expected: Expected, value: Any, arguments: tuple[Any, ...]) -> list[Leaf]:
        try:
            return match(expected, value, self._oracles.names(self._function), self._note)
        except Unfit as unfit:
            raise CheckFailed(unfit.kind, unfit.text, self._case(arguments)) from None
        except (RuntimeError, ValueError, TypeError, OverflowError) as error:
            # Numbers of an odd kind that torch cannot put together: an answer, but no right one.
            text = message("the answer cannot be read as numbers: {error}", error=str(error)[:200])
            raise CheckFailed("type", text, self._case(arguments)) from None

    def _note(self, note: Message) -> None:
        self.notes[note] = None

    def _compare(self, leaves: list[Leaf], arguments: tuple[Any, ...]) -> None:
        single = _is_single(arguments)
        wrong = [leaf for leaf in leaves if not self._close(leaf, single)]
        if not wrong:
            return
        imprecise = not single and all(leaf.error() <= SINGLE_TOLERANCE for leaf in wrong)
        right = tuple(leaf.label for leaf in leaves if leaf not in wrong)
        first = wrong[0]
        yours, expected = numbers_shown(first.got, first.expected.value)
        evidence = self._case(arguments, yours=yours, expected=expected, right=right)
        where = f"`{first.label}`" if first.label else "the value"
        text = (
            message("{where} is wrong", where=where) if not imprecise else message("{where} is imprecise", where=where)
        )
        raise CheckFailed("value", text, evidence, imprecise)

    def _close(self, leaf: Leaf, single: bool) -> bool:
        error = leaf.error()
        if error <= DOUBLE_TOLERANCE:
            return True
        if not (single or leaf.single) or not error <= SINGLE_TOLERANCE:
            return False
        if not single:
            self._note(SINGLE_NOTE)
        return True

    def _repeat(self, leaves: list[Leaf], arguments: tuple[Any, ...], expected: Expected) -> None:
        second = self._student.call(self._function, list(arguments))
        same = isinstance(second, Returned)
        if isinstance(second, Returned):
            again = self._leaves(expected, second.value, arguments)
            same = all(_same(first, leaf) for first, leaf in zip(leaves, again, strict=True))
        if not same:
            text = message("called a second time with the same arguments, it answers differently")
            raise CheckFailed("repeat", text, self._case(arguments))

    def _case(self, arguments: tuple[Any, ...], **shown: Any) -> Evidence:
        case = arguments_shown(self._oracles.parameters(self._function), arguments)
        source = "your own functions, composed" if self._composed else self._oracles.source(self._function)
        return Evidence(case, oracle=source, **shown)


def _same(first: Leaf, second: Leaf) -> bool:
    tolerance = SINGLE_TOLERANCE if first.single else DOUBLE_TOLERANCE
    return Leaf(first.label, Terms(first.got, first.expected.scale), second.got).error() <= tolerance


def _depends(
    composed: Callable[[tuple[Any, ...]], Expected],
    reference: Callable[[tuple[Any, ...]], Expected],
    arguments: tuple[Any, ...],
) -> bool:
    """Whether a composition reacts to each argument in each part of its value in which the reference does.

    Helpers that answer zeros or constants would otherwise make a composition that anything can equal.
    """
    base = _flat(composed(arguments)), _flat(reference(arguments))
    for at, argument in enumerate(arguments):
        nudged = _nudged(argument)
        if nudged is None:
            continue
        given = (*arguments[:at], nudged, *arguments[at + 1 :])
        after = _flat(composed(given)), _flat(reference(given))
        for own_before, before, own_after, now in zip(*base, *after, strict=True):
            if not (own_after - own_before).abs().max() >= DEPENDENCE * (now - before).abs().max():
                return False
    return True


def _nudged(argument: Any) -> Any:
    """Return an argument with every real number in it moved, or None where it holds none."""
    if isinstance(argument, Tensor | float):
        return argument * 1.25 + 0.1
    if isinstance(argument, dict):
        return {name: _nudged(value) for name, value in argument.items()}
    if isinstance(argument, list):
        return [_nudged(item) for item in argument]
    return None


def _flat(expected: Expected) -> list[Tensor]:
    if isinstance(expected, Terms):
        return [expected.value]
    items = expected.values() if isinstance(expected, dict) else expected
    return [leaf for item in items for leaf in _flat(item)]


def _rebuild(form: Any, following: Callable[[], Tensor]) -> Any:
    """Return the containers of an oracle's value with other numbers in them, in order."""
    if isinstance(form, dict):
        return {key: _rebuild(item, following) for key, item in form.items()}
    if isinstance(form, list | tuple):
        return type(form)(_rebuild(item, following) for item in form)
    return following()


def _double(argument: Any) -> Any:
    """Return an argument in double precision, in which expected values are computed."""
    if isinstance(argument, Tensor):
        return argument.double()
    if isinstance(argument, dict):
        return {name: _double(value) for name, value in argument.items()}
    return [_double(item) for item in argument] if isinstance(argument, list) else argument


def _is_single(argument: Any) -> bool:
    if isinstance(argument, Tensor):
        return argument.dtype == torch.float32
    items = argument.values() if isinstance(argument, dict) else argument
    return isinstance(argument, dict | list | tuple) and any(_is_single(item) for item in items)


def _plain(argument: Any) -> Any:
    """Return an argument of a student's question in the form that the exercise's functions take."""
    if isinstance(argument, Foreign):
        if not isinstance(argument.value, Tensor):
            raise TypeError("not a number")
        return argument.value
    if isinstance(argument, float):
        return torch.tensor(argument, dtype=torch.float64)
    if isinstance(argument, dict):
        return {name: _plain(value) for name, value in argument.items()}
    if isinstance(argument, list | tuple):
        items = [_plain(item) for item in argument]
        numbers = all(isinstance(item, int) or (isinstance(item, Tensor) and not item.dim()) for item in items)
        return torch.tensor([float(item) for item in items], dtype=torch.float64) if numbers else items
    return argument


def _size(argument: Any) -> int:
    if isinstance(argument, Tensor):
        return argument.numel()
    if isinstance(argument, dict | list):
        return sum(_size(item) for item in (argument.values() if isinstance(argument, dict) else argument))
    return 1
