"""What a student's notebook may show in the instructor's browser: text, and pictures of pixels.

nbgrader's feedback page and formgrader render what a notebook brings along as it is: HTML and JavaScript in outputs,
widgets, HTML and `javascript:` links in Markdown, and classes and ids from metadata.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import nbformat

Node = Any  # nbformat's: its functions are not typed

PICTURES = ("image/png", "image/jpeg")
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
STREAMS = ("stdout", "stderr")
# With a space inside, none of these begins anything: a tag, an entity, a link or picture of Markdown or its definition,
# an address, and what MathJax makes links, styles, classes and names of.
MATH = r"\\(?=href|require|csname|class|cssId|style|data|mmlToken|bbox)"
BEGINNINGS = re.compile(rf"<(?=[A-Za-z/!?])|&(?=[#A-Za-z])|\](?=[(\[:])|:(?=//)|{MATH}")
METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}


def make_harmless(nb: Node) -> None:
    """Leave of a notebook what is code, text or a picture; nbgrader's own metadata stay, for others to restore."""
    nb.metadata = nbformat.from_dict(METADATA)
    nb.cells = [_cell(cell) for cell in nb.cells]


def _cell(cell: Node) -> Node:
    make: Any = getattr(nbformat.v4, f"new_{cell.cell_type}_cell", nbformat.v4.new_markdown_cell)
    made: Node = make(cell.source if cell.cell_type == "code" else text(cell.source))
    del made["id"]
    if ID.fullmatch(str(cell.get("id", ""))):
        made["id"] = cell["id"]
    if "nbgrader" in cell.metadata:
        made.metadata["nbgrader"] = cell.metadata["nbgrader"]
    if cell.cell_type == "code":
        made |= {"outputs": list(_outputs(cell.outputs)), "execution_count": cell.execution_count}
    return made


def text(source: str) -> str:
    """Return Markdown, or what a raw cell holds, in which nothing is HTML or a link."""
    return BEGINNINGS.sub(lambda begins: f"{begins[0]} ", source)


def _outputs(outputs: list[Node]) -> Iterator[Node]:
    for output in outputs:
        if output.output_type == "stream":
            name = output.name if output.name in STREAMS else "stdout"
            yield nbformat.v4.new_output("stream", name=name, text=output.text)
        elif output.output_type == "error":
            yield nbformat.v4.new_output("stream", name="stderr", text="\n".join(output.traceback) + "\n")
        else:
            data = {kind: value for kind, value in output.data.items() if _is_harmless(kind, value)}
            if data:
                count = {"execution_count": output.execution_count} if "execution_count" in output else {}
                yield nbformat.v4.new_output(output.output_type, data=data, **count)


def _is_harmless(kind: str, value: Any) -> bool:
    is_picture = kind in PICTURES and isinstance(value, str) and BASE64.fullmatch(value) is not None
    return is_picture or (kind == "text/plain" and isinstance(value, str))
