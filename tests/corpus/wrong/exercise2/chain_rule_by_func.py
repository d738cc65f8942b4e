# loses: chain_rule_gradients
def chain_rule_gradients(parameters, x, y_pred, y):
    from torch.func import grad

    out = grad(lambda p: ((forward(p, x)[1] - y) ** 2).sum() / 2)(parameters)
    return {"a1": out["a1"], "b1": out["b1"]}
