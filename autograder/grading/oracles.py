"""Oracles: where the expected value of each function of an exercise comes from, independently of the reference."""

import inspect
import math
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from types import CodeType, ModuleType, SimpleNamespace
from typing import Any

import torch
from torch import Tensor

from autograder.grading.comparing import Expected, ExpectedValue, summed, values
from autograder.grading.labels import Labels
from autograder.host.answers import Probe, Question, Refusal
from autograder.model import ForeignValue

NO_ANSWER = "cannot be called with these arguments"
MOST_REMEMBERED, LONGEST_REMEMBERED = 500, 1000  # questions whose answers are kept; bytes of one
MAX_QUESTION_NUMBERS = 4096  # numbers that the arguments of a question may hold
MAX_BROADCAST_NUMBERS = 65536  # and what they may make together


def oracle(
    *names: str,
    source: str = "",
    single: bool = False,
    repeatable: bool = True,
    parts: Mapping[str, str] | None = None,
    passes: int = 1,
) -> Callable[[Callable[..., Expected]], Callable[..., Expected]]:
    """Make a function the source of the expected values of the graded function of the same name.

    Its first argument, `functions`, holds the plain values of all oracles of the exercise, for one that is made of
    others. It returns ExpectedValue, or a dict, list or tuple of such; `names` are what a reader calls the members of a
    tuple, `parts` and `passes` what lies deeper (see Labels), `source` how it is computed. `single`: the function works
    in float32 whatever it is given. `repeatable`: a second call answers the same.
    """

    def mark(function: Callable[..., Expected]) -> Callable[..., Expected]:
        labels = Labels(names, tuple((parts or {}).items()), passes)
        vars(function).update(oracle=labels, source=source, single=single, repeatable=repeatable)
        return function

    return mark


