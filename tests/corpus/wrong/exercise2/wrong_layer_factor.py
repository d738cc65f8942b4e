# loses: chain_rule_gradients
def chain_rule_gradients(parameters, x, y_pred, y):
    upstream = (y_pred - y) * parameters["a1"]
    return {"a1": torch.sum(upstream * x), "b1": torch.sum(upstream)}
