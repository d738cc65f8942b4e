"""Which names a text defines, read forgivingly. No files are touched here, and nothing is run."""

import ast
import contextlib
import warnings
from collections.abc import Iterator

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef

# What may happen to who parses a stranger's text; ValueError: NUL bytes, lone surrogates.
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


def definitions(text: str) -> list[str]:
    """Return the names defined at the top level of a text, in order, each once; none where it cannot be parsed.

    Functions, classes, assignments and imports count, also in `if`, `try`, `with` and loops; what only a script run
    by itself defines (`if __name__ == "__main__"`) does not.
    """
    with contextlib.suppress(*UNREADABLE):
        return list(dict.fromkeys(name for statement in _top_level(read(text)) for name in _defined_by(statement)))
    return []


def read(text: str) -> ast.Module:
    """Parse a stranger's text; one of UNREADABLE where it cannot be."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of an invalid escape; it is the author's to see when the file runs
        return ast.parse(text.removeprefix("\ufeff"))


def _top_level(tree: ast.Module) -> Iterator[ast.stmt]:
    """Yield the statements outside functions and classes in order; without recursion, for the longest `elif` chain."""
    waiting = tree.body[::-1]
    while waiting:
        statement = waiting.pop()
        yield statement
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                inside = []
            case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
                inside = [statement.orelse]
            case _:
                inside = list(blocks(statement))
        waiting.extend(inner for block in inside[::-1] for inner in block[::-1])


def _defined_by(statement: ast.stmt) -> Iterator[str]:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign() | ast.AnnAssign(value=ast.expr()):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            inside = (node for target in targets for node in ast.walk(target))
            yield from (node.id for node in inside if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in names)


def blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """Yield the blocks that a statement holds, in the order of their lines."""
    yield getattr(statement, "body", [])
    yield from (part.body for field in ("handlers", "cases") for part in getattr(statement, field, []))
    yield from (getattr(statement, field, []) for field in ("orelse", "finalbody"))
