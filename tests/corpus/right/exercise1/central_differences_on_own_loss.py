# Each slope by central differences of the student's own loss, which are exact for a parabola.
import torch


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    return torch.sum((y_pred.double() - y.double()) ** 2) / 2


def manual_gradients(parameters, x, y):
    slopes = {}
    for name in parameters:
        ahead = {k: v.double() + (0.25 if k == name else 0) for k, v in parameters.items()}
        behind = {k: v.double() - (0.25 if k == name else 0) for k, v in parameters.items()}
        slopes[name] = (loss(predict(ahead, x.double()), y) - loss(predict(behind, x.double()), y)) / 0.5
    return slopes


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
