# NumPy arrays that hold tensors or Python numbers as objects.
import numpy as np
import torch


def predict(parameters, x):
    out = np.empty(len(x), dtype=object)
    for i, v in enumerate(x):
        out[i] = parameters["a"] * v + parameters["b"]
    return out


def loss(y_pred, y):
    return sum((p - t) ** 2 for p, t in zip(y_pred, y)) / 2


def manual_gradients(parameters, x, y):
    r = [p - t for p, t in zip(predict(parameters, x), y)]
    return {"a": np.array(sum(p * v for p, v in zip(r, x)).item(), dtype=object), "b": sum(r)}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a", "b")}


def train_epoch(parameters, x, y, learning_rates, batch_size):
    total = 0
    for xs, ys in zip(x.split(batch_size), y.split(batch_size)):
        total = total + loss(predict(parameters, xs), ys)
        parameters = update(parameters, manual_gradients(parameters, xs, ys), learning_rates)
    return parameters, total
