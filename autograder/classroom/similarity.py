"""Finds submissions that are nearly the same once names, layout, comments and the order of functions are set aside.

The method is winnowing: S. Schleimer, D. Wilkerson and A. Aiken, "Winnowing: local algorithms for document
fingerprinting", SIGMOD 2003, as in MOSS. A print is a set of hashes of short runs of tokens; two files that share most
of what few others have are alike. That is a reason to look at both files, and never a verdict: in short exercises
right solutions look alike by nature.

Tokens are those of the syntax tree, so that brackets, quotes, line breaks and the form of numbers do not count. A name
that the file itself gives is a place in its run ("the second name here"), so that it may be called anything; what
belongs to Python and its libraries keeps its name. Nothing is run.
"""

import ast
import functools
import itertools
import re
import warnings
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]

RUN = 9  # tokens of a run: about `a * x + b - y`, less than which everybody has
WINDOW = 3  # runs of which one is kept: whatever two files share of RUN + WINDOW - 1 tokens is noticed
LONGEST = 200_000  # characters that are read; nobody types more, and a hostile file must not keep anybody waiting
CELL = 100  # characters that a cell counts for on top of its own, so that there are not too many
MOST_TOKENS = 10_000

COMMON = 0.15  # of a class: what more than that have says nothing
CLASS = 20  # students; in fewer, nothing can be called common
TELLING = 12  # hashes that both must have and few others do
ALIKE = 0.8  # of the telling hashes of the one that has fewer
EXTRA = 2.0  # how many times as many the other may have

BLOCK = re.compile(r"^(?=[^\W\d]|@)", re.MULTILINE)  # where a statement at the left margin begins
OWN = "\0"  # before the names that a file gives
SKIPPED = (ast.Import, ast.ImportFrom, ast.Pass, ast.Global, ast.Nonlocal, ast.expr_context, ast.arguments)
# What a node says beyond its parts, or parts that say nothing: names, decorators and annotations.
PARTS = {
    ast.FunctionDef: ("body",),
    ast.AsyncFunctionDef: ("body",),
    ast.ClassDef: ("body",),
    ast.Lambda: ("body",),
    ast.AnnAssign: ("target", "value"),
    ast.JoinedStr: (),
}


@dataclass(frozen=True)
class Group:
    """Students whose files are nearly identical, in order; `alike` is what the least similar pair shares, 0 to 1."""

    students: tuple[str, ...]
    alike: float


def fingerprint(cells: Sequence[str], stub: str = "") -> tuple[int, ...]:
    """Return the print of a file's code cells: hashes of 32 bits, sorted, without those of the stub.

    A cell that Python cannot parse gives what can be parsed of it, block by block; at worst nothing.
    """
    hashes = _hashes(cells)
    return tuple(sorted(hashes - _hashes_of_stub(stub) if stub else hashes))


@functools.lru_cache(maxsize=4)
def _hashes_of_stub(stub: str) -> frozenset[int]:
    return frozenset(_hashes([stub]))  # once for a class


def _hashes(cells: Sequence[str]) -> set[int]:
    statements = [statement for tree in _trees(cells) for statement in tree.body]
    own = _own_names(statements)
    budget, hashes = MOST_TOKENS, set[int]()
    for statement in statements:
        tokens = list(itertools.islice(_tokens(statement, own), budget))
        budget -= len(tokens)
        hashes |= _winnow(tokens)
        if budget <= 0:
            break
    return hashes


def _trees(cells: Sequence[str]) -> Iterator[ast.Module]:
    budget = LONGEST
    for cell in cells:
        code, budget = cell[:budget], budget - len(cell) - CELL
        tree = _parsed(code)
        if tree is not None:
            yield tree
        else:
            yield from filter(None, map(_parsed, BLOCK.split(code)))
        if budget <= 0:
            return


def _parsed(code: str) -> ast.Module | None:
    with warnings.catch_warnings(action="ignore"):  # of "is" with a literal and the like
        try:
            return ast.parse(code)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _own_names(statements: Iterable[ast.stmt]) -> set[str]:
    """Return the names that a file gives: to variables, arguments, functions, classes and modules."""
    own = set()
    for node in (node for statement in statements for node in ast.walk(statement)):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                own.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                own.add(name)
            case ast.alias(name=name, asname=other):
                own.add(other or name.partition(".")[0])
    return own


def _tokens(statement: ast.stmt, own: set[str]) -> Iterator[str]:
    """Yield the tokens of a statement, each node before its parts. No recursion: trees may be deep."""
    stack: list[ast.AST] = [statement]
    while stack:
        node = stack.pop()
        if isinstance(node, SKIPPED) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            continue  # a string or a lone `...` among them is a docstring or a comment
        yield _token(node, own)
        for field in reversed(PARTS.get(type(node), node._fields)):
            value = getattr(node, field, None)
            parts = value if isinstance(value, list) else [value]
            stack.extend(part for part in reversed(parts) if isinstance(part, ast.AST))


