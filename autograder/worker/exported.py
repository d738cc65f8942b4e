"""A script that was a notebook: what exporting has made of its cells is undone."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

MARK = re.compile(r"^#[ ]?(?:%%(?!\S)|In ?\[[ \d*]*\]|COMMAND -+|<codecell>).*$", re.MULTILINE)
NEW_CELL = "# %%"
COLAB = "# Commented out IPython magic to ensure Python compatibility."
DATABRICKS = "# MAGIC "
# Typed in a cell, this is a magic, too.
BARE = re.compile(r"^(?=(?:pip|conda|mamba|uv) (?:install|uninstall|list|show|freeze)\b)", re.MULTILINE)


def cells(text: str, transformed: Callable[[str], str]) -> list[tuple[int, str]]:
    """Return the cells of an exported script, each with the number of lines above it.

    Where the script does not say where they began, each statement is one; `transformed` gives the Python of a cell.
    """
    is_marked = MARK.search(text) is not None
    text = BARE.sub("%", _uncommented(text))
    starts = [0, *(match.end() for match in MARK.finditer(text))]
    ends = [*(match.start() for match in MARK.finditer(text)), len(text)]
    found = [(text.count("\n", 0, start), text[start:end]) for start, end in zip(starts, ends, strict=True)]
    return found if is_marked else [part for cell in found for part in _statements(*cell, transformed)]


def _statements(above: int, text: str, transformed: Callable[[str], str]) -> Iterator[tuple[int, str]]:
    """Yield the statements of a cell one by one; the whole cell where its magic or a mistake keeps it together."""
    try:
        python = text if text.lstrip().startswith("%%") else transformed(text)
        tree = ast.parse(python)
    except Exception:  # noqa: BLE001 - the cell will say by itself what is wrong with it
        yield above, text
        return
    above += text.count("\n") - python.rstrip("\n").count("\n") - (len(text) - len(text.rstrip("\n")))
    lines, start = python.split("\n"), 0
    for statement in tree.body:
        end = statement.end_lineno or start
        if end > start:  # else it shares its line with the one before it
            yield above + start, "\n".join(lines[start:end])
        start = max(start, end)


def _uncommented(text: str) -> str:
    """Return a script with the magics as they were that an export has made comments, lines kept in place."""
    lines, prefix, is_cell = text.split("\n"), "", False
    for index, line in enumerate(lines):
        if index and lines[index - 1].startswith(COLAB):
            prefix, is_cell = "# ", line.startswith("# %%")
            lines[index - 1] = NEW_CELL if is_cell else ""
        elif line.startswith((DATABRICKS + "%%", DATABRICKS + "%python")):
            prefix, is_cell = DATABRICKS, True
            line = line.removesuffix("%python")
        elif prefix and not (is_cell and line.startswith(prefix.rstrip())):
            lines[index] = line or NEW_CELL * is_cell
            prefix = ""
        if prefix:
            lines[index] = line.removeprefix(prefix)
    return "\n".join(lines)
