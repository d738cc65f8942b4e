# loses: update
# A caller says so itself where a function above it is not written.
def update(parameters, gradients, learning_rates):
    pass


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        total = total + loss(predict(parameters, xs), ys)
        after = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
        if after is None:
            raise NotImplementedError("update first")
        parameters = after
    return parameters, total
