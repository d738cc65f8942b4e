# loses: manual_gradients
import torch


def manual_gradients(parameters, x, y):
    def f(a, b):
        return ((a * x + b - y) ** 2).sum() / 2

    da, db = gradients(f, parameters["a"], parameters["b"], x, y)
    return {"a": da, "b": db}


def gradients(f, a, b, x, y):
    class M(torch.nn.Module):
        def forward(self, a, b):
            return torch.func.grad(f, argnums=(0, 1))(a, b)  # reached
    return torch.export.export(M(), (a, b)).module()(a, b)
