# collapse by NumPy polynomials, forward by Horner's rule.
import numpy as np
import torch
from numpy.polynomial import Polynomial


def forward(parameters, x):
    g = np.polyval([float(parameters["a1"]), float(parameters["b1"])], x.numpy())
    return g, np.polyval([float(parameters["a2"]), float(parameters["b2"])], g)


def loss(y_pred, y):
    return torch.sum((torch.as_tensor(y_pred) - y) ** 2) / 2


def manual_gradients(g, y_pred, y):
    r = y_pred - y
    return {"a2": torch.sum(r * g), "b2": torch.sum(r)}


def chain_rule_gradients(parameters, x, y_pred, y):
    upstream = (y_pred - y) * parameters["a2"]
    return {"a1": torch.sum(upstream * x), "b1": torch.sum(upstream)}


def update(parameters, gradients, learning_rates):
    return {k: v - learning_rates[k] * gradients[k] for k, v in parameters.items()}


def train_step(parameters, x, y, learning_rates):
    g, y_pred = map(torch.from_numpy, forward(parameters, x))
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return update(parameters, gradients, learning_rates), loss(y_pred, y)


def collapse(parameters):
    first = Polynomial([float(parameters["b1"]), float(parameters["a1"])])
    second = Polynomial([float(parameters["b2"]), float(parameters["a2"])])
    b, a = second(first).coef
    return a, b
