# loses: train_epoch
# squeeze() eats a batch of one.
def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        xs, ys = xs.squeeze(), ys.squeeze()
        total = total + loss(predict(parameters, xs), ys)
        r = predict(parameters, xs) - ys
        parameters = update(parameters, {"a": r @ xs, "b": r.sum()}, learning_rates)
    return parameters, total
