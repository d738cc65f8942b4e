"""IPython's own machinery, by which the cells of a notebook are read and run, made neutral where it reaches outside.

IPython is imported when the first notebook comes. Shell lines and installations do nothing, nor do magics that only
set up an editor, a window or a debugger; a magic that is not known does nothing, and the body of a cell under one runs.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import re
import types
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

MODULE = "IPython.core.interactiveshell"
# Magics that run the student's code, whose exceptions are the cell's.
RUNNING = frozenset({"time", "timeit", "prun", "run", "capture", "code_wrap"})
IDLE = frozenset({
    "pip", "conda", "mamba", "micromamba", "uv", "matplotlib", "gui", "autoreload", "debug", "pdb", "edit", "ed",
    "load", "loadpy", "pastebin", "store", "alias", "logstart", "doctest_mode", "pinfo", "pinfo2",
    "pdoc", "pdef", "psource", "pfile", "psearch", "page", "quickref", "magic", "lsmagic", "history", "hist",
})  # fmt: skip
# Cell magics whose body is no Python of this process.
ELSEWHERE = frozenset({
    "bash", "sh", "script", "cmd", "perl", "ruby", "python", "python2", "python3", "pypy", "html",
    "HTML", "svg", "SVG", "latex", "markdown", "javascript", "js", "sql", "R", "julia", "cython", "shell", "debug",
})  # fmt: skip
REPEATS = re.compile(r"(?<!\S)-[nr]\s*\d+\s*")  # of %timeit, which runs everything once here
Forgives = Callable[[BaseException, types.CodeType], bool]


def shell_for(module: types.ModuleType) -> Any:
    """Return a new shell whose namespace is a module's; without history, profile, sockets and threads."""
    interactive = importlib.import_module(MODULE).InteractiveShell
    config = importlib.import_module("traitlets.config").Config()
    config.HistoryManager.update(enabled=False, hist_file=":memory:")
    kind = type("ZMQInteractiveShell", (_Overrides, interactive), {})  # by which code knows that it is in a notebook
    return kind.instance(config=config, user_module=module)  # type: ignore[attr-defined]


