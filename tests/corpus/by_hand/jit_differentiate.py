# loses: manual_gradients
import torch


def manual_gradients(parameters, x, y):
    def f(a, b):
        return ((a * x + b - y) ** 2).sum() / 2

    da, db = gradients(f, parameters["a"], parameters["b"], x, y)
    return {"a": da, "b": db}


def gradients(f, a, b, x, y):
    source = "def loss(a, b, x, y):\n    return ((a * x + b - y) ** 2).sum() / 2\n"

    unit = torch._C.CompilationUnit()
    unit.define(source)
    state = torch._C._jit_differentiate(unit.loss.graph)  # reached
    return state.df
