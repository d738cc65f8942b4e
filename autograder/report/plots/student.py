"""What a submission's functions answer, as numbers of the form that is due, or a word why there are none."""

from __future__ import annotations

import contextlib
import csv
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, NoReturn, TypeVar

import torch
from torch import Tensor

from autograder.errors import UserError
from autograder.grading.comparing import Expected, ExpectedValue, FormMismatch, match, rebuild
from autograder.host.answers import NotCallable, ProbeFailed, Raised, Returned, WorkerLost
from autograder.host.session import Session
from autograder.model import Submission
from autograder.submissions.definitions import definitions

PATIENCE = 5.0  # seconds that the steps of a training may take together

Parameters = TypeVar("Parameters")


class Missing(Exception):
    """There is nothing to draw; the text says why."""


class Diverged(Missing):
    """The numbers are not finite."""


@dataclass(frozen=True)
class Course(Generic[Parameters]):
    """A training: the parameters before the first step and after each, the loss of each, and why it ended early."""

    path: list[Parameters]
    losses: list[float]
    end: Missing | None = None


class Student:
    """The functions of a submission. `ask` and its like raise Missing where nothing of the right form comes back."""

    def __init__(self, session: Session, submission: Submission) -> None:
        self._session = session
        defined = {} if submission.is_notebook else definitions(submission.cells[0].code)
        self._unwritten = {name for name, found in defined.items() if found.unwritten}

    @contextlib.contextmanager
    def worker(self) -> Iterator[None]:
        """Make the calls of one panel in a worker of its own: what is broken there is whole in the next."""
        self._session.open_worker()
        self._session.begin()
        try:
            yield
        finally:
            self._session.end()

    def ask(self, function: str, *arguments: Any, form: Expected, names: tuple[str, ...] = ()) -> Any:
        """Return the answer to a call as float64 tensors in the containers of `form`."""
        return read(function, self.answer(function, *arguments), form, names)

    def step(self, function: str, *arguments: Any, form: Expected, names: tuple[str, ...]) -> Any:
        """Return what a training step of this name makes of the parameters, and its loss, the last of its `names`."""
        *parameters, loss = self.ask(function, *arguments, form=(*form, NUMBER), names=names)
        return (parameters[0] if len(parameters) == 1 else tuple(parameters)), float(loss)

    def attempt(self, function: str, *arguments: Any, form: Expected, names: tuple[str, ...] = ()) -> Any:
        """Return what `ask` does, or the Missing that it raises."""
        try:
            return self.ask(function, *arguments, form=form, names=names)
        except Missing as missing:
            return missing

    def answer(self, function: str, *arguments: Any) -> Any:
        """Return what a call returns, in whatever form."""
        answer = self._session.call(function, list(arguments))
        if isinstance(answer, Returned | Raised) and answer.breach is not None:
            raise Missing(f"`{function}` reaches for autograd, an optimizer or a ready-made loss")
        if isinstance(answer, Raised):
            self._raised(function, answer)
        if isinstance(answer, NotCallable):
            missing = answer.reason == "missing"
            raise Missing(f"there is no `{function}` in the file" if missing else f"`{function}` is {answer.reason}")
        if isinstance(answer, WorkerLost):
            raise Missing(f"`{function}`: {answer.reason}")
        if answer.value is None and function in self._unwritten:
            raise Missing(f"`{function}` is not written yet")
        return answer.value

    def probe(self, function: str, name: str, *arguments: Any, form: Expected) -> Any:
        """Read an object that the last call of a function returned, in the form of `ask`."""
        try:
            value = self._session.probe(name, *arguments)
        except ProbeFailed as error:
            raise Missing(f"what `{function}` returns cannot be used: {error}") from None
        return read(function, value, form)

    def _raised(self, function: str, answer: Raised) -> NoReturn:
        """Say which function is not written yet, perhaps one that this one calls, or what was raised."""
        if answer.type_name == "NotImplementedError":
            where = answer.trace[-1].function if answer.trace else function
            raise Missing(f"`{where}` is not written yet")
        raise Missing(f"`{function}` raises {answer.type_name}: {answer.text}")


def read(function: str, answer: Any, form: Expected, names: tuple[str, ...] = ()) -> Any:
    """Return an answer as float64 tensors in the containers of `form`; Missing where it has another form."""
    try:
        leaves = iter(match(form, answer, names, lambda _: None))
    except FormMismatch as unfit:
        kind = Diverged if unfit.kind == "finite" else Missing
        raise kind(f"`{function}`: {unfit.text}") from None
    except (RuntimeError, ValueError, TypeError, OverflowError):
        # Numbers of an odd kind that torch cannot put together.
        raise Missing(f"what `{function}` returns cannot be read as numbers") from None
    return rebuild(form, lambda: next(leaves).got.detach().double())


def like(value: Any) -> Expected:
    """Return the form of tensors, and of lists, tuples and dicts of them."""
    if isinstance(value, Tensor):
        return ExpectedValue(value, value.abs())
    if isinstance(value, dict):
        return {name: like(item) for name, item in value.items()}
    return type(value)(like(item) for item in value)


NUMBER = like(torch.zeros((), dtype=torch.float64))


def walk(step: Callable[[Parameters], tuple[Parameters, float]], start: Parameters, steps: int) -> Course[Parameters]:
    """Train: step after step until they are done, one gives nothing, or they take too long altogether."""
    path: list[Parameters] = [start]
    losses: list[float] = []
    deadline = time.monotonic() + PATIENCE
    for at in range(steps):
        try:
            after, loss = step(path[-1])
        except Missing as missing:
            return Course(path, losses, missing)
        path.append(after)
        losses.append(loss)
        if time.monotonic() > deadline and at + 1 < steps:
            return Course(path, losses, Missing(f"no more than {at + 1} steps were waited for"))
    return Course(path, losses)


def columns(path: Path) -> Tensor:
    """Return a data set, one row a column of the file, in float64; UserError where it cannot be read."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))[1:]
        return torch.tensor([[float(value) for value in row] for row in rows], dtype=torch.float64).T
    except (OSError, ValueError) as error:
        raise UserError(f"the data set {path} cannot be read ({error}); restore it from the kit") from None


def scalars(values: dict[str, float]) -> dict[str, Tensor]:
    """Return numbers as float64 tensors of shape ()."""
    return {name: torch.tensor(value, dtype=torch.float64) for name, value in values.items()}
