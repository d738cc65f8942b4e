"""Exercise 3's objects: how they are read, and the oracles that hang on what was read.

A model, a loader and an optimizer stay in the worker, and `fit` is judged from the weights that the student's own model
started with, so this cannot be said by values: it is part of the student kit as it stands.
"""

import random
from typing import Any

import torch
from torch import Tensor, nn

from autograder.checking import (
    ExpectedValue,
    FormMismatch,
    Probe,
    RemoteConstructor,
    RemoteObject,
    as_float,
    message,
    moved,
    oracle,
    reader,
    terms,
)

Batch = tuple[Tensor, Tensor]
ORDINARY = 10.0  # the size of weights that fit may start from
MOVING = 1e-6  # the size of slopes below which nothing reaches the other layer
TWO_LAYERS = [("Linear", 1, 1, True)] * 2


@oracle(single=True, repeatable=False)
def build_model(_functions: Any, *, x: Tensor, start: list[Tensor]) -> ExpectedValue:
    """What two layers of these parameters make of x."""
    a1, b1, a2, b2 = (value.reshape(()) for value in start)
    return terms(a2 * a1 * x, a2 * b1, b2)


@reader("build_model")
def read_model(probe: Probe, model: Any) -> tuple[Any, dict[str, Any]]:
    """Check what it consists of, and run it with parameters that nobody can know beforehand."""
    require_two_layers(probe, model)
    if not probe("trainable", model):
        raise FormMismatch("type", message("not all of its parameters can be trained"), sign="not trainable")
    drawn = random.SystemRandom()  # a right model is right for any numbers, so the verdict does not depend on them
    shapes = ((1, 1), (1,), (1, 1), (1,))
    start = [torch.full(shape, drawn.choice((-1, 1)) * drawn.uniform(0.3, 2.5)) for shape in shapes]
    x = torch.tensor([[drawn.uniform(-2.5, 2.5)] for _ in range(3)] + [[drawn.uniform(300, 500)]])
    probe("set_parameters", model, start)
    return probe("output", model, x), {"x": x, "start": start}


@reader("make_loader")
def read_loader(probe: Probe, loader: Any, x: Tensor, y: Tensor, _batch_size: int) -> tuple[Any, dict[str, Any]]:
    """Go through it twice."""
    if not isinstance(loader, RemoteObject):
        raise FormMismatch("type", message("a DataLoader is due, and something else came back"))
    batches = [tuple(batch) for batch in [*probe("batches", loader), *probe("batches", loader)]]
    dtypes = {part.dtype for batch in batches for part in batch if isinstance(part, Tensor)}
    if dtypes - {torch.float32}:
        found = ", ".join(sorted(str(dtype).removeprefix("torch.") for dtype in dtypes))
        sign = "as they came" if dtypes <= {x.dtype, torch.float32} else found
        raise FormMismatch("type", message("the batches are {found}; float32 is due", found=found), sign=sign)
    if out_of_order(batches, x, y):
        raise FormMismatch("value", message("the samples do not come in order"), sign="out of order")
    return batches, {}


def out_of_order(batches: list[Any], x: Tensor, y: Tensor) -> bool:
    """Whether all samples are there, twice, but not in order."""
    if not all(len(batch) == 2 and all(isinstance(part, Tensor) for part in batch) for batch in batches):
        return False
    found = [pair for xs, ys in batches for pair in zip(xs.flatten().tolist(), ys.flatten().tolist(), strict=False)]
    due = [*zip(x.float().tolist(), y.float().tolist(), strict=True)] * 2
    return found != due and sorted(found) == sorted(due)


@reader("train_epoch")
def read_epoch(probe: Probe, epoch_loss: Any, model: RemoteConstructor, *_arguments: Any) -> tuple[Any, dict[str, Any]]:
    """The loss it returns, and where it left the model's parameters."""
    after = probe("parameters", model)
    require_moved(probe, model, model.arguments[1], after)
    return (epoch_loss, after), {}


def require_moved(probe: Probe, model: Any, before: list[Tensor], after: list[Tensor]) -> None:
    """FormMismatch where training has moved no parameter; its sign is what was missing, as far as that was noted."""
    if any(not torch.equal(one.flatten(), other.flatten()) for one, other in zip(before, after, strict=True)):
        return
    has_stepped, has_gradients = probe("training", model)
    sign = {
        (False, True): "no step",
        (True, True): "no gradient left at the step",
        (True, False): "no gradient at the step",
        (False, False): "neither gradient nor step",
    }[bool(has_stepped), bool(has_gradients)]
    raise FormMismatch("value", message("no parameter of the model has moved"), sign=sign)


PARAMETERS = {f"parameters.{at}": name for at, name in enumerate(("a1", "b1", "a2", "b2"))}


