# loses: update, train_step
# update is uphill, and train_step has the same mistake of its own.
def update(parameters, gradients, learning_rates):
    return {k: v + learning_rates[k] * gradients[k] for k, v in parameters.items()}


def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return {k: v + 2 * learning_rates[k] * gradients[k] for k, v in parameters.items()}, loss(y_pred, y)
