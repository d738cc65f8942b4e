# loses: manual_gradients
import torch


def manual_gradients(parameters, x, y):
    def f(a, b):
        return ((a * x + b - y) ** 2).sum() / 2

    da, db = gradients(f, parameters["a"], parameters["b"], x, y)
    return {"a": da, "b": db}


def gradients(f, a, b, x, y):
    r = (a * x + b - y).reshape(1, 1, -1)
    _, gw, gb = torch.ops.aten.convolution_backward(  # reached
        r, x.reshape(1, 1, -1), a.reshape(1, 1, 1), [1], [1], [0], [1], False, [0], 1, [False, True, True])
    return gw.reshape(()), gb.reshape(())
