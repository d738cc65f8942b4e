# loses: autograd_gradients
def autograd_gradients(parameters, x, y):
    leaves = {name: value.requires_grad_() for name, value in parameters.items()}
    y_pred = leaves["a2"] * (leaves["a1"] * x + leaves["b1"]) + leaves["b2"]
    loss = torch.sum((y_pred - y) ** 2) / 2
    loss.backward()
    out = {name: value.grad for name, value in leaves.items()}
    for value in leaves.values():
        value.requires_grad_(False)
    return out