@oracle(
    "losses",
    "parameters",
    single=True,
    repeatable=False,
    source="the steps done one by one",
    parts={**PARAMETERS, "losses.#": "loss of epoch {n}"},
)
def fit(
    _functions: Any, x: Tensor, y: Tensor, epochs: int, batch_size: int, learning_rate: float, *, start: list[Tensor]
) -> tuple[list[ExpectedValue], list[ExpectedValue]]:
    """Adam on the mean squared error in double precision, from the weights that the model started with."""
    stack = replica(start)
    adam = torch.optim.Adam(stack.parameters(), lr=learning_rate)
    losses, path = [], [[parameter.detach().clone() for parameter in stack.parameters()]]
    for _ in range(epochs):
        batch_losses, steps = one_epoch(stack, batches_of(x, y, batch_size), nn.MSELoss(), adam)
        losses.append(mean(batch_losses))
        path += steps[1:]
    return losses, moves(path)


@reader("fit")
def read_fit(probe: Probe, answer: Any, *_arguments: Any) -> tuple[Any, dict[str, Any]]:
    """The losses, where the model's parameters are, and where they were before the first step."""
    if not isinstance(answer, list | tuple) or len(answer) != 2:
        raise FormMismatch("type", message("two values are due: the model and the list of losses"))
    model, losses = answer
    if isinstance(losses, RemoteObject) and not isinstance(model, RemoteObject):
        raise FormMismatch("type", message("the model is due first, and then the losses"), sign="turned")
    require_two_layers(probe, model)
    start = probe("starting_parameters", model)
    if any(bool((value.abs() < MOVING).any()) for value in start[::2]):
        raise FormMismatch("value", message("slopes that start at zero do not move; start as nn.Linear does"))
    if not all(bool((value.abs() <= ORDINARY).all()) for value in start):
        raise FormMismatch("value", message("the model does not start from weights of ordinary size"))
    after = probe("parameters", model)
    require_moved(probe, model, start, after)
    return (losses, after), {"start": start}


def require_two_layers(probe: Probe, model: Any) -> None:
    """FormMismatch unless a model is a Sequential of exactly two layers with one input and one output each."""
    if not isinstance(model, RemoteObject):
        raise FormMismatch("type", message("an nn.Sequential is due, and something else came back"))
    layers = [tuple(layer) for layer in probe("layers", model)]
    if not layers:
        raise FormMismatch("type", message("an nn.Sequential is due; this is a {kind}", kind=model.type_name))
    if layers != TWO_LAYERS:
        found = ", ".join(map(shown, layers))
        text = message("exactly two layers nn.Linear(1, 1) are due; found: {found}", found=found)
        raise FormMismatch("type", text, sign=oddity(layers))
    if len(probe("parameters", model)) != 2 * len(TWO_LAYERS):
        raise FormMismatch("type", message("its two layers share parameters; make two layers with their own"))


def shown(layer: tuple[str, int, int, bool]) -> str:
    """A layer as one writes it."""
    kind, *sizes, has_bias = layer
    return f"{kind}({sizes[0]}, {sizes[1]}{'' if has_bias else ', bias=False'})" if sizes[0] else kind


def oddity(layers: list[tuple[str, int, int, bool]]) -> str:
    """What is odd about some layers; '' where several things are."""
    linear = [each for each in layers if each[0] == "Linear"]
    odd = ["other widths"] * any(each[1:3] != (1, 1) for each in linear)
    odd += ["something between the layers"] * (len(linear) < len(layers)) + ["no bias"] * any(
        not each[3] for each in linear
    )
    odd += ["another number of layers"] * (len(linear) != len(TWO_LAYERS))
    return odd[0] if len(odd) == 1 else ""


def mean(batch_losses: list[Tensor]) -> ExpectedValue:
    """The mean of the batch losses, a float."""
    return as_float(terms(*(value / len(batch_losses) for value in batch_losses)))


def batches_of(x: Tensor, y: Tensor, batch_size: int) -> list[Batch]:
    """Columns of consecutive samples."""
    parts = [slice(start, start + batch_size) for start in range(0, len(x), batch_size)]
    return [(x[part].unsqueeze(1), y[part].unsqueeze(1)) for part in parts]


def replica(values: list[Tensor], dtype: torch.dtype = torch.float64) -> nn.Sequential:
    """The same two layers here."""
    stack = nn.Sequential(nn.Linear(1, 1), nn.Linear(1, 1)).to(dtype)
    with torch.no_grad():
        for parameter, value in zip(stack.parameters(), values, strict=True):
            parameter.copy_(value.reshape(parameter.shape))
    return stack


def one_epoch(
    stack: nn.Sequential, batches: list[Batch], loss: nn.Module, steps: torch.optim.Optimizer
) -> tuple[list[Tensor], list[list[Tensor]]]:
    """The loss of each batch before its step, and the parameters before the first and after each step."""
    losses, path = [], [[parameter.detach().clone() for parameter in stack.parameters()]]
    for xs, ys in batches:
        dtype = path[0][0].dtype
        value = loss(stack(xs.to(dtype)), ys.to(dtype))
        steps.zero_grad()
        value.backward()
        steps.step()
        losses.append(value.detach())
        path.append([parameter.detach().clone() for parameter in stack.parameters()])
    return losses, path


def moves(path: list[list[Tensor]]) -> list[ExpectedValue]:
    """Where each parameter arrives."""
    return [moved(*(step[at] for step in path)) for at in range(len(path[0]))]
