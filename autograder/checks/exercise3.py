"""The PyTorch way."""

import random
from typing import Any

import torch
from torch import Tensor, nn

from autograder.checking import (
    CaseGenerator,
    CaseRecorder,
    ExpectedValue,
    FormMismatch,
    Probe,
    RemoteConstructor,
    RemoteObject,
    as_float,
    check,
    gradients,
    message,
    moved,
    oracle,
    reader,
    reference_helper,
    terms,
)

BY_HAND = False  # autograd is what it is about

Parameters = dict[str, Tensor]
Batch = tuple[Tensor, Tensor]
Made = RemoteConstructor
NAMES = ("a1", "b1", "a2", "b2")
ORDINARY = 10.0  # the size of weights that fit may start from
MOVING = 1e-6  # the size of slopes below which nothing reaches the other layer
TWO_LAYERS = [("Linear", 1, 1, True)] * 2


@oracle(source="torch autograd")
def autograd_gradients(_functions: Any, parameters: Parameters, x: Tensor, y: Tensor) -> dict[str, ExpectedValue]:
    """The loss ½Σr² differentiated through both layers."""

    def predict(p: Parameters) -> Tensor:
        return p["a2"] * (p["a1"] * x + p["b1"]) + p["b2"]

    return gradients(predict, parameters, predict(parameters) - y)


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
        raise FormMismatch("type", message("not all of its parameters can be trained"), "not trainable")
    drawn = random.SystemRandom()  # a right model is right for any numbers, so the verdict does not depend on them
    shapes = ((1, 1), (1,), (1, 1), (1,))
    start = [torch.full(shape, drawn.choice((-1, 1)) * drawn.uniform(0.3, 2.5)) for shape in shapes]
    x = torch.tensor([[drawn.uniform(-2.5, 2.5)] for _ in range(3)] + [[drawn.uniform(300, 500)]])
    probe("set_parameters", model, start)
    return probe("output", model, x), {"x": x, "start": start}


@oracle(single=True, source="the batches cut by hand")
def make_loader(_functions: Any, x: Tensor, y: Tensor, batch_size: int) -> list[tuple[ExpectedValue, ExpectedValue]]:
    """The batches in order, twice: a loader is gone through once an epoch."""
    return [(terms(xs), terms(ys)) for xs, ys in batches_of(x, y, batch_size)] * 2


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
        raise FormMismatch("type", message("the batches are {found}; float32 is due", found=found), sign)
    if out_of_order(batches, x, y):
        raise FormMismatch("value", message("the samples do not come in order"), "out of order")
    return batches, {}


def out_of_order(batches: list[Any], x: Tensor, y: Tensor) -> bool:
    """Whether all samples are there, twice, but not in order."""
    if not all(len(batch) == 2 and all(isinstance(part, Tensor) for part in batch) for batch in batches):
        return False
    found = [pair for xs, ys in batches for pair in zip(xs.flatten().tolist(), ys.flatten().tolist(), strict=False)]
    due = [*zip(x.float().tolist(), y.float().tolist(), strict=True)] * 2
    return found != due and sorted(found) == sorted(due)


@reference_helper("make_loader")
def make_loader_there(_probe: Probe, x: Tensor, y: Tensor, batch_size: int) -> RemoteConstructor:
    """A loader of columns in order."""
    return RemoteConstructor("data_loader", (x.float(), y.float(), batch_size))


@reference_helper("build_model")
def build_model_there(_probe: Probe) -> RemoteConstructor:
    """Two layers with some weights of ordinary size."""
    generator = torch.Generator().manual_seed(0)
    return model_recipe([torch.rand((), generator=generator) * 2 - 1 for _ in NAMES])


@oracle("epoch_loss", "parameters", single=True, source="the steps done one by one")
def train_epoch(
    _functions: Any, model: Made, loader: Made, criterion: Made, optimizer: Made, *, training: list[bool]
) -> tuple[ExpectedValue, list[ExpectedValue]]:
    """One pass in double precision from the weights that the model was made with."""
    stack = replica(model.arguments[1])
    loss = getattr(nn, criterion.arguments[0])(reduction=criterion.arguments[1])
    steps = getattr(torch.optim, optimizer.arguments[1])(stack.parameters(), lr=optimizer.arguments[2])
    losses, path = one_epoch(stack, batches_of(*loader.arguments), loss, steps)
    return mean(losses), moves(path)


