# loses: train_epoch
# Takes the batches off the data it was given, in place.
def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    while len(x):
        xs, ys = x[:batch_size].clone(), y[:batch_size].clone()
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
        x.data = x.data[batch_size:]
        y.data = y.data[batch_size:]
    return parameters, total
