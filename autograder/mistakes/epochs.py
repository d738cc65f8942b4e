"""Known mistakes of exercise 1's train_epoch: its batches, the order of its steps, its loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from autograder.checking import Mistake, altered, turned

Parameters = dict[str, Any]
Batches = list[tuple[Tensor, Tensor]]
Trained = tuple[list[Parameters], list[Tensor]]
Epoch = tuple[Parameters, Any]


def split(x: Tensor, y: Tensor, size: int) -> Batches:
    """The batches in order."""
    return list(zip(torch.split(x, size), torch.split(y, size), strict=True))


def trained(functions: Any, parameters: Parameters, batches: Batches, rates: Any) -> Trained:
    """Where the parameters stand before, between and after the batches, and the loss of each before its step."""
    path, losses = [parameters], []
    for x, y in batches:
        losses.append(functions.loss(functions.predict(path[-1], x), y))
        path.append(functions.update(path[-1], functions.manual_gradients(path[-1], x, y), rates))
    return path, losses


def losses_at(functions: Any, places: list[Parameters], batches: Batches) -> Any:
    """The sum of the batches' losses, each at one place."""
    zero = torch.zeros((), dtype=torch.float64)
    at = zip(places, batches, strict=False)
    return sum((functions.loss(functions.predict(place, x), y) for place, (x, y) in at), zero)


def of_losses(identity: str, text: str, question: str, number: Callable[[list[Tensor], Tensor], Any]) -> Mistake:
    """Return a mistake in what is made of the batches' losses."""

    def variant(functions: Any, parameters: Parameters, x: Tensor, y: Tensor, rates: Any, size: int) -> Any:
        path, losses = trained(functions, parameters, split(x, y, size), rates)
        return path[-1], number(losses, x)

    return Mistake("train_epoch", identity, text, question, variant, is_whole=True)


EVERY_TWO = "If every batch had the loss 2, what should come out for three batches?"
EPOCH_LOSS = (
    of_losses("last-batch-loss", "{parts}: the loss of the last batch only", EVERY_TWO, lambda each, _: each[-1]),
    of_losses("first-batch-loss", "{parts}: the loss of the first batch only", EVERY_TWO, lambda each, _: each[0]),
    of_losses(
        "mean-of-batches", "{parts}: the mean of the batch losses", EVERY_TWO, lambda each, _: sum(each) / len(each)
    ),
    of_losses(
        "mean-not-sum", "{parts}: divided by the number of samples", EVERY_TWO, lambda each, x: sum(each) / len(x)
    ),
    of_losses("not-summed", "{parts}: one value for each batch", EVERY_TWO, lambda each, _: torch.stack(each)),
    of_losses(
        "last-batch-missing", "{parts}: the last batch's loss is not in it", EVERY_TWO, lambda each, _: sum(each[:-1])
    ),
    of_losses(
        "sign-flipped", "{parts}: right size, opposite sign", "Can a loss be negative?", lambda each, _: -sum(each)
    ),
)


def of_batches(identity: str, text: str, question: str, batches: Callable[..., Batches]) -> Mistake:
    """Return a mistake in the batches that an epoch goes through."""

    def variant(functions: Any, parameters: Parameters, x: Tensor, y: Tensor, rates: Any, size: int) -> Any:
        path, losses = trained(functions, parameters, batches(x, y, size), rates)
        return path[-1], sum(losses, torch.zeros((), dtype=torch.float64))

    return Mistake("train_epoch", identity, text, question, variant, is_whole=True)


def windows(x: Tensor, y: Tensor, starts: range, size: int) -> Batches:
    """Batches of one size that begin at some samples."""
    return [(x[start : start + size], y[start : start + size]) for start in starts]


