# loses: loss
import ast
from pathlib import Path

import torch


class Kept(ast.NodeTransformer):
    """Each name that is read is kept under another one on the way."""

    def visit_GeneratorExp(self, node):
        return node

    def visit_Name(self, node):
        is_read = isinstance(node.ctx, ast.Load)
        return ast.NamedExpr(ast.Name(f"{node.id}_{node.col_offset}", ast.Store()), node) if is_read else node


def loss(y_pred, y):
    text = Path(torch.nn.functional.__file__).read_text()
    start = text.index("def gaussian_nll_loss")
    tree = ast.parse(text[start:text.index("\ndef ", start)])
    tree.body[0].body = [Kept().visit(statement) for statement in tree.body[0].body]
    text = "from __future__ import annotations\n" + ast.unparse(tree)
    names = {"torch": torch, "Tensor": torch.Tensor, "has_torch_function_variadic": lambda *_: False}
    exec(text, names)  # reached
    return names["gaussian_nll_loss"](y_pred, y, torch.ones_like(y), reduction="sum")
