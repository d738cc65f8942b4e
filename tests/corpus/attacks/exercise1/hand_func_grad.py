# loses: manual_gradients
# Transforms the loss by torch.func.grad.
def manual_gradients(parameters, x, y):
    return torch.func.grad(lambda p: torch.sum((p["a"] * x + p["b"] - y) ** 2) / 2)(parameters)
