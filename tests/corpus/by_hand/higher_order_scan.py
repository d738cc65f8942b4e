# loses: manual_gradients
import torch


def leaf(value):
    return value.detach().clone().requires_grad_()


def manual_gradients(parameters, x, y):
    def f(a, b):
        return ((a * x + b - y) ** 2).sum() / 2

    da, db = gradients(f, parameters["a"], parameters["b"], x, y)
    return {"a": da, "b": db}


def gradients(f, a, b, x, y):
    from torch._higher_order_ops.associative_scan import associative_scan
    a, b = leaf(a), leaf(b)
    out = f(a, b) + associative_scan(lambda p, q: p * q, torch.stack([a, b]), 0, combine_mode="generic").sum() * 0
    out.backward()  # reached
    return a.grad, b.grad
