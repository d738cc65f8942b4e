"""`grade EXERCISE --reset NAME`: a function, or the whole exercise, as it was handed out; what was there is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.authoring.originals import Suffix, original
from autograder.errors import UserError
from autograder.files import read_bytes, reason, write
from autograder.submissions.outline import line_of, span_of, to_write

if TYPE_CHECKING:
    from autograder.exercise import Exercise

ADVICE = "check the folder's permissions"


def reset(exercise: Exercise, path: Path, function: str | None) -> str:
    """Put a function of a file back as it was handed out, or with None the whole file; return what to say of it."""
    suffix: Suffix = ".ipynb" if path.suffix.lower() == ".ipynb" else ".py"
    if path.suffix.lower() != suffix:
        raise UserError(f"{path} is neither a script nor a notebook; only those can be reset")
    before = read_bytes(path, ADVICE) if path.exists() else None
    if function is None:
        after = original(exercise, suffix)
    elif before is None:
        raise UserError(f"there is no file {path}; grade {exercise.name} --reset {exercise.name} gives you a new one")
    else:
        try:
            text = before.decode("utf-8-sig")
            change = _in_script if suffix == ".py" else _in_notebook
            stub = original(exercise)
            after = change(text, stub, function, to_write(stub))
        except (ValueError, LookupError, TypeError, AttributeError):  # not UTF-8, not JSON, not a notebook
            raise _unclear(exercise, path, function) from None
    what = function or exercise.name
    if before is not None and before.decode(errors="replace").replace("\r\n", "\n") == after:
        return f"{what} in {path} is as it was handed out; nothing was changed\n"
    if before is None:
        kept = ""
        _make_folder(path.parent)
    else:
        kept = f"; what was there is kept in {_keep(path, before)}"
        after = after.replace("\n", "\r\n") if b"\r\n" in before else after  # as an editor on Windows has it
    write(path, after, ADVICE)
    return f"{what} in {path} is again as it was handed out{kept}\n"


def _unclear(exercise: Exercise, path: Path, function: str) -> UserError:
    whole = f"grade {exercise.name} --reset {exercise.name} gives the whole exercise back"
    return UserError(f"it is not clear where `{function}` stands in {path}; {whole}")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder} cannot be made ({reason(error)}); {ADVICE}") from error


def _keep(path: Path, content: bytes) -> Path:
    """Write a copy beside a file, under a name that nothing has yet and nobody takes for a script; return its path."""
    for number in count(1):
        kept = path.with_name(f"{path.name}.kept-{number}")
        try:
            with kept.open("xb") as file:
                file.write(content)
        except FileExistsError:
            continue
        except OSError as error:
            raise UserError(f"{kept} cannot be written ({reason(error)}); {ADVICE}") from error
        return kept
    raise AssertionError("count never ends")


def _in_script(text: str, stub: str, function: str, table: Sequence[str]) -> str:
    """Return a script with the stub of a function in the place of it; one that is gone comes where it belongs."""
    text = text.replace("\r\n", "\n")
    given = _text(stub, function)
    if span := span_of(text, function):
        return text[: span[0]] + given + text[span[1] :]
    if line_of(text, function) is not None:
        raise ValueError("no def")
    at = table.index(function)
    for above in reversed(table[:at]):
        if span := span_of(text, above):
            return f"{text[: span[1]]}\n\n# %%\n{given}{text[span[1] :]}"
    for below in table[at + 1 :]:
        if span := span_of(text, below):
            return f"{text[: span[0]]}{given}\n\n# %%\n{text[span[0] :]}"
    raise ValueError("no function to put it beside")


def _in_notebook(text: str, stub: str, function: str, table: Sequence[str]) -> str:
    """Return a notebook with the stub of a function in the cell that defines it, or in a cell where it belongs."""
    notebook = json.loads(text)
    cells: list[dict[str, Any]] = notebook["cells"]
    code = {index: "".join(cell["source"]) for index, cell in enumerate(cells) if cell["cell_type"] == "code"}
    own = [index for index, source in code.items() if line_of(source, function) is not None]
    if own:
        cell = cells[own[-1]]
        written = _in_script(code[own[-1]], stub, function, table)
        cell["source"], cell["outputs"], cell["execution_count"] = _lines(written), [], None
    else:
        above = table[: table.index(function)]
        places = [index for index, source in code.items() if any(line_of(source, name) for name in above)]
        cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
        if (notebook["nbformat"], notebook.get("nbformat_minor", 0)) >= (4, 5):
            taken = {each.get("id") for each in cells}
            names = chain([function], (f"{function}-{number}" for number in count(2)))
            cell["id"] = next(name for name in names if name not in taken)
        cells.insert(max(places, default=min(code, default=-1)) + 1, {**cell, "source": _lines(_text(stub, function))})
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def _lines(source: str) -> list[str]:
    return source.rstrip("\n").splitlines(keepends=True)


def _text(stub: str, function: str) -> str:
    span = span_of(stub, function)
    if span is None:
        raise UserError(f"there is no `{function}` in what was handed out; get the kit again")
    return stub[slice(*span)]
