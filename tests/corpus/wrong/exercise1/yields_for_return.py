# loses: loss
# yield for return: a generator of one number.
def loss(y_pred, y):
    yield torch.sum((y_pred - y) ** 2) / 2
    yield 0


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
