# loses: predict, loss, manual_gradients, update, train_epoch
def predict(parameters, x):
    return torch.zeros_like(x)


def loss(y_pred, y):
    return torch.zeros(())


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": torch.zeros(()), "b": torch.zeros(())}


def update(parameters, gradients, learning_rates):
    return dict(parameters)


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        total = total + loss(predict(parameters, xs), ys)
        gradients = manual_gradients(parameters, xs, ys)
        parameters = update(parameters, gradients, learning_rates)
    return parameters, torch.zeros(())
