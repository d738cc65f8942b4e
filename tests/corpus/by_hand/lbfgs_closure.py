# loses: manual_gradients
import torch


def manual_gradients(parameters, x, y):
    def f(a, b):
        return ((a * x + b - y) ** 2).sum() / 2

    da, db = gradients(f, parameters["a"], parameters["b"], x, y)
    return {"a": da, "b": db}


def gradients(f, a, b, x, y):
    p = torch.nn.Parameter(torch.stack([a, b]))
    torch.optim.LBFGS([p]).step(lambda: f(*p))  # reached
    return a - p[0], b - p[1]
