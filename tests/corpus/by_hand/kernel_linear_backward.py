# loses: manual_gradients
import torch


def manual_gradients(parameters, x, y):
    def f(a, b):
        return ((a * x + b - y) ** 2).sum() / 2

    da, db = gradients(f, parameters["a"], parameters["b"], x, y)
    return {"a": da, "b": db}


def gradients(f, a, b, x, y):
    r = (a * x + b - y).reshape(-1, 1)
    _, gw, gb = torch.ops.aten.linear_backward(x.reshape(-1, 1), r, a.reshape(1, 1), [True, True, True])  # reached
    return gw.reshape(()), gb.reshape(())
