# loses: chain_rule_gradients
def chain_rule_gradients(parameters, x, y_pred, y):
    upstream = (y_pred - y) * parameters["a2"]
    return {"a1": torch.mean(upstream * x), "b1": torch.mean(upstream)}
