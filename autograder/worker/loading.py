"""Loading a student's file: its cells are run in order, in a module of its own."""

from __future__ import annotations
import __future__

import ast
import asyncio
import inspect
import linecache
import sys
import types
from collections.abc import Callable
from pathlib import Path

from autograder.worker import by_hand, wire
from autograder.worker.exceptions import described
from autograder.worker.library_code import SUBMITTED

MAX_NAMES = 1000
ANNOTATIONS = __future__.annotations.compiler_flag  # the only `from __future__` that still changes anything


class LoadedFile:
    """A student's file as a module with a `namespace`; `files` are the names its code runs under, and their labels."""

    def __init__(self, module: str, notebook: bool) -> None:
        self._module = types.ModuleType(module)
        self._notebook = notebook
        self._flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if notebook else 0
        self.namespace = vars(self._module)
        self.files: dict[str, str] = {}
        sys.modules[module] = self._module  # dataclasses, pickle and typing look a class's module up

    def load(self, cells: list[list[str]]) -> dict[str, wire.Value]:
        """Run the cells, each a label and its code, in order; one that stops does not keep the next from running."""
        sys.audit(SUBMITTED, [code for _, code in cells])
        stopped = [[label, error] for label, code in cells if (error := self._run(label, code)) is not None]
        names = [name for name, value in self.namespace.items() if isinstance(name, str) and callable(value)]
        return {"callables": names[:MAX_NAMES], "stopped": stopped}

    def _run(self, label: str, code: str) -> dict[str, wire.Value] | None:
        filename = self._file(label, code)
        self.files[filename] = label
        # Without a modification time linecache keeps the entry: tracebacks and inspect.getsource find these lines.
        linecache.cache[filename] = (len(code), None, code.splitlines(keepends=True), filename)
        try:
            # dont_inherit: this file's own `from __future__ import annotations` is not the student's.
            self._execute(compile(code, filename, "exec", dont_inherit=True, flags=self._flags))
        except BaseException as error:  # noqa: BLE001 - SystemExit at import is a student's mistake like any other
            if by_hand.breaches():
                return self._run_statements(code, filename)
            return described(error, self.files)
        by_hand.breaches()
        return None

    def _execute(self, code: types.CodeType) -> None:
        """Run compiled code as a notebook would: with `await` at the top, and a `from __future__` for later cells."""
        if self._notebook:
            self._flags |= code.co_flags & ANNOTATIONS
        if code.co_flags & inspect.CO_COROUTINE:
            asyncio.run(eval(code, self.namespace))  # noqa: S307
        else:
            exec(code, self.namespace)  # noqa: S102

    def _run_statements(self, code: str, filename: str) -> dict[str, wire.Value] | None:
        """Run a cell again without the statements that want autograd, and those that break for want of them.

        A self-check at the top of a file may use autograd: no graded function reaches it, so it must cost nothing.
        """
        flags, breached = self._flags, False
        for statement in ast.parse(code, filename).body:
            part = compile(ast.Module([statement], []), filename, "exec", dont_inherit=True, flags=flags)
            flags |= part.co_flags & ANNOTATIONS
            try:
                self._execute(part)
            except BaseException as error:  # noqa: BLE001 - as above
                breached = bool(by_hand.breaches()) or breached
                if not breached or isinstance(error, SystemExit):
                    return described(error, self.files)
        return None

    def _file(self, label: str, code: str) -> str:
        """Return the name the code runs under; a script's is that of a file, which the grader has written."""
        if self._notebook or "get_ipython()." in code:  # a script may be a notebook that was exported
            self.namespace.setdefault("get_ipython", _Magic)
        if self._notebook:
            self.namespace.setdefault("display", print)
            return f"<{label}>"
        path = Path.cwd() / f"{self._module.__name__}.py"
        self._module.__file__ = str(path)
        sys.argv = [str(path)]
        return str(path)


class _Magic:
    """What `get_ipython()` gives here: all that notebooks ask of it does nothing."""

    def __getattr__(self, _name: str) -> Callable[..., None]:
        return lambda *_arguments, **_keywords: None
