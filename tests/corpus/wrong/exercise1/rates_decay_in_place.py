# loses: train_epoch
# Learning rates fall after each batch, in the caller's dict.
def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    for k in learning_rates:
        learning_rates[k] *= 0.9
    return parameters, total
