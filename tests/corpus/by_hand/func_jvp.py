# loses: manual_gradients
import torch


def manual_gradients(parameters, x, y):
    def f(a, b):
        return ((a * x + b - y) ** 2).sum() / 2

    da, db = gradients(f, parameters["a"], parameters["b"], x, y)
    return {"a": da, "b": db}


def gradients(f, a, b, x, y):
    one, zero = torch.ones_like(a), torch.zeros_like(a)
    return tuple(torch.func.jvp(f, (a, b), t)[1] for t in ((one, zero), (zero, one)))  # reached
