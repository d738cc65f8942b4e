# loses: update
# round(..., 6) on floats.
def update(parameters, gradients, learning_rates):
    return {k: round(float(parameters[k] - learning_rates[k] * gradients[k]), 6) for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
