"""Makes notebooks of an exercise's script: its prose and code cells, each under an id that stays the same.

Format: nbformat 4.5, https://nbformat.readthedocs.io/en/latest/format_description.html; the script is in jupytext's
"percent" format, of which only `# %%` and `# %% [markdown]` are used.
"""

import base64
import copy
import io
import json
import re
import tokenize
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import nbformat

from autograder.authoring import stubs
from autograder.authoring.check_source import read_checks
from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.submissions import grade_cell
from autograder.submissions.definitions import definitions

Kind = Literal["markdown", "code"]

MARKERS: dict[str, Kind] = {"# %%": "code", "# %% [markdown]": "markdown"}
KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}
IMPORT = re.compile(r"^(?:import|from) ", re.MULTILINE)
# Nothing is installed there: what the kit needs is there already, and another torch would be gigabytes.
IN_COLAB = """\
# @title In Google Colab this cell fetches the kit; everywhere else it does nothing.
import sys
from pathlib import Path

if "google.colab" in sys.modules and not Path("../autograder").is_dir():
    import os, shutil, subprocess

    address = {address}  # the kit's repository; without one, you are asked for the kit's zip file
    folder = Path("kit").resolve()
    if not folder.exists() and address:
        subprocess.run(["git", "clone", "--quiet", "--depth=1", address, str(folder)], check=True)
    elif not folder.exists():
        from google.colab import files

        shutil.unpack_archive(next(iter(files.upload())), folder)
    kits = [found.parents[1] for found in folder.rglob("autograder/live.py")]
    assert kits, f"there is no kit in {{folder}}; delete that folder, then run this cell again"
    os.chdir(kits[0] / "exercises")
    sys.path.insert(0, str(kits[0]))\
"""
FOLDED = {"cellView": "form", "jupyter": {"source_hidden": True}}  # for Colab, and for JupyterLab
LONGEST_ID = 64  # characters, by nbformat; of letters, digits, "-" and "_"


@dataclass(frozen=True)
class NotebookCell:
    """A cell: its text without a last line end, its id in the notebook, and metadata where it has some."""

    kind: Kind
    text: str
    id: str
    metadata: Mapping[str, object] = field(default_factory=dict)


def render(cells: Iterable[NotebookCell], pictures: Mapping[str, bytes] | None = None) -> str:
    """Return a notebook without outputs as JSON text, laid out as Jupyter saves it; the same bytes every time.

    Of the pictures (PNG, by the path that the text gives) each cell takes those along that it shows, so that a notebook
    shows them wherever it goes.
    """
    nodes = [_node(cell, pictures or {}) for cell in cells]
    return f"{nbformat.writes(nbformat.v4.new_notebook(cells=nodes, metadata=KERNEL))}\n"


def _node(cell: NotebookCell, pictures: Mapping[str, bytes]) -> Any:
    metadata = copy.deepcopy(dict(cell.metadata))
    if cell.kind == "code":
        return nbformat.v4.new_code_cell(cell.text, id=cell.id, metadata=metadata)
    text, attachments = cell.text, {}
    for path in (path for path in stubs.PICTURE.findall(text) if path in pictures):
        name = path.rpartition("/")[2]
        text = text.replace(f"]({path})", f"](attachment:{name})")
        attachments[name] = {"image/png": base64.b64encode(pictures[path]).decode()}
    held = {"attachments": attachments} if attachments else {}
    return nbformat.v4.new_markdown_cell(text, id=cell.id, metadata=metadata, **held)


def stub_notebook(exercise: Exercise, address: str = "") -> tuple[NotebookCell, ...]:
    """Return the student's notebook of an exercise: the cells of its stub, below each function one that grades it.

    Above all stands a cell that fetches the kit where Colab runs the notebook, from the address of its repository, or
    from a zip file that is asked for. UserError where the exercise's source is faulty.
    """
    functions = tuple(dict(exercise.functions))
    cells = script_cells(stubs.stub_text(exercise), f"solutions/{exercise.name}.py", functions)
    checks = {name: NotebookCell("code", check_text(exercise, name), grade_cell.ID.format(name)) for name in functions}
    fetch = NotebookCell("code", IN_COLAB.format(address=json.dumps(address)), "code-colab", FOLDED)
    return (fetch, *(each for cell in cells for each in (cell, checks.get(cell.id)) if each is not None))


