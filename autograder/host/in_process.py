"""The reference solution as a student whose functions run here: the same calls and probes, without a worker."""

from __future__ import annotations

import copy
from types import ModuleType
from typing import Any

from autograder.host.answers import RemoteConstructor, RemoteObject, Returned
from autograder.host.tensors import encode
from autograder.worker.probes import PROBES, Objects, watch_optimizers


class ReferenceFunctions:
    """The functions of a module of ours."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._objects = Objects()
        watch_optimizers()

    @property
    def names(self) -> tuple[str, ...]:
        """Names that can be called."""
        return tuple(name for name, value in vars(self._module).items() if callable(value))

    def call(self, function: str, arguments: list[Any], *, twice: bool = False) -> Returned:
        """Call a function, once or twice, with copies of the arguments; what it raises is raised."""
        self._objects.forget()
        return Returned(
            self._call(function, arguments), again=Returned(self._call(function, arguments)) if twice else None
        )

    def _call(self, function: str, arguments: list[Any]) -> Any:
        return self._plain(getattr(self._module, function)(*(self._own(argument) for argument in arguments)))

    def probe(self, name: str, *arguments: Any) -> Any:
        """Make or read an object."""
        return self._plain(PROBES[name](*(self._own(argument) for argument in arguments)))

    def _own(self, value: Any) -> Any:
        if isinstance(value, RemoteConstructor | RemoteObject):
            return self._objects.find(encode(value))
        return copy.deepcopy(value)

    def _plain(self, value: Any) -> Any:
        kept = self._objects.keep(value)
        if kept is not None:
            return RemoteObject(kept.number, kept.type_name)
        return type(value)(self._plain(item) for item in value) if type(value) in (list, tuple) else value
