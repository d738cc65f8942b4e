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
    row = torch.stack([leaf(a), leaf(b)]).reshape(1, 2)
    out = ((torch.sparse.mm(row.to_sparse(), torch.stack([x, torch.ones_like(x)])) - y) ** 2).sum() / 2
    return torch.autograd.grad(out, row)[0][0]  # reached
