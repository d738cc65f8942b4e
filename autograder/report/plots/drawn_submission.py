"""What a submission's functions answer, as numbers of the form that is due, or a word why there are none.

What is due, and what is right, is what the oracles of the exercise's checks say.
"""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autograder.errors import UserError
from autograder.files import reason
from autograder.grading.comparing import Expected, FormMismatch, match, rebuild
from autograder.grading.labels import Labels
from autograder.host.answers import NotCallable, ProbeFailed, Raised, Returned, WorkerLost
from autograder.host.session import Session
from autograder.report.plots.due_values import DueValues

GET_DATA = "get the folder datasets/ back from where you have the kit"
NO_LABELS = Labels()
PATIENCE = 5.0  # seconds that the steps of a training may take together

State = tuple[Any, ...]  # the first arguments of a training step, which it returns anew, its loss behind them


class Missing(Exception):
    """There is nothing to draw; the text says why."""


class Diverged(Missing):
    """The numbers are not finite."""


# Gradients by name: each as the submission gives it, or why there is none, and as it should be.
Gradients = dict[str, tuple[Tensor | Missing, Tensor]]


@dataclass(frozen=True)
class Course:
    """How a training went: the state before the first step and after each, each step's loss, why it ended early."""

    path: list[State]
    losses: list[float]
    end: Missing | None = None


@dataclass(frozen=True)
class Training:
    """How a submission's training went, and how it should have gone."""

    yours: Course
    expected: Course


class DrawnSubmission:
    """The functions of a submission. `ask` and its like raise Missing where nothing of the right form comes back."""

    def __init__(self, session: Session, due: DueValues) -> None:
        self._session = session
        self._due = due
        self._oracles = due.oracles

    @contextlib.contextmanager
    def worker(self) -> Iterator[None]:
        """Make the calls of one panel in a worker of its own: what is broken there is whole in the next."""
        self._session.open_worker()
        self._session.begin()
        try:
            yield
        finally:
            self._session.end()

    def right(self, function: str, *arguments: Any, **observations: Any) -> Any:
        """Return what a function should answer; `observations` are what its reader saw of an answer."""
        with _usable(function) if observations else contextlib.nullcontext():  # these are the worker's word
            return self._due.right(function, arguments, observations)

    def surface(self, points: dict[str, Tensor], height: Callable[[], Tensor]) -> Any:
        """Return a height that is made of what is right at many points."""
        return self._due.of("surface", points, height)

    def ask(self, function: str, *arguments: Any, form: Expected | None = None) -> Any:
        """Return the answer to a call as float64 tensors, in the containers of what is right, or of `form`."""
        due = self._due.form(function, arguments) if form is None else form
        return read(function, self.answer(function, *arguments), due, self._oracles.labels(function))

    def attempt(self, function: str, *arguments: Any) -> Any:
        """Return what `ask` does, or the Missing that it raises."""
        try:
            return self.ask(function, *arguments)
        except Missing as missing:
            return missing

    def train(self, function: str, start: State, *arguments: Any, steps: int) -> Training:
        """Train with a training step of this name, called with the state and then `arguments`."""
        form = self._due.form(function, (*start, *arguments))
        expected = walk(lambda state: self.right(function, *state, *arguments), start, steps)
        with self.worker():
            yours = walk(lambda state: self.ask(function, *state, *arguments, form=form), start, steps)
        return Training(yours, expected)

    def gradients(self, function: str, *arguments: Any) -> Gradients:
        """Return the gradients that a function answers with, in a worker of its own."""
        with self.worker():
            answer = self.attempt(function, *arguments)
        right = self.right(function, *arguments).items()
        return {name: (answer if isinstance(answer, Missing) else answer[name], due) for name, due in right}

    def answer(self, function: str, *arguments: Any) -> Any:
        """Return what a call returns, in whatever form."""
        answer = self._session.call(function, list(arguments))
        if isinstance(answer, Returned | Raised) and answer.breach is not None:
            raise Missing(f"`{function}` reaches for autograd, an optimizer or a ready-made loss")
        if isinstance(answer, Raised):
            if answer.type_name == "NotImplementedError":
                where = answer.trace[-1].function if answer.trace else function  # perhaps one that this one calls
                raise Missing(f"`{where}` is not written yet")
            raise Missing(f"`{function}` raises {answer.type_name}: {answer.text}")
        if isinstance(answer, NotCallable):
            missing = answer.reason == "missing"
            raise Missing(f"there is no `{function}` in the file" if missing else f"`{function}` is {answer.reason}")
        if isinstance(answer, WorkerLost):
            raise Missing(f"`{function}`: {answer.reason}")
        if answer.value is None and self._session.is_unwritten(function):
            raise Missing(f"`{function}` is not written yet")
        return answer.value

    def observed(self, function: str, answer: Any, *arguments: Any) -> dict[str, Any]:
        """Return what the function's reader sees of an answer that stays in the worker."""
        with _usable(function):
            return self._oracles.read(function, self._session.probe, answer, arguments)[1]

    def asked(self, name: str, *arguments: Any) -> Any:
        """Return what is to be read of objects of the last call, as it comes."""
        return self._session.probe(name, *arguments)

    def probe(self, function: str, name: str, *arguments: Any, form: Expected) -> Any:
        """Read an object that the last call of a function returned, in the form of `ask`."""
        with _usable(function):
            value = self._session.probe(name, *arguments)
        return read(function, value, form)


