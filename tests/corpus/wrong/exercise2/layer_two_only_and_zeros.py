# loses: train_step
# Zeros for layer one.
def update(parameters, gradients, learning_rates):
    return {k: v - learning_rates[k] * gradients[k] for k, v in parameters.items()}


def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    zero = torch.zeros((), dtype=x.dtype)
    gradients = manual_gradients(g, y_pred, y) | {"a1": zero, "b1": zero}
    return update(parameters, gradients, learning_rates), loss(y_pred, y)
