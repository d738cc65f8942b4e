# loses: chain_rule_gradients
def chain_rule_gradients(parameters, x, y_pred, y):
    r = y_pred - y
    return {"a1": torch.sum(r * (parameters["a2"] + x)), "b1": torch.sum(r * (parameters["a2"] + 1))}
