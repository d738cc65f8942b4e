"""What means nothing while grading is made to do nothing, instead of failing.

Windows, processes that load data, threads, breakpoints, installations, bars of progress: this is done once, in the
fork server, and to what is imported later when it is.
"""

from __future__ import annotations

import functools
import importlib.abc
import importlib.machinery
import importlib.util
import io
import os
import subprocess
import sys
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import torch.utils.data

# Stood in for where they are missing: bars of progress, debuggers. And always: ours, whose `check` a grade cell calls,
# and what installs.
MISSING = ("tqdm", "ipdb", "pudb")
OURS = ("autograder", "autograder.live", "pip")


def install() -> None:
    """Make neutral what is there already, and watch for what comes later."""
    sys.meta_path[:] = [_Watching(), _StandIns(OURS), *sys.meta_path, _StandIns(MISSING)]
    sys.breakpointhook = sys.__breakpointhook__ = _nothing
    os.system = lambda command: 0
    _pretend_installations()
    fixed = {"num_workers": 0, "timeout": 0, "multiprocessing_context": None}
    for name, value in fixed.items():
        setattr(torch.utils.data.DataLoader, name, property(functools.partial(_constant, value), _nothing))
    for name, change in CHANGES.items():
        if name in sys.modules:
            change(sys.modules[name])


def _constant(value: Any, *_arguments: Any, **_keywords: Any) -> Any:
    return value


def _nothing(*_arguments: Any, **_keywords: Any) -> Any:
    return None


# Installations -----------------------------------------------------------------------------------------------------


def _pretend_installations() -> None:
    """`subprocess` runs nothing here; an installation by pip or conda has succeeded at once."""
    real = subprocess.Popen.__init__

    def start(self: Any, args: Any, *more: Any, **keywords: Any) -> None:
        if not _installs(args):
            real(self, args, *more, **keywords)
            return
        is_text = any(keywords.get(name) for name in ("text", "universal_newlines", "encoding"))
        nothing: str | bytes = "" if is_text else b""
        self.args, self.pid, self.returncode, self._child_created = args, 0, 0, False
        pipes = ((name, keywords.get(name) == subprocess.PIPE) for name in ("stdin", "stdout", "stderr"))
        for name, is_piped in pipes:
            setattr(self, name, (io.StringIO() if is_text else io.BytesIO()) if is_piped else None)
        self.poll = self.wait = lambda *_arguments, **_keywords: 0
        self.communicate = lambda *_arguments, **_keywords: (
            nothing if self.stdout is not None else None,
            nothing if self.stderr is not None else None,
        )

    subprocess.Popen.__init__ = start  # type: ignore[method-assign]


def _installs(command: Any) -> bool:
    words = command.split() if isinstance(command, str) else [str(word) for word in command]
    if "-m" in words[1:-1]:  # python -m pip
        words = words[words.index("-m") + 1 :]
    name = Path(words[0]).name.removesuffix(".exe").rstrip("0123456789.") if words else ""
    return name in ("pip", "conda", "mamba", "uv")


# Windows -----------------------------------------------------------------------------------------------------------


class _Window:
    """Whatever a window is asked for."""

    def __init__(self, *_arguments: Any, **_keywords: Any) -> None:
        pass

    def __getattr__(self, _name: str) -> _Window:
        return self

    def __call__(self, *_arguments: Any, **_keywords: Any) -> _Window:
        return self

    def __iter__(self) -> Iterator[int]:
        return iter((640, 480))


def _draw_in_memory(matplotlib: ModuleType) -> None:
    """Whatever backend is asked for, by whatever name, is Agg."""
    rcsetup = importlib.import_module("matplotlib.rcsetup")
    rcsetup.validate_backend = rcsetup._validators["backend"] = lambda _backend: "agg"  # type: ignore[attr-defined]
    bases = importlib.import_module("matplotlib.backend_bases")
    for name in ("window", "frame", "toolbar"):
        setattr(bases.FigureManagerBase, name, _Window())
    bases.FigureCanvasBase.start_event_loop = _nothing
    bases.FigureManagerBase.show = _nothing
    matplotlib.use("agg")


def _show_nothing(pyplot: ModuleType) -> None:
    switch = vars(pyplot)["switch_backend"]
    pyplot.switch_backend = lambda _backend: switch("agg")  # type: ignore[attr-defined]
    for name in ("show", "pause"):
        setattr(pyplot, name, _nothing)


def _no_windows(tkinter: ModuleType) -> None:
    base = vars(tkinter)["Misc"]
    kinds = [name for name, kind in vars(tkinter).items() if isinstance(kind, type) and issubclass(kind, base)]
    vars(tkinter).update(dict.fromkeys(kinds, _Window), mainloop=_nothing)