def _token(node: ast.AST, own: set[str]) -> str:
    match node:
        case ast.Name(id=name):
            return OWN + name if name in own else name
        case ast.Attribute(attr=name):
            return f".{name}"
        case ast.keyword(arg=name):
            return f"{name}="
        case ast.Constant(value=value):
            return _constant(value)
        case ast.AnnAssign():
            return "Assign"
    return type(node).__name__


def _constant(value: object) -> str:
    """Return a literal's value; text that is no key or name, but a message, is all one."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return repr(float(value))
        except OverflowError:
            return "large"
    if isinstance(value, str | bytes):
        return repr(value) if len(value) <= 16 else "text"
    return repr(value)


def _winnow(tokens: list[str]) -> set[int]:
    """Return the least hash of each window of runs; of a statement shorter than a run, nothing."""
    runs = [_hash(tokens[start : start + RUN]) for start in range(len(tokens) - RUN + 1)]
    return {min(runs[start : start + WINDOW]) for start in range(max(1, len(runs) - WINDOW + 1)) if runs}


def _hash(run: list[str]) -> int:
    """Return the hash of a run in which the file's own names are numbered as they come."""
    places: dict[str, str] = {}
    said = (places.setdefault(token, f"{OWN}{len(places)}") if token.startswith(OWN) else token for token in run)
    return zlib.crc32("\n".join(said).encode(errors="backslashreplace"))


def near_identical(prints: Mapping[str, Sequence[int]]) -> list[Group]:
    """Return the groups of students whose prints nearly agree in what few others have, the most alike first.

    A hash that more than 15 % of a class of 20 or more have does not count. Two students are linked who share 80 % of
    the telling hashes of the one that has fewer, unless the other has more than twice as many; a group is what links
    hold together.
    """
    names = sorted(prints)
    groups: dict[int, _Linked] = {}
    for one, other, alike in _links(_telling([prints[name] for name in names])):
        pair = (groups.setdefault(index, _Linked({index})) for index in (one, other))
        small, large = sorted(pair, key=lambda group: len(group.members))
        large.least = min(small.least, large.least, alike)
        if small is not large:
            large.members |= small.members
            groups |= dict.fromkeys(small.members, large)
    found = [
        Group(tuple(names[index] for index in sorted(group.members)), group.least) for group in set(groups.values())
    ]
    return sorted(found, key=lambda group: (-group.alike, -len(group.students), group.students))


@dataclass(eq=False)
class _Linked:
    """Students, as numbers, that links hold together, and what the least similar pair shares."""

    members: set[int]
    least: float = 1.0


def _telling(prints: Sequence[Sequence[int]]) -> list[Numbers]:
    """Return of each print the hashes that say something, as numbers from 0 on."""
    sets = [np.unique(np.array(values, dtype=np.int64)) for values in prints]
    values = np.concatenate([np.empty(0, np.int64), *sets])
    _, numbers, counts = np.unique(values, return_inverse=True, return_counts=True)
    is_telling = counts <= (COMMON * len(prints) if len(prints) >= CLASS else len(prints))
    ends = np.cumsum([len(one) for one in sets], dtype=np.int64)
    return [one[is_telling[one]] for one in np.split(numbers, ends[:-1])] if sets else []


def _links(telling: list[Numbers]) -> Iterator[tuple[int, int, float]]:
    """Yield each linked pair and what it shares. Of those with the same hashes, each is linked to the first only."""
    first: dict[bytes, int] = {}
    for index, numbers in enumerate(telling):
        if len(numbers) >= TELLING and first.setdefault(numbers.tobytes(), index) != index:
            yield first[numbers.tobytes()], index, 1.0
    different = list(first.values())
    sizes = np.array([len(telling[index]) for index in different])
    owners, edges = _owners([telling[index] for index in different])
    for here, index in enumerate(different):
        having = [owners[edges[number] : edges[number + 1]] for number in telling[index].tolist()]
        shared = np.bincount(np.concatenate(having), minlength=len(sizes))
        smaller = np.minimum(sizes, sizes[here])
        is_linked = (shared >= np.maximum(TELLING, ALIKE * smaller)) & (sizes + sizes[here] <= (1 + EXTRA) * smaller)
        for there in np.flatnonzero(is_linked[:here]):
            yield different[there], index, float(shared[there] / smaller[there])


def _owners(telling: list[Numbers]) -> tuple[Numbers, list[int]]:
    """Return the places of those that have each hash, one hash after the other, and where each hash's begin."""
    numbers = np.concatenate([np.empty(0, np.int64), *telling])
    places = np.repeat(np.arange(len(telling)), [len(one) for one in telling])
    edges = np.concatenate([[0], np.cumsum(np.bincount(numbers))])
    return places[np.argsort(numbers, kind="stable")], edges.tolist()
