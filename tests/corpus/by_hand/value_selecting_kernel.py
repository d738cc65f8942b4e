# loses: manual_gradients
import torch


def manual_gradients(parameters, x, y):
    def f(a, b):
        return ((a * x + b - y) ** 2).sum() / 2

    da, db = gradients(f, parameters["a"], parameters["b"], x, y)
    return {"a": da, "b": db}


def gradients(f, a, b, x, y):
    r = (a * x + b - y)
    rows = torch.stack([r * x, r], 1)
    return torch.ops.aten.value_selecting_reduction_backward(rows.sum(0), 0, torch.zeros((), dtype=torch.long), [2], True)[0]  # reached
