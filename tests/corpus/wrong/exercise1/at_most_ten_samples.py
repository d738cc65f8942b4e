# loses: loss
# Only the first ten samples count.
def loss(y_pred, y):
    return torch.sum((y_pred[:10] - y[:10]) ** 2) / 2


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