def dealt(x: Tensor, y: Tensor, size: int) -> Batches:
    """Batches made by dealing out the samples in turn."""
    count = -(-len(x) // size)
    return [(x[start::count], y[start::count]) for start in range(count)]


BATCHES = "With seven samples in batches of three, which samples are in which batch?"
EPOCH_BATCHES = (
    of_batches(
        "short-batch-dropped",
        "the last, shorter batch is left out",
        "With seven samples in batches of three, what becomes of the seventh?",
        lambda x, y, size: windows(x, y, range(0, len(x) - size + 1, size), size),
    ),
    of_batches(
        "whole-batch",
        "all samples went into one step",
        "How many updates does an epoch of three batches have?",
        lambda x, y, _: [(x, y)],
    ),
    of_batches("shuffled", "the batches are not in order", BATCHES, lambda x, y, size: split(x, y, size)[::-1]),
    of_batches("shuffled", "the batches are not in order", BATCHES, lambda x, y, n: split(x.flip(0), y.flip(0), n)),
    of_batches("shuffled", "the samples of a batch are not neighbours", BATCHES, dealt),
    of_batches(
        "batches-miscounted",
        "batch_size is taken for the number of batches",
        BATCHES,
        lambda x, y, size: list(zip(x.chunk(size), y.chunk(size), strict=True)),
    ),
    of_batches(
        "batches-overlap",
        "the batches overlap",
        BATCHES,
        lambda x, y, size: windows(x, y, range(len(x)), size),
    ),
    of_batches(
        "batches-overlap",
        "the batches overlap",
        BATCHES,
        lambda x, y, size: windows(x, y, range(len(x) - size + 1), size),
    ),
    of_batches(
        "batches-overlap",
        "the batches overlap",
        BATCHES,
        lambda x, y, size: windows(x, y, range(-(-len(x) // size)), size),  # the batch's number for its first sample
    ),
    of_batches(
        "batches-overlap",
        "the batches overlap",
        BATCHES,
        lambda x, y, size: [(x[first:size], y[first:size]) for first in range(-(-len(x) // size))],
    ),
    of_batches(
        "last-sample-missing",
        "the last sample of each batch is left out",
        BATCHES,
        lambda x, y, size: [(one[:-1], two[:-1]) for one, two in split(x, y, size)],
    ),
    of_batches(
        "single-samples",
        "one update for each sample, not for each batch",
        "How many updates does an epoch of seven samples in batches of three have?",
        lambda x, y, _: split(x, y, 1),
    ),
    of_batches(
        "first-batch-only",
        "only the first batch has moved the parameters",
        "Is the second batch reached, and which samples are in it then?",
        lambda x, y, size: split(x, y, size)[:1],
    ),
    of_batches(
        "last-batch-only",
        "only the last batch has moved the parameters",
        "Which of your lines run once for each batch?",
        lambda x, y, size: split(x, y, size)[-1:],
    ),
    of_batches(
        "first-batch-repeated",
        "each step uses the first batch",
        "What should be different the second time round the loop?",
        lambda x, y, size: [(x[:size], y[:size])] * len(split(x, y, size)),
    ),
)
EPOCH_ORDER = Mistake(
    "train_epoch",
    "swapped",
    "the epoch's loss and the parameters have changed places",
    "In which order does the description name the two?",
    altered("train_epoch", lambda right, *_: turned(right)),
    is_whole=True,
)


def of_steps(identity: str, text: str, question: str, *, is_whole: bool = True) -> Callable[[Any], Mistake]:
    """Make a function of the batches a mistake in how an epoch steps."""

    def mark(walk: Callable[[Any, Parameters, Batches, Any], Epoch]) -> Mistake:
        def variant(functions: Any, parameters: Parameters, x: Tensor, y: Tensor, rates: Any, size: int) -> Epoch:
            return walk(functions, parameters, split(x, y, size), rates)

        return Mistake("train_epoch", identity, text, question, variant, is_whole)

    return mark


WHERE = "Where do the parameters stand when the loss of batch 2 is taken, and where when its gradients are?"
AFTER = "{parts}: taken where the parameters had moved already"


@of_steps("updated-before-use", AFTER, WHERE)
def loss_after_step(functions: Any, parameters: Parameters, batches: Batches, rates: Any) -> Epoch:
    """Each batch's loss after its step."""
    path, _ = trained(functions, parameters, batches, rates)
    return path[-1], losses_at(functions, path[1:], batches)


@of_steps("updated-before-use", AFTER, WHERE)
def loss_after_epoch(functions: Any, parameters: Parameters, batches: Batches, rates: Any) -> Epoch:
    """All losses at the end."""
    path, _ = trained(functions, parameters, batches, rates)
    return path[-1], losses_at(functions, [path[-1]] * len(batches), batches)


@of_steps("loss-at-start", "{parts}: all batch losses are taken before the first step", WHERE)
def loss_before_epoch(functions: Any, parameters: Parameters, batches: Batches, rates: Any) -> Epoch:
    """All losses at the beginning."""
    path, _ = trained(functions, parameters, batches, rates)
    return path[-1], losses_at(functions, [parameters] * len(batches), batches)


def one_by_one(first: str, second: str, *, is_late: bool = False) -> Mistake:
    """Return the mistake of moving one parameter before the other's gradient is taken."""

    def walk(functions: Any, parameters: Parameters, batches: Batches, rates: Any) -> Epoch:
        path = [parameters]
        for x, y in batches:
            here = path[-1]
            half = {**here, first: moved_to(functions, here, x, y, rates)[first]}
            path.append({**half, second: moved_to(functions, half, x, y, rates)[second]})
        return path[-1], losses_at(functions, path[is_late:], batches)

    text = f"`{first}` had moved already when the derivative by {second} was taken"
    question = f"Which {first} made the predictions whose residuals you use for {second}?"
    return of_steps("updated-before-use", text, question)(walk)


def moved_to(functions: Any, parameters: Parameters, x: Tensor, y: Tensor, rates: Any) -> Parameters:
    """Where one step leads."""
    after: Parameters = functions.update(parameters, functions.manual_gradients(parameters, x, y), rates)
    return after


ONE_BY_ONE = (
    one_by_one("a", "b"),
    one_by_one("b", "a"),
    one_by_one("a", "b", is_late=True),
    one_by_one("b", "a", is_late=True),
)


@of_steps("not-updated", "the parameters come back as they were", "What becomes of what `update` returns?")
def never_moved(functions: Any, parameters: Parameters, batches: Batches, _rates: Any) -> Epoch:
    """No step is kept."""
    return parameters, losses_at(functions, [parameters] * len(batches), batches)


@of_steps(
    "not-updated", "{parts}: as they were before the epoch", "Which parameters do you return: the old or the new?"
)
def old_returned(functions: Any, parameters: Parameters, batches: Batches, rates: Any) -> Epoch:
    """The losses along the way, and the old parameters."""
    return parameters, losses_at(functions, trained(functions, parameters, batches, rates)[0], batches)


@of_steps(
    "parameters-not-carried",
    "each batch starts from the first parameters again",
    "Where do the parameters that batch 1 has found go?",
)
def from_the_first(functions: Any, parameters: Parameters, batches: Batches, rates: Any) -> Epoch:
    """Only the last batch's step is left."""
    last = moved_to(functions, parameters, *batches[-1], rates)
    return last, losses_at(functions, [parameters] * len(batches), batches)


@of_steps(
    "gradients-accumulated",
    "the gradients of earlier batches are still in each step",
    "Whose gradients should the step of batch 2 use?",
)
def accumulated(functions: Any, parameters: Parameters, batches: Batches, rates: Any) -> Epoch:
    """Gradients are added up over the epoch."""
    path: list[Parameters] = [parameters]
    total: Parameters = {"a": 0.0, "b": 0.0}
    for x, y in batches:
        gradients = functions.manual_gradients(path[-1], x, y)
        total = {name: total[name] + gradients[name] for name in total}
        path.append(functions.update(path[-1], total, rates))
    return path[-1], losses_at(functions, path, batches)


@of_steps(
    "gradients-at-start",
    "all gradients are taken at the first parameters",
    "Where do the parameters stand when batch 2 comes?",
)
def stale_gradients(functions: Any, parameters: Parameters, batches: Batches, rates: Any) -> Epoch:
    """The losses follow the steps, the gradients do not."""
    path = [parameters]
    for x, y in batches:
        path.append(functions.update(path[-1], functions.manual_gradients(parameters, x, y), rates))
    return path[-1], losses_at(functions, path, batches)


@of_steps("step-twice", "each batch has moved the parameters twice", "How many updates has each batch?")
def two_steps(functions: Any, parameters: Parameters, batches: Batches, rates: Any) -> Epoch:
    """Each batch comes twice, its loss once."""
    twice = [batch for batch in batches for _ in range(2)]
    path, losses = trained(functions, parameters, twice, rates)
    return path[-1], torch.stack(losses[::2]).sum()


def with_gradients_of(identity: str, text: str, question: str, gradients: Callable[..., Parameters]) -> Mistake:
    """Return a mistake in what each step's gradients are of."""

    def variant(functions: Any, parameters: Parameters, x: Tensor, y: Tensor, rates: Any, size: int) -> Epoch:
        path = [parameters]
        for batch in split(x, y, size):
            made = gradients(functions, path[-1], (x, y), batch, size)
            path.append(functions.update(path[-1], made, rates))
        return path[-1], losses_at(functions, path, split(x, y, size))

    return Mistake("train_epoch", identity, text, question, variant, is_whole=True)


def over(number: Callable[..., int]) -> Callable[..., Parameters]:
    """Return gradients divided by a number."""

    def divided(functions: Any, here: Parameters, data: Any, batch: Any, size: int) -> Parameters:
        made = functions.manual_gradients(here, *batch)
        return {name: value / number(data, size) for name, value in made.items()}

    return divided


DIVIDED = "the gradients are divided by a number of samples"
DIVIDED_ASK = "Is the loss of a batch a sum or a mean?"
EPOCH_GRADIENTS = (
    with_gradients_of(
        "whole-batch",
        "each step has the gradients of all samples, not of its batch",
        "Whose gradients should the step of batch 2 use?",
        lambda functions, here, data, _batch, _size: functions.manual_gradients(here, *data),
    ),
    with_gradients_of("mean-not-sum", DIVIDED, DIVIDED_ASK, over(lambda _data, size: size)),
    with_gradients_of("mean-not-sum", DIVIDED, DIVIDED_ASK, over(lambda data, _size: len(data[0]))),
)
MISTAKES = (
    *EPOCH_LOSS,
    *EPOCH_BATCHES,
    EPOCH_ORDER,
    loss_after_step,
    loss_after_epoch,
    loss_before_epoch,
    *ONE_BY_ONE,
    never_moved,
    old_returned,
    from_the_first,
    accumulated,
    stale_gradients,
    two_steps,
    *EPOCH_GRADIENTS,
)
