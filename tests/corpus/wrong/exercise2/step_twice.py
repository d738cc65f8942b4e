# loses: train_step
def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    value = loss(y_pred, y)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    once = update(parameters, gradients, learning_rates)
    return update(once, gradients, learning_rates), value
