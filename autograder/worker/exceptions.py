"""What a student's code raised, as plain data for the grader."""

import linecache
import re
import traceback
from collections.abc import Callable, Mapping

from autograder.worker import wire
from autograder.worker.denials import explained

MAX_ERROR_TEXT = 2000
MAX_TRACE = 6
OTHER_EXERCISE = re.compile(r"(?:exercises\.)?exercise\w*|exercises|solutions(?:\.\w+)?|other files")


def described(error: BaseException, files: Mapping[str, str]) -> dict[str, wire.Value]:
    """Return type, text and the student's own lines (innermost last) of an exception, and the place of a syntax error.

    `files` are the names that the student's code runs under, and what a reader knows each by.
    """
    report: dict[str, wire.Value] = {
        "type": _text(lambda: type(error).__name__),
        "text": _text(lambda: explained(error) or str(error)),
    }
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
    if isinstance(error, NotImplementedError):
        report["type"] = "NotImplementedError"
    return report


def _imported(error: ImportError) -> str:
    """Return what could not be imported: its name, or that it was to be found beside the file."""
    beside = "other files" if "relative import" in _text(lambda: str(error)) else ""
    return beside or _text(lambda: error.name or "")


def _text(make: Callable[[], str]) -> str:
    try:
        return str(make())[:MAX_ERROR_TEXT]
    except BaseException:  # noqa: BLE001 - the text comes from a class of the student's
        return "(an exception that cannot be shown)"
