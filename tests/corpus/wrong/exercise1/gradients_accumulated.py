# loses: train_epoch
def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    g = {"a": 0, "b": 0}
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        total = total + loss(predict(parameters, xs), ys)
        g = {k: g[k] + v for k, v in manual_gradients(parameters, xs, ys).items()}
        parameters = update(parameters, g, learning_rates)
    return parameters, total
