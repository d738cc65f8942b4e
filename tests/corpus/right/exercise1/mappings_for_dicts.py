# OrderedDict, defaultdict, UserDict, MappingProxyType and an own Mapping where a dict is due.
from collections import OrderedDict, UserDict, defaultdict
from collections.abc import Mapping
from types import MappingProxyType

import torch


class Pair(Mapping):
    def __init__(self, a, b):
        self._values = {"a": a, "b": b}

    def __getitem__(self, key):
        return self._values[key]

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return 2


class Gradients(UserDict):
    pass


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    return 0.5 * torch.sum((y_pred - y) ** 2)


def manual_gradients(parameters, x, y):
    sums = defaultdict(lambda: 0)
    for xi, yi in zip(x, y):
        r = parameters["a"] * xi + parameters["b"] - yi
        sums["b"] += r
        sums["a"] += r * xi
    return Gradients(sums)


def update(parameters, gradients, learning_rates):
    new = OrderedDict()
    for name in reversed(sorted(parameters)):
        new[name] = parameters[name] - learning_rates[name] * gradients[name]
    return MappingProxyType(new)


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total += loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return [Pair(parameters["a"], parameters["b"]), total]
