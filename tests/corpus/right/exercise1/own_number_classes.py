# A quantity of the student's own, with __float__, and a subclass of ndarray.
import numpy as np
import torch

class Quantity:
    def __init__(self, value):
        self.value = value

    def __float__(self):
        return float(self.value)


class Column(np.ndarray):
    unit = "m"


def predict(parameters, x):
    return (parameters["a"] * x + parameters["b"]).numpy().view(Column)


def loss(y_pred, y):
    r = torch.as_tensor(np.asarray(y_pred)) - y
    return Quantity(torch.sum(r**2) / 2)


def manual_gradients(parameters, x, y):
    r = parameters["a"] * x + parameters["b"] - y
    return {"a": Quantity(torch.sum(r * x)), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + float(loss(predict(parameters, xs), ys))
        slopes = manual_gradients(parameters, xs, ys)
        parameters = update(parameters, {k: float(v) for k, v in slopes.items()}, learning_rates)
    return parameters, total
