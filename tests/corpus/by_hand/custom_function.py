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
    class Loss(torch.autograd.Function):
        @staticmethod
        def forward(ctx, a, b):
            ctx.save_for_backward(a, b)
            return f(a, b)
        @staticmethod
        def backward(ctx, g):
            a, b = (leaf(t) for t in ctx.saved_tensors)
            return torch.autograd.grad(f(a, b), (a, b), g)
    a, b = leaf(a), leaf(b)
    out = Loss.apply(a, b)  # reached
    return torch.autograd.grad(out, (a, b))
