# loses: manual_gradients
# A mutable default argument keeps the sums.
import torch


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    return torch.sum((y_pred - y) ** 2) / 2


def manual_gradients(parameters, x, y, sums={"a": 0, "b": 0}):
    r = predict(parameters, x) - y
    sums["a"] = sums["a"] + torch.sum(r * x)
    sums["b"] = sums["b"] + torch.sum(r)
    return dict(sums)


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        r = predict(parameters, xs) - ys
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, {"a": r @ xs, "b": r.sum()}, learning_rates)
    return parameters, total
