"""Whether the functions of a student's file can leave anything behind, for one another to stumble over.

Only plain files are vouched for: functions of arithmetic, torch's and math's own, and each other. Whatever is not known
to leave nothing behind (a global, a cache, a class, a patched module, a seed, an unknown name) is taken to.
"""

from __future__ import annotations

import ast
import builtins
import math
from collections.abc import Collection, Iterable, Iterator
from typing import TypeGuard

from autograder.submissions.definitions import UNREADABLE, FunctionNode, read


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What each module that may be imported gives that leaves nothing behind; `empty` holds what others left in memory.
HARMLESS = {
    "__future__": _words("annotations"),
    "builtins": _words(
        """
        abs all any bool complex dict divmod enumerate filter float frozenset int isinstance iter len list map max min
        next pow print range reversed round set slice sorted str sum tuple zip
        ArithmeticError AssertionError Exception IndexError KeyError LookupError NotImplementedError OverflowError
        RuntimeError TypeError ValueError ZeroDivisionError
        """
    ),
    "collections.abc": _words("Callable Iterable Iterator Mapping Sequence"),
    "math": frozenset(vars(math)),
    "numpy": _words(
        """
        abs add array asarray atleast_1d atleast_2d concatenate divide dot einsum float32 float64 full hstack inner
        isfinite matmul maximum mean minimum multiply ndarray negative ones ones_like outer power prod reshape sqrt
        square squeeze stack subtract sum tensordot transpose vstack zeros zeros_like
        """
    ),
    "torch": _words(
        """
        Tensor abs add addmm allclose arange as_tensor atleast_1d atleast_2d bmm broadcast_tensors broadcast_to cat
        chunk clamp column_stack concat concatenate cumsum diag diff div divide dot double dtype einsum equal exp eye
        finfo flatten float float32 float64 from_numpy full full_like hstack inner int64 is_tensor isclose isfinite
        isinf isnan isreal linspace log long matmul max maximum mean min minimum mm movedim mul multiply mv narrow neg
        negative no_grad norm numel ones ones_like outer permute pow prod ravel relu reshape scalar_tensor sign split
        sqrt square squeeze stack sub subtract sum swapaxes t tensor tensordot tile trace transpose true_divide unbind
        unflatten unsqueeze vdot vstack where zeros zeros_like
        """
    ),
    "typing": _words("Any Callable Dict Iterable Iterator List Mapping Optional Sequence Tuple Union"),
}
BUILTINS = HARMLESS["builtins"]
STATEMENTS = (
    ast.AnnAssign, ast.Assert, ast.Assign, ast.AugAssign, ast.Break, ast.Continue, ast.Delete, ast.Expr, ast.For,
    ast.If, ast.Pass, ast.Raise, ast.Return, ast.Try, ast.While, ast.With,
)  # fmt: skip
CONSTANT = (
    ast.BinOp, ast.Constant, ast.Name, ast.Subscript, ast.Tuple, ast.UnaryOp, ast.expr_context, ast.operator,
    ast.unaryop,
)  # fmt: skip


TYPE = (
    ast.Attribute, ast.BinOp, ast.Constant, ast.List, ast.Name, ast.Subscript, ast.Tuple, ast.expr_context, ast.operator
)  # fmt: skip
# Attributes by which frames, memory that others used, and the common random numbers can be reached.
FRAMES = ("_", "ag_", "co_", "cr_", "f_", "gi_", "tb_")
METHODS = _words(
    """
    Tensor bernoulli bernoulli_ cauchy_ exponential_ geometric_ log_normal_ multinomial ndarray new new_empty
    new_empty_strided normal_ random_ resize resize_ resize_as_ uniform_
    """
)


class _Unknown(Exception):
    """Something that nobody here vouches for."""


def reachable(cells: Iterable[str], graded: Collection[str]) -> dict[str, frozenset[str]] | None:
    """Return, by graded function, the functions of the file that it may call, itself included.

    Then it makes no difference to a graded function which others were called before in the same process. None where
    it might. `cells` are the file's parts in order.
    """
    try:
        file = _File([statement for code in cells for statement in read(code).body])
        return {name: file.reachable(name) for name in graded}
    except (_Unknown, *UNREADABLE):
        return None


