# loses: manual_gradients
# Asks torch.autograd.functional.
def manual_gradients(parameters, x, y):
    found = torch.autograd.functional.jacobian(lambda a, b: torch.sum((a * x + b - y) ** 2) / 2, (parameters["a"], parameters["b"]))
    return dict(zip("ab", found))