class _Overrides:
    """What a worker's shell does otherwise than IPython's; mixed in, since IPython is not there to be inherited from.

    `run_unit` runs one cell. What nested runs do (a magic of the notebook's own may run its body) is the cell's, too.
    """

    _file = ""
    _text: str | None = None  # of the cell that is run
    _base = _offset = 0  # lines above it in its file, and above the part that is compiled
    _error: BaseException | None = None

    def run_unit(self: Any, file: str, text: str, base: int, forgives: Forgives) -> BaseException | None:
        """Run a cell that has `base` lines above it in its file; what stopped it.

        `forgives` says of an exception, and the statement that raised it, whether the cell goes on without that.
        """
        self._file, self._base, self._forgives, self._error = file, base, forgives, None
        self._text = None
        self.run_cell(text, store_history=True)
        error: BaseException | None = self._error
        return error

    # Running ---------------------------------------------------------------------------------------------------

    def run_cell(self: Any, raw_cell: str, *arguments: Any, **keywords: Any) -> Any:
        outer, offset = self._text, self._offset
        body = raw_cell.strip("\n")
        if outer is None:
            self._text = raw_cell
        where = max(0, self._text.find(body))
        blank = len(body) - len(body.lstrip())  # IPython drops the empty lines above a cell
        self._offset = self._base + self._text.count("\n", 0, where) + body.count("\n", 0, blank)
        try:
            result = super().run_cell(raw_cell, *arguments, **keywords)  # type: ignore[misc]
        finally:
            self._text, self._offset = outer, offset
        self._error = self._error or result.error_before_exec or result.error_in_exec
        return result

    async def run_code(self: Any, code_obj: types.CodeType, result: Any = None, *, async_: bool = False) -> bool:
        try:
            if async_:
                await eval(code_obj, self.user_global_ns, self.user_ns)  # noqa: S307
            else:
                exec(code_obj, self.user_global_ns, self.user_ns)  # noqa: S102
        except BaseException as error:  # noqa: BLE001 - SystemExit and the like cost their cell, as others do
            if self._forgives(error, code_obj):
                return False
            if result is not None:
                result.error_in_exec = error
            return True
        return False

    def run_line_magic(self: Any, magic_name: str, line: str, _stack_depth: int = 1) -> Any:
        found = None if magic_name in IDLE else self.find_line_magic(magic_name)
        if found is None:
            return None
        if magic_name == "timeit":
            line = "-n1 -r1 " + REPEATS.sub("", line)
        try:
            return super().run_line_magic(magic_name, line, _stack_depth + 1)  # type: ignore[misc]
        except Exception:
            if magic_name in RUNNING or not _is_theirs(found):
                raise
            return None  # an extension, a setting or a folder that is not here

    def magic(self: Any, line: str) -> Any:
        """Run a line magic, as notebooks and exports of before IPython 9 say it."""
        name, _, rest = line.lstrip("%").partition(" ")
        return self.run_line_magic(name, rest, 2)

    def run_cell_magic(self: Any, magic_name: str, line: str, cell: str) -> Any:
        found = self.find_cell_magic(magic_name)
        if magic_name in ELSEWHERE and (found is None or _is_theirs(found)):
            return None
        if found is not None and (not _is_theirs(found) or magic_name not in ("time", "timeit", "prun", "code_wrap")):
            return super().run_cell_magic(magic_name, line, cell)  # type: ignore[misc]
        if found is None and not self._compiles(cell):
            return None  # a language of its own
        self.run_cell(cell)
        return None

    def _compiles(self: Any, cell: str) -> bool:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(self.transform_cell(cell), "", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
        except Exception:  # noqa: BLE001
            return False
        return True

    # Nothing outside -------------------------------------------------------------------------------------------

    def system(self, _command: str) -> None:
        """Run nothing."""

    system_raw = system_piped = system

    def getoutput(self, _command: str, *, split: bool = True, **_keywords: Any) -> Any:
        return importlib.import_module("IPython.utils.text").SList() if split else ""

    def enable_gui(self, _gui: str | None = None) -> None:
        """Draw into memory."""

    def enable_matplotlib(self, _gui: str | None = None) -> tuple[None, str]:
        return None, "agg"

    def ask_exit(self) -> None:
        """Go on: in a notebook `exit()` ends the kernel, and the cells below are graded all the same."""

    def init_ipython_dir(self: Any, _folder: str | None) -> None:
        self.ipython_dir = str(Path.cwd())

    def init_profile_dir(self, _folder: Any) -> None:
        """Keep none."""

    # Told by others --------------------------------------------------------------------------------------------

    def showtraceback(self, *_arguments: Any, **_keywords: Any) -> None:
        """Show nothing: what stopped a cell stands in the report."""

    showsyntaxerror = showindentationerror = showtraceback

    def _format_exception_for_storage(self, *_arguments: Any, **_keywords: Any) -> dict[str, str]:
        return {}

    def init_instance_attrs(self: Any) -> None:
        """Have each cell compiled under the name, and with the lines, by which its author knows it."""
        super().init_instance_attrs()  # type: ignore[misc]
        parse = self.compile.ast_parse

        def ast_parse(source: str, filename: str = "", symbol: str = "exec") -> ast.AST:
            try:
                tree = _without_runs(parse(source, filename, symbol))
            except SyntaxError as error:
                if error.lineno is not None:
                    # Python has looked its text up in the script's file, by the line in this part of it.
                    error.text = "".join(source.split("\n")[error.lineno - 1 : error.lineno]) or error.text
                    error.lineno += self._offset
                raise
            return ast.increment_lineno(tree, self._offset) if self._offset else tree

        self.compile.ast_parse = ast_parse
        self.compile.cache = lambda *_arguments, **_keywords: self._file


def _without_runs(tree: Any) -> ast.AST:
    """Drop what a file only does when it is run as the main program (`main()`): its training would cost each worker."""
    tree.body = [each for each in tree.body if not (isinstance(each, ast.If) and _is_run(each))]
    return tree  # type: ignore[no-any-return]


def _is_run(statement: ast.If) -> bool:
    """Whether a statement is a main guard around nothing but calls; one that defines something counts."""
    is_guard = ast.unparse(statement.test).replace('"', "'") in ("__name__ == '__main__'", "'__main__' == __name__")
    return is_guard and not statement.orelse and all(isinstance(each, ast.Expr) for each in statement.body)


def _is_theirs(magic: Any) -> bool:
    """Whether a magic is IPython's own, not one that the notebook has registered."""
    with contextlib.suppress(AttributeError):
        return str(magic.__module__).startswith("IPython.")
    return False
