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
    keys = torch._C.DispatchKeySet(torch._C.DispatchKey.AutogradCPU) | torch._C.DispatchKeySet(torch._C.DispatchKey.CPU)
    a = leaf(a)
    out = torch.ops.aten.mul.Tensor.redispatch(keys, a, a)
    return torch.autograd.grad(out, a)[0] * 0, b * 0
