"""What a student's code raised, as plain data for the grader."""

import difflib
import functools
import itertools
import linecache
import os
import re
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any

from autograder.worker import wire
from autograder.worker.denials import explained

MAX_ERROR_TEXT = 2000
MAX_TRACE = 6
MAX_NAMES, MAX_KEYS, MAX_CANDIDATES = 12, 8, 2000
WORD = re.compile(r"[^\W\d]\w*")
OTHER_EXERCISE = re.compile(r"(?:exercises\.)?exercise\w*|exercises|solutions(?:\.\w+)?|other files")


def described(error: BaseException, files: Mapping[str, str]) -> dict[str, wire.Value]:
    """Return type, text and the student's own lines (innermost last) of an exception, and the place of a syntax error.

    With them come the values that the innermost line speaks of, each by its name and what it is, and where a name is
    unknown the one that may be meant.

    `files` are the names that the student's code runs under, and what a reader knows each by.
    """
    report: dict[str, wire.Value] = {
        "type": _text(lambda: type(error).__name__),
        "text": _text(lambda: explained(error) or str(error)),
    }
    report["text"] = _without_our_folders(report["text"])
    if isinstance(error, MemoryError) or "DefaultCPUAllocator" in report["text"]:
        report.update(type="MemoryError", text="it wants more memory than there is for it")
    if isinstance(error, ImportError) and OTHER_EXERCISE.fullmatch(_imported(error)):
        report["text"] = f"a submission comes alone, without {_imported(error)}; copy what you use of it into your file"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in files][-MAX_TRACE:]
    report["trace"] = [
        [files[frame.filename], frame.lineno, frame.name[:200], (frame.line or "")[:300]] for frame in frames
    ]
    if isinstance(error, SyntaxError):
        report["text"] = _text(lambda: str(error.msg))
        if isinstance(error.filename, str) and error.filename in files:
            line = error.text or linecache.getline(error.filename, error.lineno or 0)
            report["syntax"] = [error.lineno, error.offset, _text(lambda: line)]
    report["names"], report["near"] = _names(error, files), _text(lambda: _near(error))
    if isinstance(error, NotImplementedError):
        report["type"] = "NotImplementedError"
    return report


def _without_our_folders(text: str) -> str:
    """Return text without the folders of ours that a path begins with: a reader knows none of them."""
    folders = (tempfile.gettempdir(), *(entry for entry in sys.path if entry.endswith("-packages")))
    for folder in folders:
        text = text.replace(folder + os.sep, "")
    return text


def _imported(error: ImportError) -> str:
    """Return what could not be imported: its name, or that it was to be found beside the file."""
    beside = "other files" if "relative import" in _text(lambda: str(error)) else ""
    return beside or _text(lambda: error.name or "")


def _text(make: Callable[[], str]) -> str:
    try:
        return str(make())[:MAX_ERROR_TEXT]
    except BaseException:  # noqa: BLE001 - the text comes from a class of the student's
        return "(an exception that cannot be shown)"


def _names(error: BaseException, files: Mapping[str, str]) -> list[list[str]]:
    """Return the variables in the student's innermost line, each with what it is."""
    own = [frame for frame, _ in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename in files]
    if not own:
        return []
    frame = own[-1]
    line = linecache.getline(frame.f_code.co_filename, _line(error, frame))
    local = frame.f_locals
    found = [name for name in dict.fromkeys(WORD.findall(line)) if name in local]
    return [[name, _text(functools.partial(_kind, local[name]))[:200]] for name in found[:MAX_NAMES]]


def _line(error: BaseException, frame: FrameType) -> int:
    return next(line for at, line in traceback.walk_tb(error.__traceback__) if at is frame)


def _kind(value: Any) -> str:
    """Return what a value is, in few words: "tensor (4,)", "dict a, b", "list 3", "number 2", "text", "function"."""
    if type(value) in (bool, int, float):
        return f"number {value}"
    if type(value) is dict:
        return "dict " + ", ".join(str(key)[:20] for key in itertools.islice(value, MAX_KEYS) if type(key) is str)
    if type(value) in (list, tuple):
        return f"{type(value).__name__} {len(value)}"
    kind = type(value).__name__
    if kind in ("Tensor", "Parameter", "ndarray"):
        return f"{'array' if kind == 'ndarray' else 'tensor'} {tuple(value.shape)}"
    if kind in ("function", "method", "builtin_function_or_method", "builtin_method", "method-wrapper"):
        return "function"
    return {"str": "text", "NoneType": "None"}.get(kind, kind)


def _near(error: BaseException) -> str:
    """Return the name that may be meant where one is unknown, as later versions of Python say; "" where there is none.

    Python 3.11 finds it only where it prints the exception itself.
    """
    if isinstance(error, NameError) and not isinstance(error, UnboundLocalError):
        frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
        candidates = [name for part in (frames[-1].f_locals, frames[-1].f_globals) for name in part] if frames else []
    elif isinstance(error, AttributeError) and error.obj is not None:
        candidates = dir(error.obj)
    else:
        return ""
    wanted = error.name or ""
    return _nearest(wanted, tuple(name for name in candidates[:MAX_CANDIDATES] if name[:1] != "_" and name != wanted))


@functools.lru_cache(maxsize=20)  # a wrong name is met in every case
def _nearest(wanted: str, candidates: tuple[str, ...]) -> str:
    return next(iter(difflib.get_close_matches(wanted, candidates, 1, 0.75)), "")
