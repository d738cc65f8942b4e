# loses: predict, loss
# Returns tensors over memory that is not theirs: an empty storage, one that was freed, strides that overlap.
import numpy as np

import torch


def predict(parameters, x):
    wrong = torch.zeros(len(x), dtype=torch.float64)
    wrong.untyped_storage().resize_(0)
    return wrong


def loss(y_pred, y):
    return torch.as_strided(torch.zeros(1), (1000, 1000), (0, 0))


def manual_gradients(parameters, x, y):
    r = predict(parameters, x) - y
    return {"a": torch.sum(r * x), "b": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for i in range(0, len(x), batch_size):
        xs, ys = x[i : i + batch_size], y[i : i + batch_size]
        total = total + loss(predict(parameters, xs), ys)
        gradients = manual_gradients(parameters, xs, ys)
        parameters = update(parameters, gradients, learning_rates)
    return parameters, total
