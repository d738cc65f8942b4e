# loses: autograd_gradients
def autograd_gradients(parameters, x, y):
    leaves = {name: value.requires_grad_() for name, value in parameters.items()}
    y_pred = leaves["a2"] * (leaves["a1"] * x + leaves["b1"]) + leaves["b2"]
    loss = torch.sum((y_pred - y) ** 2) / 2
    return dict(zip(leaves, torch.autograd.grad(loss, list(leaves.values()))))
