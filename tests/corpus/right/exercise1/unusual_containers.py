# deque, dict views, array.array, masked and long NumPy numbers.
import array
from collections import deque

import numpy as np
import torch


def predict(parameters, x):
    return array.array("d", [parameters["a"].item() * v + parameters["b"].item() for v in x.tolist()])


def loss(y_pred, y):
    r = torch.as_tensor(y_pred) - y
    return np.array([(r @ r).item() / 2])


def manual_gradients(parameters, x, y):
    r = parameters["a"] * x + parameters["b"] - y
    return {"a": np.ma.masked_array((r @ x).item()), "b": np.longdouble(r.sum().item())}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        r = parameters["a"] * xs + parameters["b"] - ys
        total = total + r @ r / 2
        parameters = update(parameters, {"a": r @ xs, "b": r.sum()}, learning_rates)
    return deque([parameters, total])
