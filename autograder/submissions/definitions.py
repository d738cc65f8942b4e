"""What a student's text defines and imports, read forgivingly. No files are touched here, and nothing is run."""

import ast
import contextlib
import functools
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef

# What may happen to who parses a stranger's text; ValueError: NUL bytes, lone surrogates.
UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True)
class Definition:
    """A top-level definition: its line, its parameters without annotations ("(y_pred, y)"), "" where it has none.

    `unwritten`: an undecorated function whose body does nothing but raise NotImplementedError, if that.
    `docstring` is "" where there is none.
    """

    line: int
    parameters: str = ""
    unwritten: bool = False
    docstring: str = ""


def definitions(text: str) -> dict[str, Definition]:
    """Return the last definition of each name at the top level of a text, in order; empty where it cannot be parsed.

    Functions, classes, assignments and imports count, also in `if`, `try`, `with` and loops; what only a script run
    by itself defines (`if __name__ == "__main__"`) does not.
    """
    with contextlib.suppress(*UNREADABLE):
        return dict(defined for statement in _top_level(read(text)) for defined in _defined_by(statement))
    return {}


def imports(text: str) -> frozenset[str]:
    """Return the packages that a text imports when it is run, not only when a function of it is called."""
    found: set[str] = set()
    with contextlib.suppress(*UNREADABLE):
        for statement in _top_level(read(text)):
            if isinstance(statement, ast.Import):
                found.update(alias.name.partition(".")[0] for alias in statement.names)
            elif isinstance(statement, ast.ImportFrom) and statement.module is not None:
                found.add(statement.module.partition(".")[0])
    return frozenset(found)


@functools.lru_cache(maxsize=1)  # a submission is looked at twice, for its imports and for its definitions
def read(text: str) -> ast.Module:
    """Parse a stranger's text; one of UNREADABLE where it cannot be. The tree is shared: look, and change nothing."""
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


def _defined_by(statement: ast.stmt) -> Iterator[tuple[str, Definition]]:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            unwritten = not statement.decorator_list and _is_unwritten(statement.body)
            docstring = ast.get_docstring(statement) or ""
            yield statement.name, Definition(statement.lineno, _parameters(statement.args), unwritten, docstring)
        case ast.ClassDef():
            yield statement.name, Definition(statement.lineno)
        case ast.Assign(targets=targets, value=value):
            yield from _assigned(targets, value, statement.lineno)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _assigned([target], value, statement.lineno)
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            for alias in names:
                yield alias.asname or alias.name.partition(".")[0], Definition(statement.lineno)


def _assigned(targets: list[ast.expr], value: ast.expr, line: int) -> Iterator[tuple[str, Definition]]:
    parameters = _parameters(value.args) if isinstance(value, ast.Lambda) else ""
    for target in targets:
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id, Definition(line, parameters)


def _parameters(arguments: ast.arguments) -> str:
    """Return the parameters as written, without their annotations, which only make a message longer."""
    bare = ast.arguments(
        [ast.arg(one.arg) for one in arguments.posonlyargs],
        [ast.arg(one.arg) for one in arguments.args],
        arguments.vararg and ast.arg(arguments.vararg.arg),
        [ast.arg(one.arg) for one in arguments.kwonlyargs],
        arguments.kw_defaults,
        arguments.kwarg and ast.arg(arguments.kwarg.arg),
        arguments.defaults,
    )
    return f"({ast.unparse(bare)})"


def _is_unwritten(body: list[ast.stmt]) -> bool:
    said = [statement for statement in body if not _is_filler(statement)]
    return not said or (len(said) == 1 and _raises_not_implemented(said[0]))


def _is_filler(statement: ast.stmt) -> bool:
    ellipsis = isinstance(statement, ast.Expr) and getattr(statement.value, "value", None) is ...
    return isinstance(statement, ast.Pass) or ellipsis or is_text(statement)


def is_text(statement: ast.stmt) -> bool:
    """Whether a statement is nothing but a string, as a docstring is."""
    return isinstance(statement, ast.Expr) and isinstance(getattr(statement.value, "value", None), str)


def _raises_not_implemented(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Raise):
        return False
    raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    """Yield the blocks that a statement holds, in the order of their lines."""
    yield getattr(statement, "body", [])
    yield from (part.body for field in ("handlers", "cases") for part in getattr(statement, field, []))
    yield from (getattr(statement, field, []) for field in ("orelse", "finalbody"))
