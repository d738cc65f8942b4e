# loses: manual_gradients
import torch


def manual_gradients(parameters, x, y):
    def f(a, b):
        return ((a * x + b - y) ** 2).sum() / 2

    da, db = gradients(f, parameters["a"], parameters["b"], x, y)
    return {"a": da, "b": db}


def gradients(f, a, b, x, y):
    r = (a * x + b - y)
    rows = torch.stack([r * x, r])
    return torch.ops.aten.gather_backward(rows, torch.zeros(2, 1), 1, torch.zeros(2, len(x), dtype=torch.long), False).flatten()  # reached
