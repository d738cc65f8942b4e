# Helpers take options the exercise does not know; callers use them, by keyword and by position.
import torch


def predict(parameters, x, *, shift=0.0, names=("a", "b")):
    slope, intercept = names
    return parameters[slope] * (x + shift) + parameters[intercept]


def loss(y_pred, y, factor=0.5, reduce=torch.sum):
    return factor * reduce((y_pred - y) ** 2)


def manual_gradients(parameters, x, y, r=None):
    if r is None:
        r = predict(parameters=parameters, x=x, names=("a", "b")) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates, sign=-1):
    return {k: parameters[k] + sign * learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size, *, verbose=False):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        y_pred = predict(parameters, xs, shift=0.0)
        total = total + loss(y_pred, ys, 0.25, lambda squares: 2 * squares.sum())
        parameters = update(parameters, manual_gradients(parameters, xs, ys, y_pred - ys), learning_rates, sign=-1.0)
    return parameters, total
