"""Objects that cannot cross the pipe: made, kept under a number, and read, on both sides of it.

The probes are public and hold no answer of any exercise: they build what they are told, and read what is there. What an
object is and holds they take from the object itself and not from its methods, which a student's class may override; and
they use torch as it was before the student's file ran. Still their word is a worker's: what a verdict hangs on is
checked by numbers that nobody can know beforehand.
"""

import functools
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.module import (
    register_module_forward_pre_hook,
    register_module_parameter_registration_hook,
)
from torch.optim.optimizer import Optimizer, register_optimizer_step_pre_hook
from torch.utils.data import DataLoader, TensorDataset

from autograder.worker.values import from_wire
from autograder.worker.wire import RemoteConstructor, RemoteObject

KEPT_TYPES = (nn.Module, DataLoader, Optimizer)
MAX_BATCHES = 1000
_Linear, _Sequential, _no_grad = nn.Linear, nn.Sequential, torch.no_grad
# Each parameter's value before an optimizer first moved it, by identity; the parameter is held so that it stays unique.
_before: dict[int, tuple[Tensor, Tensor]] = {}
_at_first_use: dict[int, tuple[Tensor, Tensor]] = {}  # for who moves them without an optimizer
MOST_WATCHED = 1000
# The parameters that a backward pass has put a gradient into, held as well.
_graded: dict[int, Tensor] = {}


class Objects:
    """The objects of one worker. Numbers from 0 up are made when first met; those below 0 were returned."""

    def __init__(self) -> None:
        self._objects: dict[int, Any] = {}
        self._returned = itertools.count(-1, -1)

    def forget(self) -> None:
        """Let go of all of them, and of the values seen before an optimizer's first step."""
        self._objects.clear()
        _before.clear()
        _at_first_use.clear()
        _graded.clear()

    def keep(self, value: Any) -> RemoteObject | None:
        """Keep a module, loader or optimizer; None for anything else."""
        if not isinstance(value, KEPT_TYPES) or isinstance(value, nn.ParameterDict | nn.ParameterList):
            return None
        known = [number for number, kept in self._objects.items() if kept is value]
        number = known[0] if known else next(self._returned)
        self._objects[number] = value
        return RemoteObject(number, type(value).__name__)

    def find(self, named: RemoteObject | RemoteConstructor) -> Any:
        """Return the object that is named, which is made if this is the first time; KeyError for a stranger."""
        if isinstance(named, RemoteConstructor) and named.number not in self._objects:
            arguments = (from_wire(argument, self.find) for argument in named.arguments)
            self._objects[named.number] = PROBES[named.probe](*arguments)
        return self._objects[named.number]


def model(widths: list[int], values: list[Tensor]) -> nn.Sequential:
    """Build a stack of linear layers with the given parameters, in the order in which the stack lists them."""
    built = nn.Sequential(*(nn.Linear(*sizes, dtype=torch.float32) for sizes in itertools.pairwise(widths)))
    _fill(built, values)
    return built


def loader(batches: list[Any]) -> DataLoader[Any]:
    """Build a loader that yields ready-made batches."""
    return DataLoader(batches, batch_size=None)  # type: ignore[arg-type]


def data_loader(x: Tensor, y: Tensor, batch_size: int) -> DataLoader[Any]:
    """Build a loader of columns of samples, in order."""
    return DataLoader(TensorDataset(x.unsqueeze(1), y.unsqueeze(1)), batch_size=batch_size)


def criterion(name: str, reduction: str) -> nn.Module:
    built: nn.Module = getattr(nn, name)(reduction=reduction)
    return built


def optimizer(module: nn.Module, name: str, learning_rate: float, states: Sequence[dict[str, Any]] = ()) -> Optimizer:
    """Build an optimizer, one that has left off in these states where there are some."""
    built: Optimizer = getattr(torch.optim, name)(module.parameters(), lr=learning_rate)
    if states:
        set_optimizer_state(built, list(states))
    return built


def parameters(module: nn.Module) -> list[Tensor]:
    return [parameter.detach().clone() for parameter in _parameters(module)]


def starting_parameters(module: nn.Module) -> list[Tensor]:
    """Return the values of a module's parameters before an optimizer first moved them.

    A copy of the model that was trained has the trained one's start. Where no optimizer has stepped, it is what they
    were when the model was first used: a step may also be written by hand.
    """
    now = list(_parameters(module))
    if not _before:
        return [_at_first_use.get(id(parameter), (parameter, parameter.detach()))[1] for parameter in now]
    if not any(id(parameter) in _before for parameter in now):
        first = [value for _, value in _before.values()][: len(now)]
        if [value.shape for value in first] == [parameter.shape for parameter in now]:
            return first
    return [_before.get(id(parameter), (parameter, parameter.detach()))[1] for parameter in now]


def training(module: nn.Module) -> list[bool]:
    """Whether an optimizer has stepped since the call began, and whether a parameter here has been given a gradient."""
    return [bool(_before), any(id(parameter) in _graded for parameter in _parameters(module))]


def trainable(module: nn.Module) -> bool:
    """Whether autograd watches all parameters of a module."""
    return all(parameter.requires_grad for parameter in _parameters(module))


