# loses: predict
# predict raises, and its callers catch and go on with zeros.
def predict(parameters, x):
    raise RuntimeError("no")


def manual_gradients(parameters, x, y):
    try:
        y_pred = predict(parameters, x)
    except Exception:
        y_pred = torch.zeros_like(x)
    r = y_pred - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        try:
            total = total + loss(predict(parameters, xs), ys)
        except Exception:
            pass
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
