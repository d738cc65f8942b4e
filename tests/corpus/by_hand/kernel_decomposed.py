# loses: manual_gradients
import torch


def manual_gradients(parameters, x, y):
    def f(a, b):
        return ((a * x + b - y) ** 2).sum() / 2

    da, db = gradients(f, parameters["a"], parameters["b"], x, y)
    return {"a": da, "b": db}


def gradients(f, a, b, x, y):
    with torch._dispatch.python.enable_python_dispatcher():
        r = torch.ops.aten.mse_loss_backward.default(torch.ones_like(a) / 2, a * x + b, y, 2)  # reached
    return (r * x).sum(), r.sum()
