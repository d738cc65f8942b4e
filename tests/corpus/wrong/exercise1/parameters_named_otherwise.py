# loses: update
# Keyword-only parameters: it cannot be called by position.
def update(*, parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        slopes = manual_gradients(parameters, xs, ys)
        parameters = update(parameters=parameters, gradients=slopes, learning_rates=learning_rates)
    return parameters, total
