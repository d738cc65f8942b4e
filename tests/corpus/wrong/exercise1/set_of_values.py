# loses: manual_gradients
# A set has no names.
def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {torch.sum(r * x), torch.sum(r)}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
