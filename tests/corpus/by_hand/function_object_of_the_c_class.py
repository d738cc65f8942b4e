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
    class Loss(torch._C._FunctionBase):
        pass
    a, b = leaf(a), leaf(b)
    out = torch.autograd.function.FunctionMeta("F", (torch.autograd.Function,), {
        "forward": staticmethod(lambda ctx, a, b: f(a, b)),
        "backward": staticmethod(lambda ctx, g: torch.autograd.grad(f(a, b), (a, b), g)),
    }).apply(a, b)  # reached
    return out.grad_fn(torch.ones_like(out))
