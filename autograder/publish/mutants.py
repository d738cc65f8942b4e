"""Mutants of a reference solution: the same text with one small thing changed, as one may get it wrong.

A mutant is known by what it does to which line (`loss: return r.sum() / 2 → return r.sum() * 2`), so that a note on it
outlives edits elsewhere. The lines are those that Python writes of a syntax tree, without comments.
"""

from __future__ import annotations

import ast
import copy
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

ARROW = " → "
OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub, ast.Mult),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
}
COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
TWINS = (  # what one may take for the other, by its name
    ("sum", "mean"), ("max", "min"), ("maximum", "minimum"), ("argmax", "argmin"), ("zeros", "ones"),
    ("new_zeros", "new_ones"), ("zeros_like", "ones_like"), ("exp", "log"), ("append", "extend"), ("sqrt", "square"),
    ("randn", "rand"), ("all", "any"), ("sin", "cos"), ("float", "double"), ("MSELoss", "L1Loss"), ("Adam", "SGD"),
)  # fmt: skip
GUARDS = {"strict"}  # keywords that only say what is so anyway
Changes = Iterator[ast.AST]
Node = TypeVar("Node", bound=ast.AST)


@dataclass(frozen=True)
class Mutant:
    """A reference with one thing changed in a function; `key` says what, `text` is the whole file."""

    function: str
    key: str
    text: str


def mutants(text: str) -> Iterator[Mutant]:
    """Yield the mutants of all top-level functions of a script that students write something of, each text once."""
    lines = text.split("\n")
    for function in ast.parse(text).body:
        if isinstance(function, ast.FunctionDef) and "BEGIN SOLUTION" in "\n".join(_lines_of(lines, function)):
            yield from _mutants_of(function, lines)


def _lines_of(lines: list[str], function: ast.FunctionDef) -> list[str]:
    return lines[function.lineno - 1 : function.end_lineno]


def _mutants_of(function: ast.FunctionDef, lines: list[str]) -> Iterator[Mutant]:
    original = ast.unparse(function)
    names = _names(function)
    found, keys = {original}, Counter[str]()
    for place in _places(function):
        for new in _alternatives(place.node, names):
            written = place.written_with(new, function)
            if written in found:
                continue
            found.add(written)
            key = f"{function.name}: {_difference(original, written)}"
            keys[key] += 1
            number = f" ({keys[key]})" if keys[key] > 1 else ""
            whole = [*lines[: function.lineno - 1], written, *lines[function.end_lineno :]]
            yield Mutant(function.name, key + number, "\n".join(whole))


def _difference(original: str, written: str) -> str:
    """Say which lines became which."""
    old, new = original.split("\n"), written.split("\n")
    start = next(at for at, (one, other) in enumerate(itertools.zip_longest(old, new)) if one != other)
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return ARROW.join(" ".join(line.strip() for line in lines[start : len(lines) - end]) for lines in (old, new))


