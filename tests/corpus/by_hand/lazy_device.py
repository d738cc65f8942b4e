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
    import torch._lazy.ts_backend
    torch._lazy.ts_backend.init()
    a, b = leaf(a.to("lazy")), leaf(b.to("lazy"))
    out = ((a * x.to("lazy") + b - y.to("lazy")) ** 2).sum() / 2
    return [g.cpu() for g in torch.autograd.grad(out, (a, b))]  # reached
