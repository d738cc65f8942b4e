"""Reads an author's percent script, strictly; no files are touched here.

What students write stands in regions:

def loss(y_pred: Tensor, y: Tensor) -> Tensor:
    ### BEGIN SOLUTION
    return 0.5 * ((y_pred - y) ** 2).sum()
    ### END SOLUTION
"""

import ast
import io
import re
import tokenize
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

from autograder.errors import UserError
from autograder.submissions.definitions import FunctionNode, blocks

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"


@dataclass(frozen=True)
class Region:
    """A solution region: its marker lines (counted from 1) and its column.

    `function` is the innermost function around it, `outermost` the top-level statement.
    """

    begin: int
    end: int
    column: int
    function: str
    outermost: ast.stmt


def stub(text: str, path: str, graded: tuple[str, ...] = ()) -> str:
    """Return the student's version of an author's script: each solution region becomes one `raise` line.

    `path` names the script in messages; each of the `graded` functions must be there, with a region. Line ends are LF.
    Raises UserError ("path:line: what is wrong; what to do") for anything that could let a solution through.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    tree = _parse(text, path)
    markers = _markers(text, path)
    _require_pairs(markers, path)
    regions = [_region(begin, end, tree, path) for begin, end in zip(markers[::2], markers[1::2], strict=True)]
    _require_regions(tree, regions, graded, path)
    lines = text.rstrip().split("\n")
    for region in reversed(regions):
        raise_line = f'raise NotImplementedError("{region.function} is not written yet")'
        lines[_start(lines, region) : region.end] = [" " * region.column + raise_line]
    written = "\n".join(line.rstrip() for line in lines) + "\n"
    _require_compilable(written, regions, path)
    return written


def _parse(text: str, path: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise _fault(path, error.lineno or 1, f"not valid Python ({error.msg}); correct this line") from error


def _fault(path: str, line: int, text: str) -> UserError:
    return UserError(f"{path}:{line}: {text}")


def _start(lines: list[str], region: Region) -> int:
    """Return the index from which a `raise` replaces a region: a `def` or `if` line needs no blank lines above it."""
    start = region.begin - 1
    while start and not lines[start - 1].strip():
        start -= 1
    return start if start and lines[start - 1].rstrip().endswith(":") else region.begin - 1


def _require_compilable(written: str, regions: list[Region], path: str) -> None:
    try:
        compile(written, path, "exec", dont_inherit=True)
    except SyntaxError as error:
        line = error.lineno or 1
        for region in regions:
            if line > region.begin:
                line += region.end - region.begin
        what = f"the stub would not be valid Python ({error.msg}); let the regions hold all that belongs together"
        raise _fault(path, line, what) from error


# Regions ---------------------------------------------------------------------------------------------------------


class _Marker(NamedTuple):
    line: int
    column: int
    is_begin: bool


def _markers(text: str, path: str) -> list[_Marker]:
    """Return the markers in order; refuse whatever looks as if it was meant to be one."""
    found = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT:
            continue
        line, column = token.start
        if token.string.rstrip() in (BEGIN, END) and not token.line[:column].strip():
            found.append(_Marker(line, column, token.string.rstrip() == BEGIN))
        elif _nearly_a_marker(token.string):
            raise _near_miss(path, line)
    marked = {marker.line for marker in found}
    for line, written in enumerate(text.split("\n"), start=1):
        # Other tools find markers by text alone, so one in a string must not be there either.
        if line not in marked and re.search(r"(BEGIN|END)\W*SOLUTION", written, re.IGNORECASE):
            raise _near_miss(path, line)
    return found


def _near_miss(path: str, line: int) -> UserError:
    what = f'looks like a marker but is none; write "{BEGIN}" or "{END}" on a line of its own, or reword'
    return _fault(path, line, what)


def _nearly_a_marker(comment: str) -> bool:
    """Whether a comment has a marker's hashes, speaks of a solution, or shouts something like a marker's words."""
    shouted = (word for word in re.findall(r"[^\W\d_]+", comment) if word.isupper())
    return (
        comment.startswith("##")
        or re.search(r"(?<![a-z])solution", comment, re.IGNORECASE) is not None
        or any(get_close_matches(word, ("BEGIN", "END", "SOLUTION"), cutoff=0.75) for word in shouted)
    )


def _require_pairs(markers: list[_Marker], path: str) -> None:
    opened: _Marker | None = None
    for marker in markers:
        if marker.is_begin and opened:
            raise _fault(path, marker.line, f"a region inside the region of line {opened.line}; close that one first")
        if not marker.is_begin and not opened:
            raise _fault(path, marker.line, f'no region is open here; add "{BEGIN}" above, or delete this line')
        opened = marker if marker.is_begin else None
    if opened:
        raise _fault(path, opened.line, f'this region is never closed; add "{END}"')


def _region(begin: _Marker, end: _Marker, tree: ast.Module, path: str) -> Region:
    around, inside = _enclosed(begin, end, tree, path)
    functions = [node for node in around if isinstance(node, FunctionNode)]
    if not functions:
        what = "this region is outside a function; move it into the function that students write"
        raise _fault(path, begin.line, what)
    for marker in (begin, end):
        if marker.column != inside[0].col_offset:
            raise _fault(path, marker.line, "this marker is not in line with the code of its region; indent it alike")
    if inside[0] is functions[-1].body[0] and ast.get_docstring(functions[-1]) is not None:
        raise _fault(path, begin.line, "this region hides the docstring, which students need; begin it below that")
    return Region(begin.line, end.line, begin.column, functions[-1].name, around[0])


def _enclosed(begin: _Marker, end: _Marker, tree: ast.Module, path: str) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """Return the statements around a region, from the outermost to the innermost, and those in it, of one block."""
    around, reached = [], [_touched(tree.body, begin, end)]
    while len(reached) == 1 and len(reached[0]) == 1 and _first(reached[0][0]) < begin.line:
        [outer] = reached[0]
        around.append(outer)
        reached = [each for block in blocks(outer) if (each := _touched(block, begin, end))]
    if not any(reached):
        raise _fault(path, begin.line, "this region holds no statement; put the solution between its markers")
    inside = reached[0]
    if len(reached) > 1 or _first(inside[0]) < begin.line or (inside[-1].end_lineno or 0) > end.line:
        raise _fault(path, begin.line, "this region cuts a block in two; begin and end it inside one block")
    return around, inside


def _touched(block: list[ast.stmt], begin: _Marker, end: _Marker) -> list[ast.stmt]:
    """Return the statements of a block of which a line lies between two markers."""
    return [each for each in block if _first(each) < end.line and (each.end_lineno or 0) > begin.line]


def _first(statement: ast.stmt) -> int:
    """The first line, decorators included."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def _require_regions(tree: ast.Module, regions: list[Region], graded: tuple[str, ...], path: str) -> None:
    functions = [node for node in tree.body if isinstance(node, FunctionNode)]
    for name in graded:
        written = [node for node in functions if node.name == name]
        if not written:
            raise _fault(path, 1, f"there is no function {name}, which the checks grade; write it")
        for node in written:
            if not any(region.outermost is node for region in regions):
                raise _fault(path, node.lineno, f'{name} is graded and has no region; add "{BEGIN}" and "{END}"')
