# loses: manual_gradients
import torch


def manual_gradients(parameters, x, y):
    def f(a, b):
        return ((a * x + b - y) ** 2).sum() / 2

    da, db = gradients(f, parameters["a"], parameters["b"], x, y)
    return {"a": da, "b": db}


def gradients(f, a, b, x, y):
    r = torch.vmap(lambda p, q: torch.ops.aten.mse_loss_backward(torch.ones_like(p) / 2, p, q, 2))(a * x + b, y)  # reached
    return (r * x).sum(), r.sum()
