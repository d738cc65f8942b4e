# loses: train_step
# Moves the caller's parameters.
def update(parameters, gradients, learning_rates):
    return {k: v - learning_rates[k] * gradients[k] for k, v in parameters.items()}


def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    before = loss(y_pred, y)
    for k, v in update(parameters, gradients, learning_rates).items():
        parameters[k].copy_(v)
    return parameters, before
