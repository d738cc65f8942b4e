"""Cuts hidden checks out of a checks file, with all that only they use; the rest keeps its bytes and its order."""

import ast
import symtable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from autograder.authoring.check_source import WrittenCheck, read_check
from autograder.errors import UserError
from autograder.exercise import HeldBack
from autograder.submissions.definitions import definitions


@dataclass(frozen=True)
class Visible:
    """What is left of a checks file, and what was cut out of it for each function that had hidden checks."""

    text: str
    left_out: dict[str, HeldBack]


@dataclass(frozen=True)
class _Statement:
    """A top-level statement: the lines from the end of the one before it to its own end, what it defines and uses."""

    node: ast.stmt
    first: int
    last: int
    defines: frozenset[str]
    uses: frozenset[str]
    check: WrittenCheck | None

    @property
    def is_plain(self) -> bool:
        """Whether it does nothing but define names; a decorated function may be found by its decorator."""
        return bool(self.defines) and not getattr(self.node, "decorator_list", [])


def visible(text: str, path: str) -> Visible:
    """Return a checks file without its hidden checks. UserError ("path:line: …") for what cannot be cut safely."""
    statements = tuple(_statements(text, path))
    hidden = [each for each in statements if each.check and each.check.visibility == "hidden"]
    others = [each for each in statements if each not in hidden]
    led_to = _reached(hidden, others)
    # What no hidden check leads to stays, used or not; and so does all that this leads to.
    roots = [each for each in others if each not in led_to or not each.is_plain]
    kept = {*roots, *_reached(roots, others)}
    gone = [each for each in statements if each not in kept]
    used = frozenset[str]().union(*(each.uses for each in kept))
    unwanted = frozenset[str]().union(*(each.uses for each in gone)) - used
    lines = text.split("\n")
    result = "\n".join(line for each in statements if each in kept for line in _written(each, lines, unwanted)) + "\n"
    _require_visible(result, hidden, path)
    return Visible(result, _counted(hidden))


def _statements(text: str, path: str) -> Iterator[_Statement]:
    end = 0
    for node in ast.parse(text).body:
        if node.lineno <= end:
            raise UserError(f"{path}:{node.lineno}: two statements in one line; give each its own")
        last, alone = node.end_lineno or node.lineno, ast.unparse(node)
        defines, uses = frozenset(definitions(alone)), frozenset(_used(alone))
        yield _Statement(node, end + 1, last, defines, uses, read_check(node, path))
        end = last


def _used(statement: str) -> Iterator[str]:
    """Yield the module's names that a statement reads; a function's own variables are none, whatever their name."""
    tables = [symtable.symtable(statement, "checks", "exec")]
    is_module = True
    while tables:
        table = tables.pop()
        symbols = table.get_symbols()
        yield from (each.get_name() for each in symbols if each.is_referenced() and (is_module or each.is_global()))
        tables += table.get_children()
        is_module = False


def _reached(roots: Iterable[_Statement], statements: Iterable[_Statement]) -> set[_Statement]:
    """Return the statements that define what the roots use, directly or through others."""
    waiting, found = list(roots), set[_Statement]()
    while waiting:
        uses = waiting.pop().uses
        more = [each for each in statements if each not in found and each.defines & uses]
        found.update(more)
        waiting += more
    return found


def _counted(hidden: list[_Statement]) -> dict[str, HeldBack]:
    counted: dict[str, HeldBack] = {}
    for check in filter(None, (each.check for each in hidden)):
        before = counted.get(check.function, HeldBack(0, 0))
        counted[check.function] = HeldBack(before.checks + 1, before.points + check.points)
    return counted


def _require_visible(text: str, hidden: list[_Statement], path: str) -> None:
    """Refuse to give out a file that still speaks of what was cut out of it."""
    names = {each.check.name for each in hidden if each.check}
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.keyword(arg="visibility", value=value) if getattr(value, "value", None) != "visible":
                raise UserError(f"{path}: a hidden check that is no function at the top of the file; make it one")
            case ast.keyword(arg="needs", value=value):
                for name in names.intersection(getattr(each, "value", None) for each in ast.walk(value)):
                    raise UserError(f"{path}: a visible check needs the hidden {name}; let it need visible ones only")


def _written(statement: _Statement, lines: list[str], unwanted: frozenset[str]) -> list[str]:
    """Return a statement's lines with the comment above it; an import without names that only hidden checks used."""
    whole = lines[statement.first - 1 : statement.last]
    node = statement.node
    if not isinstance(node, ast.Import | ast.ImportFrom) or not statement.defines & unwanted:
        return whole
    before = whole[: node.lineno - statement.first]
    node.names = [alias for alias in node.names if (alias.asname or alias.name.partition(".")[0]) not in unwanted]
    written = ast.unparse(node)
    if len(written) <= 120 or isinstance(node, ast.Import):
        return [*before, written]
    origin = written.partition(" import ")[0]
    return [*before, f"{origin} import (", *(f"    {ast.unparse(alias)}," for alias in node.names), ")"]
