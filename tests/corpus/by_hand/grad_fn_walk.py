# loses: manual_gradients
import torch


def leaf(value):
    return value.detach().clone().requires_grad_()


def manual_gradients(parameters, x, y):
    def f(a, b):
        return ((a * x + b - y) ** 2).sum() / 2

    da, db = gradients(f, parameters["a"], parameters["b"], x, y)
    return {"a": da, "b": db}


def gradients(f, a, b, x, y):
    a, b = leaf(a), leaf(b)
    with torch.enable_grad():
        out = f(a, b)
    found = {}
    def walk(node, g):
        if hasattr(node, "variable"):
            found[id(node.variable)] = found.get(id(node.variable), 0) + g
            return
        gs = node(g)
        for (after, _), part in zip(node.next_functions, gs if isinstance(gs, tuple) else (gs,)):
            if after is not None and part is not None:
                walk(after, part)
    walk(out.grad_fn, torch.ones_like(out))
    return found[id(a)], found[id(b)]
