# loses: manual_gradients, train_epoch
def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": 0 * torch.sum(r), "b": 0 * torch.sum(r)}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        total = total + loss(predict(parameters, xs), ys)
    return parameters, total
