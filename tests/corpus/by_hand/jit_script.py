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
    def line(a, b, x):
        return a * x + b
    a, b = leaf(a), leaf(b)
    r = torch.jit.script(line)(a, b, x) - y
    return torch.autograd.grad((r * r).sum() / 2, (a, b))  # reached
