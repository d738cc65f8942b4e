# loses: chain_rule_gradients
def chain_rule_gradients(parameters, x, y_pred, y):
    upstream = (y_pred - y) * parameters["a2"]
    g = parameters["a1"] * x + parameters["b1"]
    return {"a1": torch.sum(upstream * g), "b1": torch.sum(upstream)}
