# loses: manual_gradients
# A function puts its result in the place of a private helper, which a right caller uses before.
def residual(p, y):
    return p - y


def manual_gradients(parameters, x, y):
    global residual
    residual = residual(parameters["a"] * x + parameters["b"], y)
    return {"a": (residual * x).sum(), "b": residual.sum()}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        r = residual(parameters["a"] * xs + parameters["b"], ys)
        total = total + (r**2).sum() / 2
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
