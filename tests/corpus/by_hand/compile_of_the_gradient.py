# loses: manual_gradients
import torch


def manual_gradients(parameters, x, y):
    def f(a, b):
        return ((a * x + b - y) ** 2).sum() / 2

    da, db = gradients(f, parameters["a"], parameters["b"], x, y)
    return {"a": da, "b": db}


def gradients(f, a, b, x, y):
    @torch.compile(backend="eager")
    def both(a, b):
        return torch.func.grad(f, argnums=(0, 1))(a, b)  # reached
    return both(a, b)
