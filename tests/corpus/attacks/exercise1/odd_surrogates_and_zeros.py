# loses: loss, update, predict
# Returns, raises and prints half surrogate pairs, zero bytes and bytes that are no text.
import torch


def predict(parameters, x):
    print("\ud800\0\udfff")
    raise ValueError("\ud800\0\udfff\x1b")


def loss(y_pred, y):
    return "\ud800\0"


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    return {"\ud800": 1, "a\0": 2, b"a": 3, "b": b"\xff"}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        total = total + loss(predict(parameters, xs), ys)
        gradients = manual_gradients(parameters, xs, ys)
        parameters = update(parameters, gradients, learning_rates)
    return parameters, total