def check_text(exercise: Exercise, function: str, *, yields_points: bool = False) -> str:
    """Return the text of a cell that grades a function: what that is worth and checked for, and the call."""
    checks = [check for check in read_checks(exercise.checks).checks if check.function == function]
    hidden, points = sum(check.visibility == "hidden" for check in checks), dict(exercise.functions)[function]
    worth = f"{points} {'point' if points == 1 else 'points'}{' at hand-in' if hidden else ''}"
    lines = [f"{function}, {worth}: run this cell, as often as you like, to see whether it"]
    lines += [f"  - {check.summary}" for check in checks if check.visibility == "visible"]
    if hidden:
        lines.append(f"{hidden} more {'check runs' if hidden == 1 else 'checks run'} once you have handed in.")
    call = grade_cell.code(exercise.name, function, points if yields_points else None)
    return "\n".join([*(f"# {line}" for line in lines), call])


def script_cells(text: str, path: str, functions: tuple[str, ...]) -> tuple[NotebookCell, ...]:
    """Return the cells of a percent script, be it a stub or an author's: at most one graded function in each.

    The cell of a graded function has the function's name as its id. The id of any other begins with "text-" and goes on
    with its heading, or with "code-" and "imports" or the first name defined there. UserError ("path:line: …") for a
    faulty script.
    """
    cells: list[NotebookCell] = []
    taken: Counter[str] = Counter()
    for kind, line, inside in _split(text, path):
        names = list(definitions(inside)) if kind == "code" else []
        graded = [name for name in names if name in functions]
        if len(graded) > 1:
            raise UserError(f'{path}:{line}: {graded[0]} and {graded[1]} are in one cell; write "# %%" between them')
        wanted = graded[0] if graded else _described(kind, inside, names)
        cells.append(NotebookCell(kind, inside, _numbered(wanted, taken)))
    return tuple(cells)


def _split(text: str, path: str) -> Iterator[tuple[Kind, int, str]]:
    """Yield the cells that hold anything: kind, first line, text. What stands above the first marker is code."""
    lines = text.split("\n")
    begins: list[tuple[int, Kind]] = [(0, "code"), *_markers(text, path)]
    ends = [line - 1 for line, _ in begins[1:]] + [len(lines)]
    for (begin, kind), end in zip(begins, ends, strict=True):
        inside = lines[begin:end]
        if kind == "markdown":
            inside = [_uncommented(line, path, number) for number, line in enumerate(inside, begin + 1)]
        if any(line.strip() for line in inside):
            yield kind, begin + 1, "\n".join(inside).strip("\n")


def _markers(text: str, path: str) -> Iterator[tuple[int, Kind]]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):  # a marker in a string is none
        line, column = token.start
        if token.type != tokenize.COMMENT or column or not token.string.startswith("# %%"):
            continue
        if token.string.rstrip() not in MARKERS:
            raise UserError(f'{path}:{line}: "{token.string}" begins no cell; write "# %%" or "# %% [markdown]"')
        yield line, MARKERS[token.string.rstrip()]


def _uncommented(line: str, path: str, number: int) -> str:
    if line.startswith("# ") or line.rstrip() in ("", "#"):
        return line[2:].rstrip()
    raise UserError(f'{path}:{number}: code in a text cell; write "# " before it, or "# %%" above it')


def _described(kind: Kind, text: str, names: list[str]) -> str:
    if kind == "markdown":
        about = next((line for line in text.split("\n") if line.startswith("#")), "")
    else:
        about = "imports" if IMPORT.search(text) else next(iter(names), "")
    return f"{'text' if kind == 'markdown' else 'code'}-{_slug(about)}".rstrip("-")


def _slug(text: str) -> str:
    """Return the text's letters and digits in ASCII, joined by "-"."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[A-Za-z0-9]+", plain)).lower()


def _numbered(name: str, taken: Counter[str]) -> str:
    """Return a name as an id, with a number where it is taken, and no longer than nbformat allows."""
    short = name[: LONGEST_ID - 4]
    taken[short] += 1
    return short if taken[short] == 1 else f"{short}-{taken[short]}"
