"""The print of a file, by which near-identical ones are found once names, layout and comments are set aside.

The method is winnowing: S. Schleimer, D. Wilkerson and A. Aiken, "Winnowing: local algorithms for document
fingerprinting", SIGMOD 2003, as in MOSS. A print is a set of hashes of short runs of tokens.

Tokens are those of the syntax tree, so that brackets, quotes, line breaks and the form of numbers do not count. A name
that the file itself gives is a place in its run ("the second name here"), so that it may be called anything; what
belongs to Python and its libraries keeps its name. Nothing is run, but a stranger's text may take long to be parsed.
"""

import ast
import itertools
import re
import warnings
import zlib
from collections.abc import Iterable, Iterator, Sequence

RUN = 9  # tokens of a run: about `a * x + b - y`, less than which everybody has
WINDOW = 3  # runs of which one is kept: whatever two files share of RUN + WINDOW - 1 tokens is noticed
MOST_TOKENS = 10_000

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


def hashes_of(cells: Sequence[str]) -> set[int]:
    """Return the print of a file's code cells: hashes of 32 bits.

    A cell that Python cannot parse gives what can be parsed of it, block by block; at worst nothing.
    """
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
    for cell in cells:
        tree = _parsed(cell)
        yield from filter(None, map(_parsed, BLOCK.split(cell))) if tree is None else [tree]


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
