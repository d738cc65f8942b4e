"""The reference's functions, called in the grader itself: the same calls and probes as in a worker, without one."""

import copy
import inspect
from types import ModuleType
from typing import Any

from autograder.host.answers import CALL, RemoteConstructor, RemoteObject, Returned
from autograder.host.tensors import encode
from autograder.worker.probes import PROBES, Objects, watch_optimizers


class ReferenceFunctions:
    """The functions of a module of ours, called as `Session` calls a submission's; what they raise is raised.

    `names` can be called.
    """

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self._objects = Objects()
        self.names = tuple(name for name, value in vars(module).items() if callable(value))
        watch_optimizers()

    def parameters(self, function: str) -> tuple[str, ...]:
        """Return the names of a function's parameters."""
        return tuple(inspect.signature(getattr(self._module, function)).parameters)

    def call(self, function: str, arguments: list[Any], *, twice: bool = False) -> Returned:
        self._objects.forget()
        value, *again = (
            self._kept(getattr(self._module, function)(*map(self._given, arguments))) for _ in range(1 + twice)
        )
        return Returned(value, again=Returned(*again) if again else None)

    def probe(self, name: str, *arguments: Any) -> Any:
        if name == CALL:
            function, *given = arguments
            return self.call(function, given).value
        return self._kept(PROBES[name](*map(self._given, arguments)))

    def _given(self, value: Any) -> Any:
        if isinstance(value, RemoteConstructor | RemoteObject):
            return self._objects.find(encode(value))
        return copy.deepcopy(value)

    def _kept(self, value: Any) -> Any:
        kept = self._objects.keep(value)
        if kept is not None:
            return kept
        return type(value)(map(self._kept, value)) if type(value) in (list, tuple) else value