def _no_debugger(module: ModuleType) -> None:
    module.set_trace = vars(module)["Pdb"].set_trace = _nothing  # type: ignore[attr-defined]


def _work_at_once(module: ModuleType) -> None:
    """What a pool of threads, none of which may start, is given to do is done on the spot: the results are the same."""

    def submit(_pool: Any, work: Callable[..., Any], /, *arguments: Any, **keywords: Any) -> Any:
        future = vars(module)["_base"].Future()
        try:
            future.set_result(work(*arguments, **keywords))
        except BaseException as error:  # noqa: BLE001 - a pool keeps it for who asks for the result
            future.set_exception(error)
        return future

    vars(module)["ThreadPoolExecutor"].submit = submit


def _run_at_once(threading: ModuleType) -> None:
    """A thread that must not start, mostly there for its large stack, runs to its end at once, unless it would wait."""
    thread, timer = vars(threading)["Thread"], vars(threading)["Timer"]
    start, join = thread.start, thread.join
    has_run: weakref.WeakSet[Any] = weakref.WeakSet()

    def run(self: Any) -> None:
        try:
            start(self)
        except (RuntimeError, OSError):
            if self.daemon or isinstance(self, timer) or self in has_run:
                raise
            has_run.add(self)
            try:
                self.run()
            except BaseException:  # noqa: BLE001 - it ends the thread alone, which says why
                threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), self)))

    thread.start = run
    thread.join = lambda self, timeout=None: None if self in has_run else join(self, timeout)


CHANGES: dict[str, Callable[[ModuleType], None]] = {
    "threading": _run_at_once,
    "concurrent.futures.thread": _work_at_once,
    "matplotlib": _draw_in_memory,
    "matplotlib.pyplot": _show_nothing,
    "tkinter": _no_windows,
    "pdb": _no_debugger,
    "IPython.core.debugger": _no_debugger,
}


# Imports -----------------------------------------------------------------------------------------------------------


class _Watching(importlib.abc.MetaPathFinder):
    """Has a module of CHANGES changed as soon as it has been imported."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in CHANGES:
            return None
        others = (finder.find_spec(fullname, path, target) for finder in sys.meta_path if finder is not self)
        spec = next((spec for spec in others if spec is not None), None)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def changed(module: ModuleType) -> None:
                os.environ["MPLBACKEND"] = "agg"  # which may name one that matplotlib does not even know
                execute(module)
                CHANGES[fullname](module)

            spec.loader.exec_module = changed  # type: ignore[method-assign]
        return spec


class _StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds modules of these names, and those in them, that do nothing."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        root, _, _ = fullname.partition(".")
        if fullname not in self._names and not (root in self._names and root in ("tqdm", "pip")):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def exec_module(self, module: ModuleType) -> None:
        module.__dict__.update(tqdm=_Bar, trange=_trange, tqdm_notebook=_Bar, tnrange=_trange)
        done = functools.partial(_constant, 0)
        module.__dict__.update(check=_check, main=done, set_trace=_nothing, __version__="0")


def _check(*_arguments: Any, points: int | None = None, **_keywords: Any) -> int | None:
    """Answer a grade cell as the real one does where nothing is right; where no points are asked for, with nothing."""
    return None if points is None else 0


class _Quiet(type):
    def __getattr__(cls, _name: str) -> Callable[..., Any]:
        return _nothing


class _Bar(metaclass=_Quiet):
    """A bar of progress that shows none: what it goes round is passed on."""

    def __init__(self, iterable: Any = None, desc: Any = None, total: Any = None, **_keywords: Any) -> None:
        self.iterable, self.desc, self.total, self.n = () if iterable is None else iterable, desc, total, 0

    def __iter__(self) -> Iterator[Any]:
        for item in self.iterable:
            yield item
            self.n += 1

    def __reversed__(self) -> Iterator[Any]:
        return reversed(self.iterable)

    def update(self, n: int = 1) -> None:
        """Count on."""
        self.n += n

    def __len__(self) -> int:
        return len(self.iterable) if self.total is None else self.total

    def __enter__(self) -> _Bar:
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def __getattr__(self, _name: str) -> Callable[..., Any]:
        return _nothing

    @staticmethod
    def write(*texts: Any, **_keywords: Any) -> None:
        """Print, as a bar does above itself."""
        print(*texts)  # noqa: T201


def _trange(*arguments: Any, **_keywords: Any) -> _Bar:
    return _Bar(range(*arguments))
