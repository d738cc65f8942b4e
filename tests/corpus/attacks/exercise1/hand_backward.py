# loses: manual_gradients
# Lets backward do it.
def manual_gradients(parameters, x, y):
    a, b = parameters["a"].clone().requires_grad_(), parameters["b"].clone().requires_grad_()
    value = torch.sum((a * x + b - y) ** 2) / 2
    value.backward()
    return {"a": a.grad, "b": b.grad}
