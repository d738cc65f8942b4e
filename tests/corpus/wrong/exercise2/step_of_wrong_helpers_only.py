# loses: manual_gradients, chain_rule_gradients, update
# Three wrong helpers and a train_step that composes them rightly.
def manual_gradients(g, y_pred, y):
    r = y_pred - y
    return {"a2": 2 * torch.sum(r * g), "b2": torch.sum(r)}


def chain_rule_gradients(parameters, x, y_pred, y):
    r = y_pred - y
    return {"a1": torch.sum(r * x), "b1": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    return {k: v + learning_rates[k] * gradients[k] for k, v in parameters.items()}


def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return update(parameters, gradients, learning_rates), loss(y_pred, y)
