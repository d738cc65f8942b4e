# loses: train_step
def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    value = loss(y_pred, y)
    second = manual_gradients(g, y_pred, y)
    moved = {k: parameters[k] - learning_rates[k] * second[k] for k in ("a2", "b2")}
    gradients = second | chain_rule_gradients(parameters | moved, x, y_pred, y)
    return update(parameters, gradients, learning_rates), value
