# loses: manual_gradients
import torch


def manual_gradients(parameters, x, y):
    def f(a, b):
        return ((a * x + b - y) ** 2).sum() / 2

    da, db = gradients(f, parameters["a"], parameters["b"], x, y)
    return {"a": da, "b": db}


def gradients(f, a, b, x, y):
    one, zero = torch.ones_like(a), torch.zeros_like(a)
    jvp = torch.autograd.functional.jvp
    return jvp(f, (a, b), (one, zero))[1], jvp(f, (a, b), (zero, one))[1]  # reached
