# loses: loss
# A class that holds its arguments, where a function is due.
import torch


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


class loss:
    def __init__(self, y_pred, y):
        self.y_pred, self.y = y_pred, y

    def value(self):
        return torch.sum((self.y_pred - self.y) ** 2) / 2


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys).value()
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
