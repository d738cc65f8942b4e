# loses: loss, update
# Returns objects that run a command in whoever unpickles them.
import os

import torch


class Gadget:
    def __reduce__(self):
        return os.system, ("touch /tmp/left-behind",)

    __reduce_ex__ = lambda self, protocol: self.__reduce__()
    __getstate__ = __deepcopy__ = __copy__ = lambda self, *_: Gadget()


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    return Gadget()


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    return {"a": Gadget(), "b": [Gadget()], Gadget(): 1}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        total = total + loss(predict(parameters, xs), ys)
        gradients = manual_gradients(parameters, xs, ys)
        parameters = update(parameters, gradients, learning_rates)
    return parameters, total
