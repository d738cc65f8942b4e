# loses: manual_gradients
import torch


def manual_gradients(parameters, x, y):
    def f(a, b):
        return ((a * x + b - y) ** 2).sum() / 2

    da, db = gradients(f, parameters["a"], parameters["b"], x, y)
    return {"a": da, "b": db}


def gradients(f, a, b, x, y):
    import torch.autograd.forward_ad as fwad
    found = []
    for da, db in ((1.0, 0.0), (0.0, 1.0)):
        with fwad.dual_level():  # reached
            dual = f(fwad.make_dual(a, torch.full_like(a, da)), fwad.make_dual(b, torch.full_like(b, db)))
            found.append(fwad.unpack_dual(dual).tangent)
    return found
