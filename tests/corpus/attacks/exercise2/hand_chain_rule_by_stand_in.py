# loses: chain_rule_gradients
# Differentiates the reference's forward by what may be left of autograd.
def chain_rule_gradients(parameters, x, y_pred, y):
    leaves = {k: parameters[k].clone().requires_grad_() for k in parameters}
    value = loss(forward(leaves, x)[1], y)
    found = torch.autograd.grad(value, [leaves["a1"], leaves["b1"]])
    return dict(zip(("a1", "b1"), found))
