"""Objects that cannot cross the pipe: made, kept under a number, and read, on both sides of it.

The probes are public and hold no answer of any exercise: they build what they are told, and read what is there.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.optimizer import Optimizer, register_optimizer_step_pre_hook
from torch.utils.data import DataLoader

from autograder.worker.values import from_wire
from autograder.worker.wire import Handle, Recipe

KEPT_TYPES = (nn.Module, DataLoader, Optimizer)
MAX_BATCHES = 1000
# Each parameter's value before an optimizer first moved it, by identity; the parameter is held so that it stays unique.
_before: dict[int, tuple[Tensor, Tensor]] = {}


class Objects:
    """The objects of one worker. Numbers from 0 up are recipes, made when first met; below 0 is what was returned."""

    def __init__(self) -> None:
        self._objects: dict[int, Any] = {}
        self._returned = itertools.count(-1, -1)

    def forget(self) -> None:
        """Let go of all of them, and of the values seen before an optimizer's first step."""
        self._objects.clear()
        _before.clear()

    def keep(self, value: Any) -> Handle | None:
        """Keep a module, loader or optimizer; None for anything else."""
        if not isinstance(value, KEPT_TYPES) or isinstance(value, nn.ParameterDict | nn.ParameterList):
            return None
        known = [number for number, kept in self._objects.items() if kept is value]
        number = known[0] if known else next(self._returned)
        self._objects[number] = value
        return Handle(number, type(value).__name__)

    def find(self, named: Handle | Recipe) -> Any:
        """Return the object of a handle or recipe, which is made if this is the first time; KeyError for a stranger."""
        if isinstance(named, Recipe) and named.number not in self._objects:
            arguments = (from_wire(argument, self.find) for argument in named.arguments)
            self._objects[named.number] = PROBES[named.probe](*arguments)
        return self._objects[named.number]


def model(widths: list[int], values: list[Tensor]) -> nn.Sequential:
    """Build a stack of linear layers with the given parameters, in the order in which the stack lists them."""
    built = nn.Sequential(*(nn.Linear(inner, outer) for inner, outer in itertools.pairwise(widths)))
    _fill(built, values)
    return built


def loader(batches: list[Any]) -> DataLoader[Any]:
    """Build a loader that yields ready-made batches."""
    return DataLoader(batches, batch_size=None)  # type: ignore[arg-type]


def criterion(name: str, reduction: str) -> nn.Module:
    """Build a loss of torch.nn."""
    built: nn.Module = getattr(nn, name)(reduction=reduction)
    return built


def optimizer(module: nn.Module, name: str, learning_rate: float) -> Optimizer:
    """Build an optimizer of torch.optim over a module's parameters."""
    built: Optimizer = getattr(torch.optim, name)(module.parameters(), lr=learning_rate)
    return built


def parameters(module: nn.Module) -> list[Tensor]:
    """Return the values of a module's parameters."""
    return [parameter.detach().clone() for parameter in module.parameters()]


def starting_parameters(module: nn.Module) -> list[Tensor]:
    """Return the values of a module's parameters before an optimizer first moved them."""
    return [_before.get(id(parameter), (parameter, parameter.detach()))[1] for parameter in module.parameters()]


def set_parameters(module: nn.Module, values: list[Tensor]) -> None:
    """Give a module's parameters other values, as an optimizer's step does."""
    for parameter in module.parameters():
        _remember(parameter)
    _fill(module, values)


def layers(module: nn.Module) -> list[tuple[str, int, int, bool]]:
    """Describe what a Sequential consists of: type, inputs, outputs and bias of each layer; nothing for others."""
    if not isinstance(module, nn.Sequential):
        return []
    return [
        ("Linear", layer.in_features, layer.out_features, layer.bias is not None)
        if isinstance(layer, nn.Linear)
        else (type(layer).__name__, 0, 0, False)
        for layer in module
    ]


def output(module: nn.Module, x: Tensor) -> Tensor:
    """Return what a module makes of x."""
    with torch.no_grad():
        result: Tensor = module(x)
    return result


def batches(source: DataLoader[Any]) -> list[Any]:
    """Go through a loader once."""
    if not isinstance(source, DataLoader):
        raise TypeError(f"a {type(source).__name__} is no DataLoader")
    return list(itertools.islice(source, MAX_BATCHES))


def settings(kept: nn.Module | Optimizer) -> tuple[str, Any]:
    """Return the type of a loss with its reduction, or of an optimizer with its learning rate."""
    if isinstance(kept, Optimizer):
        return type(kept).__name__, kept.param_groups[0]["lr"]
    return type(kept).__name__, getattr(kept, "reduction", None)


def optimizer_state(kept: Optimizer) -> list[dict[str, Any]]:
    """Return what an optimizer remembers of each parameter."""
    return [dict(kept.state.get(parameter, {})) for group in kept.param_groups for parameter in group["params"]]


def set_optimizer_state(kept: Optimizer, states: list[dict[str, Any]]) -> None:
    """Make an optimizer remember something else of each parameter."""
    moved = [parameter for group in kept.param_groups for parameter in group["params"]]
    for parameter, state in zip(moved, states, strict=True):
        kept.state[parameter] = state


def watch_optimizers() -> None:
    """From now on remember the value that each parameter had before an optimizer first moved it."""

    def before_step(moving: Optimizer, _arguments: Any, _keywords: Any) -> None:
        for group in moving.param_groups:
            for parameter in group["params"]:
                _remember(parameter)

    register_optimizer_step_pre_hook(before_step)


def _fill(module: nn.Module, values: list[Tensor]) -> None:
    with torch.no_grad():
        for parameter, value in zip(module.parameters(), values, strict=True):
            parameter.copy_(value)


def _remember(parameter: Tensor) -> None:
    _before.setdefault(id(parameter), (parameter, parameter.detach().clone()))


PROBES: dict[str, Callable[..., Any]] = {
    probe.__name__: probe
    for probe in (
        model, loader, criterion, optimizer, parameters, starting_parameters, set_parameters, layers, output, batches,
        settings, optimizer_state, set_optimizer_state,
    )
}  # fmt: skip