@reader("train_epoch")
def read_epoch(probe: Probe, epoch_loss: Any, model: RemoteConstructor, *_arguments: Any) -> tuple[Any, dict[str, Any]]:
    """The loss it returns, and where it left the model's parameters."""
    return (epoch_loss, probe("parameters", model)), {"training": probe("training", model)}


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


@oracle("losses", "parameters", single=True, repeatable=False, source="the steps done one by one")
def fit(
    _functions: Any,
    x: Tensor,
    y: Tensor,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    *,
    start: list[Tensor],
    training: list[bool],
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
        raise FormMismatch("type", message("the model is due first, and then the losses"), "turned")
    require_two_layers(probe, model)
    start = probe("starting_parameters", model)
    if any(bool((value.abs() < MOVING).any()) for value in start[::2]):
        raise FormMismatch("value", message("slopes that start at zero do not move; start as nn.Linear does"))
    if not all(bool((value.abs() <= ORDINARY).all()) for value in start):
        raise FormMismatch("value", message("the model does not start from weights of ordinary size"))
    return (losses, probe("parameters", model)), {"start": start, "training": probe("training", model)}


def require_two_layers(probe: Probe, model: Any) -> None:
    """FormMismatch unless a model is a Sequential of exactly two layers of one input and output."""
    if not isinstance(model, RemoteObject):
        raise FormMismatch("type", message("an nn.Sequential is due, and something else came back"))
    layers = [tuple(layer) for layer in probe("layers", model)]
    if not layers:
        raise FormMismatch("type", message("an nn.Sequential is due; this is a {kind}", kind=model.type_name))
    if layers != TWO_LAYERS:
        found = ", ".join(map(shown, layers))
        text = message("exactly two layers nn.Linear(1, 1) are due; found: {found}", found=found)
        raise FormMismatch("type", text, oddity(layers))
    if len(probe("parameters", model)) != len(NAMES):
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


def model_recipe(values: list[Tensor]) -> RemoteConstructor:
    """A model with the given slope and intercept of each layer, which its worker makes."""
    a1, b1, a2, b2 = (value.float() for value in values)
    return RemoteConstructor("model", ([1, 1, 1], [a1.reshape(1, 1), b1.reshape(1), a2.reshape(1, 1), b2.reshape(1)]))


def line(*numbers: int) -> Tensor:
    """Numbers for paper."""
    return torch.tensor(numbers, dtype=torch.float64)


AUTOGRAD = "Which tensors must autograd watch, and whose are they? What would the caller notice?"


def gradient_case(draw: CaseGenerator, n: int) -> tuple[Parameters, Tensor, Tensor]:
    """Parameters, samples, and targets not far from the prediction."""
    parameters, x = draw.parameters(*NAMES), draw.vector(n)
    prediction = parameters["a2"] * (parameters["a1"] * x + parameters["b1"]) + parameters["b2"]
    return parameters, x, draw.near(prediction)


@check("autograd_gradients", points=3, hint=AUTOGRAD)
def check_autograd_gradients_of_the_summed_loss(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """gives all four gradients of ½ Σ r², and leaves its arguments as they were"""
    judge(dict(zip(NAMES, line(2, 1, 3, -2), strict=True)), line(1, 3), line(5, 24))
    for n in draw.sizes(4, 6):
        judge(*gradient_case(draw, n))


@check(
    "autograd_gradients",
    points=2,
    visibility="hidden",
    needs=("autograd_gradients_of_the_summed_loss",),
    hint=AUTOGRAD,
)
def check_autograd_gradients_any_size(judge: CaseRecorder, draw: CaseGenerator) -> None:
    """works for one sample, for many, and in float32"""
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
    judge(line(1, 3, 5), line(2, 6, 9), 2)
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
    judge(*parts([*line(2, 1, 2, 3)], (line(1, 3, 2), line(8, 19, 10)), 2, ("MSELoss", "mean"), ("SGD", 0.01)))
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
    judge(line(1, 3, 2), line(4, 8, 5), 2, 2, 0.05)
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
