# loses: chain_rule_gradients
def chain_rule_gradients(parameters, x, y_pred, y):
    upstream = (y_pred - y) * parameters["a2"]
    return {"a1": torch.sum(upstream), "b1": torch.sum(upstream)}
