# loses: train_step
# One update a sample.
def update(parameters, gradients, learning_rates):
    return {k: v - learning_rates[k] * gradients[k] for k, v in parameters.items()}


def train_step(parameters, x, y, learning_rates):
    total = 0
    for i in range(len(x)):
        xs, ys = x[i : i + 1], y[i : i + 1]
        g, y_pred = forward(parameters, xs)
        total = total + loss(y_pred, ys)
        gradients = manual_gradients(g, y_pred, ys) | chain_rule_gradients(parameters, xs, y_pred, ys)
        parameters = update(parameters, gradients, learning_rates)
    return parameters, total