def reader(function: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function the one that turns the answer of a graded function, which stays in the worker, into values.

    It is called with a probe, the answer, and the arguments of the call, and returns the values that the oracle's are
    compared with, and a dict of what it found out that the oracle needs to know: its keyword-only arguments.
    """
    return _marked(reader=function)


def reference_helper(function: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function the one that answers, in place of the oracle, the student's calls of a graded function.

    It is called with a probe for the objects among the arguments, and the arguments; what it asks to be made
    (RemoteConstructor) is made in the worker.
    """
    return _marked(reference_helper=function)


def _marked(**marks: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def mark(function: Callable[..., Any]) -> Callable[..., Any]:
        vars(function).update(marks)
        return function

    return mark


def gradients(
    prediction: Callable[[dict[str, Tensor]], Tensor], parameters: dict[str, Tensor], upstream: Tensor
) -> dict[str, ExpectedValue]:
    """Differentiate Σᵢ upstreamᵢ · predictionᵢ with respect to each parameter, by torch autograd.

    `prediction` maps parameters to shape (n,), `upstream` is (n,), held constant; or both are columns, or one sample's,
    of which a student's code may ask. Each sample gets a copy of the parameters, so that autograd yields every sample's
    contribution by itself.
    """
    copies = {
        name: parameter.detach().reshape(()).expand(upstream.shape).clone().requires_grad_()
        for name, parameter in parameters.items()
    }
    total = (upstream.detach() * prediction(copies)).sum()
    contributions = torch.autograd.grad(total, list(copies.values()))
    return {name: summed(contribution.flatten()) for name, contribution in zip(copies, contributions, strict=True)}


class Oracles:
    """The expected values of an exercise's functions, from its checks module; `values` are all, plain, as functions."""

    def __init__(self, checks: ModuleType) -> None:
        functions: dict[str, Callable[..., Any]] = {
            name: value for name, value in vars(checks).items() if inspect.isfunction(value)
        }
        self._functions = {name: value for name, value in functions.items() if hasattr(value, "oracle")}
        self._readers = _by_mark(functions, "reader")
        self._reference_helpers = _by_mark(functions, "reference_helper")
        self._answered: dict[bytes, Any] = {}
        self.values = SimpleNamespace(**{name: self._value_of(name) for name in self._functions})

    answers_helpers = True  # in place of the student's own

    def _value_of(self, function: str) -> Callable[..., Any]:
        return lambda *arguments, **observations: values(self.expect(function, arguments, observations))

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions of the exercise, in the order in which their oracles stand: that of its table."""
        return tuple(self._functions)

    def labels(self, function: str) -> Labels:
        """Return what a reader calls the parts of what a function returns."""
        labels: Labels = vars(self._functions[function])["oracle"]
        return labels

    def source(self, function: str) -> str:
        """Return how a function's expected value is computed, '' where there is nothing to say."""
        source: str = vars(self._functions[function])["source"]
        return source

    def is_single(self, function: str) -> bool:
        """Whether a function works in float32 whatever it is given."""
        return bool(vars(self._functions[function])["single"])

    def repeatable(self, function: str) -> bool:
        """Whether a second identical call must give the same answer."""
        return bool(vars(self._functions[function])["repeatable"])

    def parameters(self, function: str) -> tuple[str, ...]:
        parameters = inspect.signature(self._functions[function]).parameters.values()
        return tuple(parameter.name for parameter in parameters if parameter.kind is not parameter.KEYWORD_ONLY)[1:]

    def observes(self, function: str) -> bool:
        """Whether a function's expected value hangs on what its reader finds out about the answer."""
        parameters = inspect.signature(self._functions[function]).parameters.values()
        return any(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters)

    def is_read(self, function: str) -> bool:
        """Whether a function's answer is read from objects that it made or changed."""
        return function in self._readers

    def read(self, function: str, probe: Probe, value: Any, arguments: tuple[Any, ...]) -> tuple[Any, dict[str, Any]]:
        """Return the values of an answer, and what the oracle needs to know of it besides the arguments."""
        read = self._readers.get(function)
        if read is None:
            return value, {}
        plain, observations = read(probe, value, *arguments)
        return plain, dict(observations)

    def expect(self, function: str, arguments: tuple[Any, ...], observations: dict[str, Any] | None = None) -> Expected:
        """Return the expected value of a function; `observations` are what its reader found out about the answer."""
        return self._functions[function](self.values, *arguments, **(observations or {}))

    def composed(self, function: str, functions: Any, *arguments: Any, **observations: Any) -> Any:
        """Return the plain value of a function that is made of others than the oracles."""
        return values(self._functions[function](functions, *arguments, **observations))

    def called(self, function: str) -> set[str]:
        """Return which of the exercise's functions stand in the code of a function's oracle."""
        return set(self._functions) & set(_names(inspect.unwrap(self._functions[function]).__code__))

    def answer(self, question: Question) -> Any:
        """Answer the student's call of a function; Refusal for arguments that the function could not be called with.

        The submissions of a class get the same cases, and so ask the same questions.
        """
        identity = question.identity
        makes_objects = question.function in self._reference_helpers  # new ones each time
        if identity is None or makes_objects or len(identity) > LONGEST_REMEMBERED:
            return self._answer(question)
        if identity not in self._answered:
            answer = self._answer(question)
            if len(self._answered) >= MOST_REMEMBERED:
                self._answered.clear()
            self._answered[identity] = answer
        return self._answered[identity]

    def answer_in_turn(self, question: Question) -> Any:
        """Answer as `answer` does, but where the student has crossed the parameters' names, by the places alone.

        Whoever calls it as the text says puts the arguments where the text has them.
        """
        parameters = self.parameters(question.function)
        is_crossed = set(question.keywords) == set(parameters) and tuple(question.keywords) != parameters
        if not is_crossed:
            return self.answer(question)
        in_turn = dict(zip(parameters, question.keywords.values(), strict=True))
        return self._answer(replace(question, keywords=in_turn))

    def _answer(self, question: Question) -> Any:
        function = question.function
        try:
            helper = self._reference_helpers.get(function)
            plain = [_plain(argument) for argument in _in_order(question, self.parameters(function))]
            _require_few(plain)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # they would reach the terminal of whoever grades
                return helper(question.probe, *plain) if helper else values(self.expect(function, tuple(plain)))
        except Exception:  # noqa: BLE001 - the arguments are the student's: whatever they cause is theirs
            raise Refusal(f"{function} {NO_ANSWER}") from None


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)


def _in_order(question: Question, parameters: tuple[str, ...]) -> list[Any]:
    """Return a question's arguments in the order of the parameters: by name, and what has another name as it comes.

    Options that only the student's function has are left out. KeyError where something is missing.
    """
    named = {name: value for name, value in question.keywords.items() if name in parameters}
    others = [*question.arguments, *(value for name, value in question.keywords.items() if name not in named)]
    named |= zip((name for name in parameters if name not in named), others, strict=False)
    return [named[name] for name in parameters]


def _by_mark(functions: Mapping[str, Callable[..., Any]], mark: str) -> dict[str, Callable[..., Any]]:
    return {vars(value)[mark]: value for value in functions.values() if hasattr(value, mark)}


def _plain(argument: Any) -> Any:
    """Return an argument of a student's question in the form that the exercise's functions take."""
    if isinstance(argument, ForeignValue):
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


def _require_few(arguments: list[Any]) -> None:
    """ValueError for arguments that hold many numbers, or would make many if all were broadcast together."""
    tensors = list(_tensors(arguments))
    deepest = max((tensor.dim() for tensor in tensors), default=0)
    shapes = [(1,) * (deepest - tensor.dim()) + tuple(tensor.shape) for tensor in tensors]
    together = math.prod(max(sizes) for sizes in zip(*shapes, strict=True))
    if sum(tensor.numel() for tensor in tensors) > MAX_QUESTION_NUMBERS or together > MAX_BROADCAST_NUMBERS:
        raise ValueError("too many numbers")


def _tensors(argument: Any) -> Iterator[Tensor]:
    if isinstance(argument, Tensor):
        yield argument
    elif isinstance(argument, dict | list):
        for item in argument.values() if isinstance(argument, dict) else argument:
            yield from _tensors(item)
