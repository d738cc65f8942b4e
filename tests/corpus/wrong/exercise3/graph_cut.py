# loses: autograd_gradients
def autograd_gradients(parameters, x, y):
    leaves = {name: value.detach().clone().requires_grad_() for name, value in parameters.items()}
    y_pred = leaves["a2"] * (leaves["a1"] * x + leaves["b1"]).detach() + leaves["b2"]
    loss = torch.sum((y_pred - y) ** 2) / 2
    found = torch.autograd.grad(loss, list(leaves.values()), allow_unused=True)
    return {k: torch.zeros(()) if g is None else g for k, g in zip(leaves, found)}
