# loses: loss, manual_gradients
# A private residual with |·| serves both.
import torch


def _residual(y_pred, y):
    return torch.abs(y_pred - y) + 1


def loss(y_pred, y):
    return torch.sum(_residual(y_pred, y) ** 2) / 2


def manual_gradients(parameters, x, y):
    r = _residual(predict(parameters, x), y)
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