def read(function: str, answer: Any, form: Expected, labels: Labels = NO_LABELS) -> Any:
    """Return an answer as float64 tensors in the containers of `form`; Missing where it has another form."""
    try:
        leaves = iter(match(form, answer, labels, lambda _: None))
    except FormMismatch as unfit:
        kind = Diverged if unfit.kind == "finite" else Missing
        raise kind(f"`{function}`: {unfit.text}") from None
    except (RuntimeError, ValueError, TypeError, OverflowError):
        # Numbers of an odd kind that torch cannot put together.
        raise Missing(f"what `{function}` returns cannot be read as numbers") from None
    return rebuild(form, lambda: next(leaves).got.detach().double())


@contextlib.contextmanager
def _usable(function: str) -> Iterator[None]:
    """Raise Missing where what a function returned is not what can be read."""
    try:
        yield
    except FormMismatch as mismatch:
        raise Missing(str(mismatch.text)) from None
    except ProbeFailed as error:
        raise Missing(f"what `{function}` returns cannot be used: {error}") from None
    except (TypeError, ValueError, AttributeError, LookupError, RuntimeError):
        raise Missing(f"what `{function}` returns cannot be used") from None


def walk(step: Callable[[State], tuple[Any, ...]], start: State, steps: int) -> Course:
    """Train: step after step until they are done, one gives nothing, or they take too long altogether."""
    path, losses = [start], list[float]()
    deadline = time.monotonic() + PATIENCE
    for number in range(1, steps + 1):
        try:
            *state, loss = step(path[-1])
        except Missing as missing:
            return Course(path, losses, missing)
        path.append(tuple(state))
        losses.append(float(loss))
        if time.monotonic() > deadline and number < steps:
            return Course(path, losses, Missing(f"no more than {number} steps were waited for"))
    return Course(path, losses)


def columns(path: Path) -> Tensor:
    """Return a data set, one row a column of the file, in float64; UserError where it cannot be read."""
    try:
        return torch.from_numpy(np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2).T)
    except FileNotFoundError:
        raise UserError(f"the data set {path.name} is gone; {GET_DATA}") from None
    except (OSError, ValueError) as error:
        raise UserError(f"the data set {path.name} cannot be read ({reason(error)}); {GET_DATA}") from None


def scalars(values: dict[str, float]) -> dict[str, Tensor]:
    """Return numbers as float64 tensors of shape ()."""
    return {name: torch.tensor(value, dtype=torch.float64) for name, value in values.items()}
