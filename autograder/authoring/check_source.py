"""What a check's decorator and docstring say of it, read without running it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from autograder.errors import UserError
from autograder.submissions.definitions import FunctionNode


@dataclass(frozen=True)
class WrittenCheck:
    """What a check's decorator and docstring say of it, read without running it."""

    name: str
    function: str
    summary: str
    visibility: str
    points: int


def read_check(node: ast.stmt, path: str) -> WrittenCheck | None:
    """Return what a check's decorator says, None for what is no check; UserError where only running it would tell."""
    if not isinstance(node, FunctionNode) or not node.name.startswith("check_"):
        return None
    match node.decorator_list:
        case [ast.Call(func=ast.Name(id="check"), args=[ast.Constant(value=str(function))], keywords=keywords)]:
            given = {keyword.arg: keyword.value for keyword in keywords}
        case _:
            raise UserError(f'{path}:{node.lineno}: {node.name} has not just @check("name", …); write it so')
    match given.get("visibility", ast.Constant("visible")), given.get("points"):
        case ast.Constant(value="visible" | "hidden" as visibility), ast.Constant(value=int(points)):
            summary = (ast.get_docstring(node) or "").replace("\n", " ")
            return WrittenCheck(node.name.removeprefix("check_"), function, summary, visibility, points)
    what = 'write visibility="hidden" or "visible" and points=1 as plain values, so that nobody need run it to know'
    raise UserError(f"{path}:{node.lineno}: {node.name}: {what}")
