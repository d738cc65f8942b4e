"""The PyTorch way."""

from typing import Any

import torch
from torch import Tensor, nn

from autograder.checking import (
    CaseGenerator,
    CaseRecorder,
    ExpectedValue,
    Probe,
    RemoteConstructor,
    check,
    gradients,
    oracle,
    paper,
    reference_helper,
    terms,
)
from autograder.checks.in_worker import exercise3 as in_worker
from autograder.checks.in_worker.exercise3 import batches_of, mean, moves, one_epoch, replica

BY_HAND = False  # autograd is what it is about

Parameters = dict[str, Tensor]
Batch = tuple[Tensor, Tensor]
NAMES = ("a1", "b1", "a2", "b2")


@oracle(source="torch autograd")
def autograd_gradients(_functions: Any, parameters: Parameters, x: Tensor, y: Tensor) -> dict[str, ExpectedValue]:
    """The loss ½Σr² differentiated through both layers."""

    def predict(p: Parameters) -> Tensor:
        return p["a2"] * (p["a1"] * x + p["b1"]) + p["b2"]

    return gradients(predict, parameters, predict(parameters) - y)


build_model, read_model = in_worker.build_model, in_worker.read_model


BATCHES = {"#": "batch {n}", "#.0": "x of batch {n}", "#.1": "y of batch {n}"}


@oracle(single=True, source="the batches cut by hand", parts=BATCHES, passes=2)
def make_loader(_functions: Any, x: Tensor, y: Tensor, batch_size: int) -> list[tuple[ExpectedValue, ExpectedValue]]:
    """The batches in order, twice: a loader is gone through once an epoch."""
    return [(terms(xs), terms(ys)) for xs, ys in batches_of(x, y, batch_size)] * 2


read_loader = in_worker.read_loader


@reference_helper("make_loader")
def make_loader_there(_probe: Probe, x: Tensor, y: Tensor, batch_size: int) -> RemoteConstructor:
    """A loader of columns in order."""
    return RemoteConstructor("data_loader", (x.float(), y.float(), batch_size))


@reference_helper("build_model")
def build_model_there(_probe: Probe) -> RemoteConstructor:
    """Two layers with some weights of ordinary size."""
    generator = torch.Generator().manual_seed(0)
    return model_recipe([torch.rand((), generator=generator) * 2 - 1 for _ in NAMES])


@oracle("epoch_loss", "parameters", single=True, source="the steps done one by one", parts=in_worker.PARAMETERS)
def train_epoch(
    _functions: Any,
    model: RemoteConstructor,
    loader: RemoteConstructor,
    criterion: RemoteConstructor,
    optimizer: RemoteConstructor,
) -> tuple[ExpectedValue, list[ExpectedValue]]:
    """One pass in double precision from the weights that the model was made with."""
    stack = replica(model.arguments[1])
    loss = getattr(nn, criterion.arguments[0])(reduction=criterion.arguments[1])
    steps = getattr(torch.optim, optimizer.arguments[1])(stack.parameters(), lr=optimizer.arguments[2])
    losses, path = one_epoch(stack, batches_of(*loader.arguments), loss, steps)
    return mean(losses), moves(path)


read_epoch = in_worker.read_epoch


@reference_helper("train_epoch")
def train_epoch_there(probe: Probe, model: Any, loader: Any, criterion: Any, optimizer: Any) -> float:
    """Read the objects, do the steps here, and put the outcome back."""
    kind, groups = probe("optimizer_settings", optimizer, model)
    loss_kind, reduction = probe("loss_settings", criterion)
    stack = replica(probe("parameters", model), torch.float32)
    parameters = list(stack.parameters())
    if len(groups) > len(parameters):
        raise ValueError("groups of nothing")  # each costs time at each step
    moving = [{**options, "params": [parameters[place] for place in places]} for places, options in groups]
    steps = {"Adam": torch.optim.Adam, "SGD": torch.optim.SGD}[kind](moving)
    moved_ones = [parameter for group in steps.param_groups for parameter in group["params"]]
    for parameter, state in zip(moved_ones, probe("optimizer_state", optimizer), strict=True):
        if state:
            steps.state[parameter] = state
    loss = {"MSELoss": nn.MSELoss}[loss_kind](reduction=reduction)
    losses, path = one_epoch(stack, probe("batches", loader), loss, steps)
    probe("set_parameters", model, path[-1])
    probe("set_optimizer_state", optimizer, [dict(steps.state[parameter]) for parameter in moved_ones])
    return float(torch.stack(losses).mean())


fit, read_fit = in_worker.fit, in_worker.read_fit


def model_recipe(values: list[Tensor]) -> RemoteConstructor:
    """A model with the given slope and intercept of each layer, which its worker makes."""
    a1, b1, a2, b2 = (value.float() for value in values)
    return RemoteConstructor("model", ([1, 1, 1], [a1.reshape(1, 1), b1.reshape(1), a2.reshape(1, 1), b2.reshape(1)]))


AUTOGRAD = "Which tensors must autograd watch, and whose are they? What would the caller notice?"


def gradient_case(draw: CaseGenerator, n: int) -> tuple[Parameters, Tensor, Tensor]:
    """Parameters, samples, and targets not far from the prediction."""
    parameters, x = draw.parameters(*NAMES), draw.vector(n)
    prediction = parameters["a2"] * (parameters["a1"] * x + parameters["b1"]) + parameters["b2"]
    return parameters, x, draw.near(prediction)


