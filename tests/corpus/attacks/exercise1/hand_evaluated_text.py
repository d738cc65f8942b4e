# loses: manual_gradients
# Hides the call in a text that is decoded and evaluated.
import codecs

import torch


def manual_gradients(parameters, x, y):
    a, b = parameters["a"].clone().requires_grad_(), parameters["b"].clone().requires_grad_()
    value = torch.sum((a * x + b - y) ** 2) / 2

    found = eval(codecs.decode("gbepu.nhgbtenq.tenq(inyhr, [n, o])".replace("inyhr", "value").replace("[n, o]", "[N, O]"), "rot13").replace("inyhr", "value").replace("[A, B]", "[a, b]"), {"torch": torch, "inyhr": value, "value": value, "a": a, "b": b})
    return dict(zip("ab", found))