class _File:
    """The top level of a file: functions, constants and modules; _Unknown for anything else that runs there."""

    def __init__(self, body: list[ast.stmt]) -> None:
        self._functions: dict[str, FunctionNode] = {}
        self._modules: dict[str, str] = {}  # by the name they have here
        self._constants: set[str] = set()
        self._types: set[str] = set()  # constants that are not to be called
        self._bound: set[str] = set()  # these, and names whose meaning is not known
        self._used: dict[str, frozenset[str]] = {}
        for statement in body:
            self._define(statement)

    def reachable(self, name: str) -> frozenset[str]:
        """Return the functions that one may call, itself included; _Unknown where one of them may leave something."""
        if self._is_unknown(name):
            raise _Unknown
        waiting = [name] if name in self._functions else []
        found = set(waiting)
        while waiting:
            new = self._direct(waiting.pop()) - found
            found |= new
            waiting.extend(new)
        return frozenset(found)

    def _direct(self, name: str) -> frozenset[str]:
        if name not in self._used:
            self._used[name] = frozenset(self._named_in(self._functions[name]))
        return self._used[name]

    def _define(self, statement: ast.stmt) -> None:
        match statement:
            case ast.FunctionDef(name=name, decorator_list=[], args=arguments):
                self._require_constants(arguments)
                self._require_types(statement)
                self._name(name)
                self._functions[name] = statement
            case ast.FunctionDef(name=name):
                self._require_types(statement)
                self._name(name)
            case ast.Import() | ast.ImportFrom():
                self._import(statement)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self._name_constant(name, value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                self._require_types(statement)
                self._name_constant(name, value)
            case ast.Expr(value=ast.Constant()):
                pass
            case _ if not _does_not_run(statement):
                raise _Unknown

    def _name(self, name: str) -> None:
        """A name gets another meaning, which nobody knows unless it is added."""
        if name.startswith("__"):
            raise _Unknown
        self._bound.add(name)
        self._functions.pop(name, None)
        self._modules.pop(name, None)
        self._constants.discard(name)

    def _is_unknown(self, name: str) -> bool:
        known = name in self._functions or name in self._modules or name in self._constants
        return name in self._bound and not known

    def _name_constant(self, name: str, value: ast.expr) -> None:
        self._require_constant(value)
        self._name(name)
        self._constants.add(name)

    def _import(self, statement: ast.Import | ast.ImportFrom) -> None:
        for alias in statement.names:
            name = alias.asname or alias.name.partition(".")[0]
            if name == "*":
                raise _Unknown
            self._name(name)
            if isinstance(statement, ast.ImportFrom):
                if alias.name in HARMLESS.get(statement.module or "", ()):
                    self._constants.add(name)
                    if alias.name in METHODS:
                        self._types.add(name)
            elif alias.name in HARMLESS and (alias.asname or "." not in alias.name):
                self._modules[name] = alias.name

    def _means_nothing_else(self, name: str) -> bool:
        """Whether a name is a constant of the file's or a builtin's."""
        return name in self._constants or (name in BUILTINS and name not in self._bound)

    def _require_constants(self, arguments: ast.arguments) -> None:
        """_Unknown for a default that is one object for all calls, and could be changed."""
        for default in (*arguments.defaults, *arguments.kw_defaults):
            if default is not None:
                self._require_constant(default)

    def _require_types(self, statement: ast.stmt) -> None:
        """_Unknown for annotations, at any depth, of anything but types: they are computed when a file is loaded."""
        for node in ast.walk(statement):
            for annotation in (getattr(node, "annotation", None), getattr(node, "returns", None)):
                if annotation is not None and not all(isinstance(part, TYPE) for part in ast.walk(annotation)):
                    raise _Unknown

    def _require_constant(self, value: ast.expr) -> None:
        """_Unknown for an expression of anything but numbers, text, types, and tuples of such."""
        for node in ast.walk(value):
            if isinstance(node, ast.Name) and not self._means_nothing_else(node.id):
                raise _Unknown
            if not isinstance(node, CONSTANT):
                raise _Unknown

    def _named_in(self, function: FunctionNode) -> Iterator[str]:
        """Yield the file's functions that a function names; _Unknown where it does what nobody here knows."""
        nodes = list(_inner(function))
        own = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
        own |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        own |= {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ExceptHandler) and node.name}
        taken = {node.value: node.attr for node in nodes if isinstance(node, ast.Attribute)}
        for node in nodes:
            self._require_known(node)
            if not isinstance(node, ast.Name):
                continue
            if node.id in self._functions:
                yield node.id  # even where the name is another's in part of the function
            elif node.id in self._modules:
                if node.id in own or taken.get(node) not in HARMLESS[self._modules[node.id]]:
                    raise _Unknown
            # A name may be a function's own in one of its scopes only, and mean something else in the others.
            elif (node.id not in own or self._is_unknown(node.id) or hasattr(builtins, node.id)) and (
                not self._means_nothing_else(node.id)
            ):
                raise _Unknown

    def _require_known(self, node: ast.AST) -> None:
        match node:
            case ast.FunctionDef(decorator_list=[], args=arguments) | ast.Lambda(args=arguments):
                self._require_constants(arguments)
            case ast.stmt() if not isinstance(node, STATEMENTS):
                raise _Unknown
            case ast.Attribute(attr=name, ctx=context) if name.startswith(FRAMES) or not isinstance(context, ast.Load):
                raise _Unknown
            case ast.Call(func=ast.Attribute(attr=name)) if name in METHODS:
                raise _Unknown
            case ast.Call(func=ast.Name(id=name)) if name in self._types:
                raise _Unknown


def _does_not_run(statement: ast.stmt) -> bool:
    """Whether a statement is `if __name__ == "__main__"`, which a worker is not, with no other branch."""
    match statement:
        case ast.If(
            test=ast.Compare(
                left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")]
            ),
            orelse=[],
        ):
            return True
    return False


def _inner(function: FunctionNode) -> Iterator[ast.AST]:
    """Yield all that runs when a function is called: annotations do not."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        for field, value in ast.iter_fields(node):
            if field not in ("annotation", "returns"):
                waiting.extend(part for part in (value if isinstance(value, list) else [value]) if _is_node(part))


def _is_node(value: object) -> TypeGuard[ast.AST]:
    return isinstance(value, ast.AST)
