"""Makes notebooks of an exercise's script: its prose and code cells, each under an id that stays the same.

Format: nbformat 4.5, https://nbformat.readthedocs.io/en/latest/format_description.html; the script is in jupytext's
"percent" format, of which only `# %%` and `# %% [markdown]` are used.
"""

import io
import re
import tokenize
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import nbformat

from autograder.authoring import stubs
from autograder.errors import UserError
from autograder.exercise import Exercise
from autograder.submissions.definitions import definitions

Kind = Literal["markdown", "code"]

MARKERS: dict[str, Kind] = {"# %%": "code", "# %% [markdown]": "markdown"}
KERNEL = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}
IMPORT = re.compile(r"^(?:import|from) ", re.MULTILINE)
LONGEST_ID = 64  # characters, by nbformat; of letters, digits, "-" and "_"


@dataclass(frozen=True)
class NotebookCell:
    """A cell: its text without a last line end, its id in the notebook, and nbgrader's metadata where it has some."""

    kind: Kind
    text: str
    id: str
    nbgrader: Mapping[str, object] | None = None


def render(cells: Iterable[NotebookCell]) -> str:
    """Return a notebook without outputs as JSON text, laid out as Jupyter saves it; the same bytes every time."""
    make: dict[Kind, Any] = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    held = [(cell, {} if cell.nbgrader is None else {"nbgrader": dict(cell.nbgrader)}) for cell in cells]
    nodes = [make[cell.kind](cell.text, id=cell.id, metadata=metadata) for cell, metadata in held]
    return f"{nbformat.writes(nbformat.v4.new_notebook(cells=nodes, metadata=KERNEL))}\n"


def stub_notebook(exercise: Exercise) -> tuple[NotebookCell, ...]:
    """Return the student's notebook of an exercise: the cells of its stub. UserError where its source is faulty."""
    return script_cells(stubs.stub_text(exercise), f"solutions/{exercise.name}.py", tuple(dict(exercise.functions)))


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
