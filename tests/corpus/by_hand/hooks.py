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
    found = []
    out = f(a, b)
    a.register_hook(lambda g: found.append(g))
    b.register_hook(lambda g: found.append(g))
    out.backward()  # reached
    return found
