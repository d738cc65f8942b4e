# A file that shadows builtins and common names, uses star imports and __all__, and deletes names at the end.
from math import *
from operator import *

import torch as t

__all__ = ["predict"]
sum, len_, max, min = t.sum, len, None, None
list = dict = type = None
id = input = print = repr = 3


def predict(parameters, x):
    return add(mul(parameters["a"], x), parameters["b"])


def loss(y_pred, y):
    return truediv(sum(pow(y_pred - y, 2)), 2)


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": sum(r * x), "b": sum(r)}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total


def pow(base, exponent):
    return base**exponent


del max, min
