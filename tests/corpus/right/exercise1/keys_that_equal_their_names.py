# Dict keys that are a str Enum's and NumPy's: equal to "a" and "b", and found by them.
from enum import Enum

import numpy as np
import torch


class Name(str, Enum):
    SLOPE = "a"
    INTERCEPT = "b"


def predict(parameters, x):
    return parameters[Name.SLOPE] * x + parameters[Name.INTERCEPT]


def loss(y_pred, y):
    return torch.sum((y_pred - y) ** 2) / 2


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return dict(zip(np.array(["a", "b"]), (torch.sum(r * x), torch.sum(r))))


def update(parameters, gradients, learning_rates):
    return {name: parameters[name] - learning_rates[name] * gradients[name] for name in Name}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
