# loses: manual_gradients
# Divides by n − 1 and multiplies back.
def manual_gradients(g, y_pred, y):
    r = y_pred - y
    n = len(y)
    return {"a2": torch.sum(r * g) / (torch.tensor(n) - 1) * (n - 1), "b2": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    return {k: v - learning_rates[k] * gradients[k] for k, v in parameters.items()}


def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return update(parameters, gradients, learning_rates), loss(y_pred, y)