def set_parameters(module: nn.Module, values: list[Tensor]) -> None:
    """Give a module's parameters other values, as an optimizer's step does."""
    for parameter in _parameters(module):
        _remember(parameter)
    _fill(module, values)


def layers(module: nn.Module) -> list[tuple[str, int, int, bool]]:
    """Describe what a Sequential consists of: type, inputs, outputs and bias of each layer; nothing for others."""
    if not issubclass(type(module), _Sequential):
        return []
    return [_layer(layer) for layer in vars(module)["_modules"].values()]


def _layer(layer: nn.Module) -> tuple[str, int, int, bool]:
    if not issubclass(type(layer), _Linear):
        return type(layer).__name__, 0, 0, False
    weight = vars(layer)["_parameters"].get("weight")  # which a parametrised layer has not
    sizes: Any = (layer.out_features, layer.in_features) if weight is None else weight.shape
    return "Linear", int(sizes[1]), int(sizes[0]), layer.bias is not None


def output(module: nn.Module, x: Tensor) -> Tensor:
    with _no_grad():
        result: Tensor = module(x.to(next(_parameters(module)).dtype))
    return result


def batches(source: DataLoader[Any]) -> list[Any]:
    """Go through a loader once."""
    if not isinstance(source, DataLoader):
        raise TypeError(f"a {type(source).__name__} is no DataLoader")
    return list(itertools.islice(source, MAX_BATCHES))


def loss_settings(kept: nn.Module) -> tuple[str, str]:
    """Return name and reduction of a loss of torch.nn; '' for one that is somebody's own."""
    name = type(kept).__name__
    return (name if getattr(nn, name, None) is type(kept) else ""), str(getattr(kept, "reduction", ""))


def optimizer_settings(kept: Optimizer, module: nn.Module) -> tuple[str, list[tuple[list[int], dict[str, Any]]]]:
    """Return name and groups of an optimizer of torch.optim: positions in a module's parameters, and options."""
    name = type(kept).__name__
    places = {id(parameter): index for index, parameter in enumerate(_parameters(module))}
    groups = [
        (
            [places[id(parameter)] for parameter in group["params"]],
            {option: value for option, value in group.items() if option not in ("params", "initial_lr")},
        )
        for group in kept.param_groups
    ]
    return (name if getattr(torch.optim, name, None) is type(kept) else ""), groups


def optimizer_state(kept: Optimizer) -> list[dict[str, Any]]:
    """Return what an optimizer remembers of each parameter."""
    return [dict(kept.state.get(parameter, {})) for parameter in _moved(kept)]


def set_optimizer_state(kept: Optimizer, states: list[dict[str, Any]]) -> None:
    """Make an optimizer remember something else of each parameter."""
    kept.state.update(zip(_moved(kept), states, strict=True))


@functools.cache  # once for a process
def watch_optimizers() -> None:
    """From now on remember each parameter's value before an optimizer first moved it, its first use and gradient."""

    def before_step(moving: Optimizer, _arguments: Any, _keywords: Any) -> None:
        for parameter in _moved(moving):
            _remember(parameter)

    def before_use(module: nn.Module, _arguments: Any) -> None:
        if type(module) is nn.Linear and torch.is_grad_enabled() and len(_at_first_use) < MOST_WATCHED:
            for parameter in _parameters(module):
                if id(parameter) not in _at_first_use:
                    _at_first_use[id(parameter)] = parameter, parameter.detach().clone()

    register_optimizer_step_pre_hook(before_step)
    register_module_forward_pre_hook(before_use)
    register_module_parameter_registration_hook(_watch)


def _watch(_module: nn.Module, _name: str, parameter: Tensor | None) -> None:
    """Take down that a parameter is given a gradient."""
    if isinstance(parameter, Tensor) and parameter.is_leaf and parameter.requires_grad:
        parameter.register_post_accumulate_grad_hook(_note)


def _note(parameter: Tensor) -> None:
    _graded[id(parameter)] = parameter


def _moved(by: Optimizer) -> list[Tensor]:
    return [parameter for group in by.param_groups for parameter in group["params"]]


def _parameters(module: nn.Module) -> Iterator[Tensor]:
    """Yield a module's parameters, each once, in the order of `nn.Module.parameters`."""
    found: dict[int, Tensor] = {}
    waiting, known = [module], set()
    while waiting:
        part = waiting.pop()
        if part is not None and id(part) not in known:
            known.add(id(part))
            for parameter in vars(part)["_parameters"].values():
                if parameter is not None:
                    found.setdefault(id(parameter), parameter)
            waiting += reversed(vars(part)["_modules"].values())
    yield from found.values()


def _fill(module: nn.Module, values: list[Tensor]) -> None:
    with _no_grad():
        for parameter, value in zip(_parameters(module), values, strict=True):
            parameter.copy_(value)


def _remember(parameter: Tensor) -> None:
    _before.setdefault(id(parameter), (parameter, parameter.detach().clone()))


PROBES: Mapping[str, Callable[..., Any]] = MappingProxyType({
    probe.__name__: probe
    for probe in (
        model, loader, data_loader, criterion, optimizer, parameters, starting_parameters, set_parameters, layers,
        output, batches, loss_settings, optimizer_settings, optimizer_state, set_optimizer_state, trainable, training,
    )
})  # fmt: skip
