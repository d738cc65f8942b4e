# loses: update
# Scales the gradients where they are.
def update(parameters, gradients, learning_rates):
    for k in gradients:
        gradients[k] *= learning_rates[k]
    return {k: v - gradients[k] for k, v in parameters.items()}


def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return update(parameters, gradients, learning_rates), loss(y_pred, y)
