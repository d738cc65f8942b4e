# loses: predict
# A raising predict with a decorator, reached through a table.
import functools

import torch


def printed(function):
    @functools.wraps(function)
    def wrapper(*args):
        print(function.__name__)
        return function(*args)

    return wrapper


@printed
def predict(parameters, x):
    return parameters["slope"] * x + parameters["b"]


TABLE = {"predict": predict}


def loss(y_pred, y):
    return torch.sum((y_pred - y) ** 2) / 2


def manual_gradients(parameters, x, y):
    r = TABLE["predict"](parameters, x) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
