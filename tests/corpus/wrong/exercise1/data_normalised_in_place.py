# loses: train_epoch
# Centres the targets where they are, and back again: not quite the same numbers.
def train_epoch(parameters, x, y, learning_rates, batch_size):
    shift = y.mean() * 1e3
    y -= shift
    y += shift
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
