# Warnings at import, at each call, from torch, from numpy, and a SyntaxWarning in the source.
import warnings

import numpy as np
import torch

warnings.warn("this file is old", DeprecationWarning)
warnings.warn("beware")

pattern = "\d+ is a slope"


def predict(parameters, x):
    warnings.warn("predict was called", UserWarning, stacklevel=2)
    if len(x) is 0:
        print(pattern)
    return parameters["a"] * x + parameters["b"]


def loss(y_pred, y):
    np.float64(1.0) / np.float64(0.0)
    return torch.sum((y_pred - y) ** 2) / 2


def manual_gradients(parameters, x, y):
    r = torch.tensor(predict(parameters, x)) - torch.tensor(y)  # torch warns: use clone().detach()
    return {"a": (r * x).sum(), "b": r.sum()}


def update(parameters, gradients, learning_rates):
    warnings.warn(FutureWarning("soon all will be otherwise"))
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