@check("autograd_gradients", points=3, hint=AUTOGRAD)
def check_autograd_gradients_of_the_summed_loss(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """gives all four gradients of ½ Σ r², and leaves its arguments as they were"""
    judge(paper({"a1": 2, "b1": 1, "a2": 3, "b2": -2}), paper([1, 3]), paper([5, 24]))
    for n in draw.sizes(4, 6, 4, 1):
        judge(*gradient_case(draw, n))


@check(
    "autograd_gradients",
    points=2,
    visibility="hidden",
    needs=("autograd_gradients_of_the_summed_loss",),
    hint=AUTOGRAD,
)
def check_autograd_gradients_any_size(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for one sample, for many samples, and in float32"""
    for n in draw.sizes(1, 7, 12):
        judge(*gradient_case(draw, n))
    draw.single()
    judge(*gradient_case(draw, 5))


MODEL = "Which module of torch.nn is one line ŷ = a·x + b, and which one runs modules one after the other?"


@check("build_model", points=2, hint=MODEL)
def check_build_model_two_layers(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """returns an nn.Sequential of exactly two nn.Linear(1, 1)"""
    judge()


LOADER = "nn.Linear(1, 1) wants one row a sample. What shape and dtype does a batch of x have then, and in which order?"


@check("make_loader", points=2, hint=LOADER)
def check_make_loader_batches_in_order(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """yields the samples in order, in float32 batches of shape (batch, 1), the last one shorter"""
    judge(paper([1, 3, 5]), paper([2, 6, 9]), 2)
    for n, batch_size in ((6, 3), (7, 3)):
        judge(draw.vector(n), draw.vector(n), batch_size)


@check("make_loader", points=2, visibility="hidden", needs=("make_loader_batches_in_order",), hint=LOADER)
def check_make_loader_any_data(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for whole numbers, for batches of one, for a batch larger than the data, and for one sample"""
    judge(torch.arange(1, 14, 2), torch.arange(1, 14, 2) * 2 + 10, 3)
    for n, batch_size in ((3, 1), (3, 10), (1, 2), (9, 2), (31, 4)):
        judge(draw.vector(n), draw.vector(n), batch_size)
    draw.single()
    judge(draw.vector(5), draw.vector(5), 2)


EPOCH = "What is left in .grad after a step, and what would the next backward make of it?"


def epoch_case(draw: CaseGenerator, n: int, batch_size: int, loss: tuple[str, str], steps: tuple[str, float]) -> Any:
    """Arguments of train_epoch, to be made in the worker."""
    return parts([draw.scalar() for _ in NAMES], (draw.vector(n), draw.vector(n)), batch_size, loss, steps)


def parts(
    start: list[Tensor], samples: Batch, batch_size: int, loss: tuple[str, str], steps: tuple[str, float]
) -> tuple[RemoteConstructor, ...]:
    """A model with these parameters, a loader of these samples, a loss and an optimizer."""
    model, (x, y) = model_recipe(start), samples
    loader = RemoteConstructor("data_loader", (x.float(), y.float(), batch_size))
    return model, loader, RemoteConstructor("criterion", loss), RemoteConstructor("optimizer", (model, *steps))


@check("train_epoch", points=3, hint=EPOCH)
def check_train_epoch_steps_after_each_batch(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """takes one step for each batch on that batch's gradient alone, and returns the mean of the batch losses"""
    samples = paper([1, 3, 2]), paper([8, 19, 10])
    judge(*parts([*paper([2, 1, 2, 3])], samples, 2, ("MSELoss", "mean"), ("SGD", 0.01)))
    judge(*epoch_case(draw, 6, 3, ("MSELoss", "mean"), ("SGD", 0.01)))
    judge(*epoch_case(draw, 7, 3, ("MSELoss", "mean"), ("SGD", 0.02)))


@check("train_epoch", points=2, visibility="hidden", needs=("train_epoch_steps_after_each_batch",), hint=EPOCH)
def check_train_epoch_any_parts(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works with any loss and optimizer, for batches of one, for one batch"""
    judge(*epoch_case(draw, 8, 3, ("MSELoss", "sum"), ("SGD", 0.003)))
    judge(*epoch_case(draw, 7, 3, ("MSELoss", "mean"), ("Adam", 0.05)))
    judge(*epoch_case(draw, 5, 2, ("SmoothL1Loss", "mean"), ("Adam", 0.03)))
    judge(*epoch_case(draw, 4, 1, ("MSELoss", "mean"), ("SGD", 0.005)))
    judge(*epoch_case(draw, 3, 10, ("MSELoss", "mean"), ("Adam", 0.02)))
    judge(*epoch_case(draw, 19, 2, ("MSELoss", "mean"), ("SGD", 0.002)))
    judge(*epoch_case(draw, 1, 1, ("MSELoss", "mean"), ("SGD", 0.01)))


FIT = "Which of your functions does fit put together, and which of them is called once, which once an epoch?"


@check("fit", points=2, hint=FIT)
def check_fit_trains_with_adam(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """trains the model with Adam on the mean squared error and returns it with one loss an epoch"""
    judge(paper([1, 3, 2]), paper([4, 8, 5]), 2, 2, 0.05)
    judge(draw.vector(7), draw.vector(7), 4, 3, 0.05)
    judge(draw.vector(6), draw.vector(6), 3, 2, 0.02)


@check("fit", points=2, visibility="hidden", needs=("fit_trains_with_adam",), hint=FIT)
def check_fit_any_data(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for whole numbers, for batches of one, for a batch larger than the data, and in float32"""
    judge(torch.arange(1, 14, 2), torch.arange(1, 14, 2) * 2 + 10, 3, 3, 0.01)
    judge(draw.vector(4), draw.vector(4), 2, 1, 0.03)
    judge(draw.vector(3), draw.vector(3), 9, 10, 0.05)
    judge(draw.vector(23), draw.vector(23), 2, 4, 0.03)
    draw.single()
    judge(draw.vector(5), draw.vector(5), 3, 2, 0.04)
