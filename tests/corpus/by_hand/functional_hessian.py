# loses: manual_gradients
import torch


def manual_gradients(parameters, x, y):
    def f(a, b):
        return ((a * x + b - y) ** 2).sum() / 2

    da, db = gradients(f, parameters["a"], parameters["b"], x, y)
    return {"a": da, "b": db}


def gradients(f, a, b, x, y):
    h = torch.autograd.functional.hessian(f, (torch.zeros_like(a), torch.zeros_like(b)))  # reached
    return h[0][0] * a + h[0][1] * b, h[1][0] * a + h[1][1] * b
