"""Loading a student's file: its cells are run in order, in a module of its own."""

from __future__ import annotations
import __future__

import ast
import contextlib
import linecache
import sys
import types
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

from autograder.worker import by_hand, exported, wire
from autograder.worker.denials import explained
from autograder.worker.exceptions import described
from autograder.worker.library_code import SUBMITTED
from autograder.worker.shell import shell_for

Described = dict[str, wire.Value]
# Tells the grader which cell comes now: its number and its label.
Progress = Callable[[int, str], None]
# Names that a hosted notebook is given.
HOSTED = ("dbutils", "spark", "sc", "sqlContext", "displayHTML", "mssparkutils")
ANNOTATIONS = __future__.annotations.compiler_flag  # the only `from __future__` that still changes anything


class LoadedFile:
    """A student's file as a module with a `namespace`; `files` are the names its code runs under, and their labels.

    `kind` is how it is read: as a "script", a "notebook", or a script "exported" from one.
    """

    def __init__(self, module: str, kind: str) -> None:
        self._module = types.ModuleType("__main__" if kind == "notebook" else module)  # as IPython calls it
        self._kind = kind
        self.namespace = vars(self._module)
        self._given: dict[str, object] = {}  # what a shell puts there by itself
        self.files: dict[str, str] = {}
        sys.modules[module] = self._module  # dataclasses, pickle and typing look a class's module up

    def load(self, cells: list[list[str]], left_out: Collection[int], progress: Progress) -> Described:
        """Run the cells, each a label and its code, in order, but for some that have ended or held a process before.

        One that stops does not keep the next from running; nor, in a notebook, what only this environment stops (a
        package that is missing here) the statements after it, which is told as `absent`.
        """
        sys.audit(SUBMITTED, [code for _, code in cells])
        with by_hand.loading():
            stopped, absent = self._run_all(cells, left_out, progress)
        names = [
            name
            for name, value in self.namespace.items()
            if isinstance(name, str) and callable(value) and self._given.get(name) is not value
        ]
        return {"callables": names, "stopped": stopped, "absent": absent}

    def _run_all(
        self, cells: list[list[str]], left_out: Collection[int], progress: Progress
    ) -> tuple[list[list[Any]], list[list[Any]]]:
        if self._kind == "script":
            ((label, code),) = cells
            progress(0, label)
            error = self._run(label, code)
            return [] if error is None else [[label, error]], []
        return self._run_cells(cells, left_out, progress)

    def assignments(self, name: str) -> list[tuple[str, int]]:
        """Return the places where a name is assigned a value, the last first: file name and line."""
        found = []
        for file in self.files:
            with contextlib.suppress(SyntaxError):  # a cell with a magic in it
                tree = ast.parse("".join(linecache.getlines(file)))
                nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == name]
                found += [(file, node.lineno) for node in nodes if isinstance(node.ctx, ast.Store)]
        return [*reversed(found)]

    # Notebooks ---------------------------------------------------------------------------------------------------

    def _run_cells(
        self, cells: list[list[str]], left_out: Collection[int], progress: Progress
    ) -> tuple[list[list[Any]], list[list[Any]]]:
        shell = shell_for(self._module)
        self._given.update(self.namespace)
        sys.path.insert(0, str(Path.cwd()))  # where a file lies that a cell has written
        if self._kind == "exported":
            shell.ast_node_interactivity = "none"  # each text between its cells would be the value of one
        stopped, absent, names = [], [], set(HOSTED)
        for number, (label, file, above, code) in enumerate(self._units(cells, shell)):
            progress(number, label)
            if number in left_out:
                continue
            absences = _Absences(names)
            by_hand.breaches()
            error = shell.run_unit(file, code, above, absences.forgives)
            by_hand.breaches()
            if error is not None:
                stopped.append([label, described(error, self.files)])
            elif absences.first is not None:
                absent.append([label, described(absences.first, self.files)])
        return stopped, absent

    def _units(self, cells: list[list[str]], shell: Any) -> Iterator[tuple[str, str, int, str]]:
        """Yield the pieces that are run one by one: label, name of the file, lines above, code."""
        for label, code in cells:
            if self._kind == "notebook":
                yield label, self._file(f"<{label}>", label, code), 0, code
                continue
            file = self._script(label, code)
            for above, part in exported.cells(code, shell.transform_cell):
                if part.strip():
                    first = above + len(part) - len(part.lstrip("\n")) + 1
                    yield f"{label}, line {first}", file, above, part

    # Scripts -----------------------------------------------------------------------------------------------------

    def _run(self, label: str, code: str) -> Described | None:
        filename = self._script(label, code)
        try:
            # dont_inherit: this file's own `from __future__ import annotations` is not the student's.
            exec(compile(code, filename, "exec", dont_inherit=True), self.namespace)  # noqa: S102
        except BaseException as error:  # noqa: BLE001 - SystemExit at import is a student's mistake like any other
            if by_hand.breaches():
                return self._run_statements(code, filename)
            return described(error, self.files)
        return None

    def _run_statements(self, code: str, filename: str) -> Described | None:
        """Run a script again without the statements that want autograd, and those that break for want of them.

        A self-check at the top of a file may use autograd: no graded function reaches it, so it must cost nothing.
        """
        flags, breached = 0, False
        for statement in ast.parse(code, filename).body:
            part = compile(ast.Module([statement], []), filename, "exec", dont_inherit=True, flags=flags)
            flags |= part.co_flags & ANNOTATIONS
            try:
                exec(part, self.namespace)  # noqa: S102
            except BaseException as error:  # noqa: BLE001 - as above
                breached = bool(by_hand.breaches()) or breached
                if not breached or isinstance(error, SystemExit):
                    return described(error, self.files)
        return None

    def _script(self, label: str, code: str) -> str:
        """Return the name that a script runs under: that of a file, which the grader has written."""
        path = Path.cwd() / f"{self._module.__name__}.py"
        self._module.__file__ = str(path)
        sys.argv = [str(path)]
        return self._file(str(path), label, code)

    def _file(self, filename: str, label: str, code: str) -> str:
        """Note the name that code runs under."""
        self.files[filename] = label
        # Without a modification time linecache keeps the entry: tracebacks and inspect.getsource find these lines.
        linecache.cache[filename] = (len(code), None, code.splitlines(keepends=True), filename)
        return filename


class _Absences:
    """What a cell of a notebook has to do without: `first` is the first exception of its statements for that reason.

    That is a package that is missing here, a file or the network that is out of reach, somebody to type an input,
    autograd in a by-hand exercise; and then the `names` that the statement would have defined, in the cells below, too.
    """

    def __init__(self, names: set[str]) -> None:
        self.first: BaseException | None = None
        self._names = names
        self._breached = False

    def forgives(self, error: BaseException, statement: types.CodeType) -> bool:
        """Whether a statement that raised an exception is only left out."""
        breached = bool(by_hand.breaches())
        self._breached = self._breached or breached
        if isinstance(error, SystemExit):
            return False
        is_absent = (
            any(
                isinstance(one, ImportError | OSError | EOFError) or (one is not None and explained(one) is not None)
                for one in (error, error.__cause__)  # %run and others raise an Exception from what it is about
            )
            or str(error) == "no running event loop"
        )  # which a kernel has
        is_due_to_it = isinstance(error, NameError) and error.name in self._names
        if not (self._breached or is_absent or is_due_to_it):
            return False
        if self.first is None and not self._breached:
            self.first = error
        self._names.update(statement.co_names)
        return True
