"""`grade EXERCISE --read`: the exercise as a page, opened in the browser where there is one."""

from __future__ import annotations

import os
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.authoring.originals import original
from autograder.files import write

if TYPE_CHECKING:
    from autograder.exercise import Exercise

ADVICE = "write the page elsewhere with --output"


def read(exercise: Exercise, output: Path | None) -> str:
    """Write the page beside the exercise, or where it is wanted, and open it; return what to say."""
    from autograder.report import reading

    path = output or Path(os.path.relpath(exercise.stub)).with_suffix(".html")
    write(path, reading.page(exercise, original(exercise)), ADVICE)
    is_open = has_browser() and webbrowser.open(path.absolute().as_uri())
    return f"{exercise.name} as a page: {path}\n{'It opens in your browser.' if is_open else 'Open it in a browser.'}\n"


def has_browser() -> bool:
    """Whether a browser with windows can be had; one in the terminal shows no formulas."""
    if sys.platform in ("win32", "darwin") or os.environ.get("BROWSER"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
