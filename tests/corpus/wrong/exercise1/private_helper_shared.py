# loses: predict, manual_gradients, train_epoch
def _line(p, x):
    return p["a"] * x


def predict(parameters, x):
    return _line(parameters, x)


def manual_gradients(parameters, x, y):
    r = _line(parameters, x) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        total = total + loss(_line(parameters, xs), ys)
        gradients = manual_gradients(parameters, xs, ys)
        parameters = update(parameters, gradients, learning_rates)
    return parameters, total
