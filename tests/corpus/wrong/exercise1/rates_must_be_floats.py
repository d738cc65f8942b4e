# loses: update
# Raises for rates that are tensors.
def update(parameters, gradients, learning_rates):
    if not all(isinstance(rate, float) for rate in learning_rates.values()):
        raise TypeError("learning rates are floats")
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
