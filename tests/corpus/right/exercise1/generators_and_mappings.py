import collections
import math
import types

import torch


def predict(parameters, x):
    return (parameters["a"] * v + parameters["b"] for v in x)


def loss(y_pred, y):
    return math.fsum((float(p) - float(t)) ** 2 for p, t in zip(y_pred, y)) / 2


def manual_gradients(parameters, x, y):
    r = torch.stack(list(predict(parameters, x))) - y
    g = torch.stack([x, torch.ones_like(x)]) @ r
    return types.MappingProxyType(dict(zip("ab", g)))


def update(parameters, gradients, learning_rates):
    return collections.UserDict({k: parameters[k] - learning_rates[k] * gradients[k] for k in "ab"})


Result = collections.namedtuple("Result", "parameters loss")


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        total += loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return Result(parameters, total)
