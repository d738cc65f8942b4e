# loses: manual_gradients
# manual_gradients has means; chain_rule_gradients is made of it.
def manual_gradients(g, y_pred, y):
    r = y_pred - y
    return {"a2": torch.mean(r * g), "b2": torch.mean(r)}


def chain_rule_gradients(parameters, x, y_pred, y):
    scaled = manual_gradients(x, parameters["a2"] * y_pred, parameters["a2"] * y)
    return {"a1": scaled["a2"], "b1": scaled["b2"]}


def update(parameters, gradients, learning_rates):
    return {k: v - learning_rates[k] * gradients[k] for k, v in parameters.items()}


def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return update(parameters, gradients, learning_rates), loss(y_pred, y)