def _names(function: ast.FunctionDef) -> tuple[str, ...]:
    """Return the names of a function's parameters and of what it assigns to."""
    stored = (node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    return tuple(dict.fromkeys([*(each.arg for each in function.args.args), *stored]))


@dataclass(frozen=True)
class _Spot:
    """Where a node stands: a field of its parent, in a list at an index."""

    parent: ast.AST
    field: str
    index: int | None
    node: ast.AST

    def written_with(self, new: ast.AST, function: ast.FunctionDef) -> str:
        """Return the function's text with another node in this place."""
        self._put(new)
        try:
            return ast.unparse(ast.fix_missing_locations(function))
        finally:
            self._put(self.node)

    def _put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def _places(parent: ast.AST, *, is_function: bool = True) -> Iterator[_Spot]:
    """Yield the places of all nodes that do something: neither annotations nor a docstring."""
    fields = ("body",) if is_function else parent._fields
    for name in fields:
        value = getattr(parent, name, None)
        if name == "annotation" or (isinstance(parent, ast.keyword) and parent.arg in GUARDS):
            continue
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            is_docstring = is_function and index == 0 and ast.get_docstring(parent) is not None  # type: ignore[arg-type]
            if isinstance(node, ast.AST) and not is_docstring:
                yield _Spot(parent, name, index, node)
                yield from _places(node, is_function=isinstance(node, ast.FunctionDef))


def _alternatives(node: ast.AST, names: tuple[str, ...]) -> Changes:
    """Yield what may stand in a node's place."""
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
        place = names.index(node.id)
        yield from (ast.Name(names[(place + step) % len(names)]) for step in (1, -1))
    for kind, change in CHANGES:
        if isinstance(node, kind):
            yield from change(node)


def _with(node: Node, **fields: object) -> Node:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _other_operator(node: ast.BinOp) -> Changes:
    yield from (_with(node, op=other()) for other in OPERATORS.get(type(node.op), ()))
    if not isinstance(node.op, ast.Add | ast.Mult):
        yield _with(node, left=node.right, right=node.left)
    yield node.left
    yield node.right


def _other_step(node: ast.AugAssign) -> Changes:
    yield from (_with(node, op=other()) for other in OPERATORS.get(type(node.op), ()))
    yield ast.Assign([node.target], node.value)


def _other_constant(node: ast.Constant) -> Changes:
    """Other numbers; text is changed where it is a key."""
    if isinstance(node.value, bool):
        yield ast.Constant(not node.value)
    elif isinstance(node.value, int | float):
        yield from (ast.Constant(value) for value in (node.value + 1, node.value - 1))


def _without_sign(node: ast.UnaryOp) -> Changes:
    yield node.operand


def _other_comparison(node: ast.Compare) -> Changes:
    yield from (_with(node, ops=[other(), *node.ops[1:]]) for other in COMPARISONS.get(type(node.ops[0]), ()))


def _other_condition(node: ast.If | ast.IfExp) -> Changes:
    yield from (_with(node, test=ast.Constant(value)) for value in (True, False))


def _other_connective(node: ast.BoolOp) -> Changes:
    yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    yield from node.values


def _other_call(node: ast.Call) -> Changes:
    """Arguments swapped or left out, or only what it is called with, or upon."""
    for swapped in _swapped(node.args):
        yield _with(node, args=swapped)
    given = [keyword for keyword in node.keywords if keyword.arg not in GUARDS]
    for keyword in given:
        yield _with(node, keywords=[each for each in node.keywords if each is not keyword])
    if len(node.args) > 1:
        yield from (_with(node, args=[*node.args[:at], *node.args[at + 1 :]]) for at in range(len(node.args)))
    yield from node.args
    if isinstance(node.func, ast.Attribute):
        yield node.func.value


def _other_attribute(node: ast.Attribute) -> Changes:
    if node.attr == "T":
        yield node.value
    for one, other in TWINS:
        if node.attr in (one, other):
            yield _with(node, attr=other if node.attr == one else one)


def _transposed(node: ast.BinOp) -> Changes:
    if isinstance(node.op, ast.MatMult):
        yield _with(node, left=ast.Attribute(node.left, "T"))
        yield _with(node, right=ast.Attribute(node.right, "T"))


def _other_order(node: ast.Tuple | ast.List) -> Changes:
    if isinstance(node.ctx, ast.Load):
        yield from (_with(node, elts=swapped) for swapped in _swapped(node.elts))
        yield from (_with(node, elts=[*node.elts[:at], *node.elts[at + 1 :]]) for at in range(len(node.elts)))


def _other_entries(node: ast.Dict) -> Changes:
    yield from (_with(node, values=swapped) for swapped in _swapped(node.values))


def _other_slice(node: ast.Slice) -> Changes:
    yield from (_with(node, **{side: None}) for side in ("lower", "upper", "step") if getattr(node, side) is not None)


def _other_key(node: ast.Subscript) -> Changes:
    """Another entry of what the exercise calls by name: a1 for a2, a for b."""
    if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        name = node.slice.value
        changed = [name.replace(one, other, 1) for one, other in ("ab", "ba", "12", "21") if one in name]
        yield from (_with(node, slice=ast.Constant(other)) for other in changed)


def _fewer_rounds(node: ast.For | ast.comprehension) -> Changes:
    """A loop without its first, or its last, round; a comprehension without a condition."""
    rounds = ast.Call(ast.Name("list"), [node.iter], [])
    for part in (ast.Slice(ast.Constant(1)), ast.Slice(None, ast.Constant(-1))):
        yield _with(node, iter=ast.Subscript(rounds, part))
    if isinstance(node, ast.comprehension):
        yield from (_with(node, ifs=[each for each in node.ifs if each is not one]) for one in node.ifs)


def _left_out(node: ast.stmt) -> Changes:
    yield ast.Pass()


def _swapped(nodes: Sequence[ast.expr]) -> Iterator[list[ast.expr]]:
    """Yield the nodes with two neighbours swapped."""
    for at in range(len(nodes) - 1):
        yield [*nodes[:at], nodes[at + 1], nodes[at], *nodes[at + 2 :]]


# What is done to nodes of which kind.
CHANGES: tuple[tuple[type[ast.AST] | tuple[type[ast.AST], ...], Callable[..., Changes]], ...] = (
    (ast.BinOp, _other_operator),
    (ast.BinOp, _transposed),
    (ast.AugAssign, _other_step),
    (ast.Constant, _other_constant),
    (ast.UnaryOp, _without_sign),
    (ast.Compare, _other_comparison),
    ((ast.If, ast.IfExp), _other_condition),
    (ast.BoolOp, _other_connective),
    (ast.Call, _other_call),
    (ast.Attribute, _other_attribute),
    ((ast.Tuple, ast.List), _other_order),
    (ast.Dict, _other_entries),
    (ast.Slice, _other_slice),
    (ast.Subscript, _other_key),
    ((ast.For, ast.comprehension), _fewer_rounds),
    ((ast.Expr, ast.Assign, ast.AugAssign), _left_out),
)
