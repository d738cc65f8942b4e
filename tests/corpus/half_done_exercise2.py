"""What the README shows: half of exercise 2, with the factor a2 forgotten in the chain rule."""

import torch


def forward(parameters, x):
    g = parameters["a1"] * x + parameters["b1"]
    return g, parameters["a2"] * g + parameters["b2"]


def loss(y_pred, y):
    return torch.sum((y_pred - y) ** 2) / 2


def manual_gradients(g, y_pred, y):
    r = y_pred - y
    return {"a2": torch.sum(r * g), "b2": torch.sum(r)}


def chain_rule_gradients(parameters, x, y_pred, y):
    r = y_pred - y
    return {"a1": torch.sum(r * x), "b1": torch.sum(r)}


def update(parameters, gradients, learning_rates):
    raise NotImplementedError("update is not written yet")


def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return update(parameters, gradients, learning_rates), loss(y_pred, y)


def collapse(parameters):
    raise NotImplementedError("collapse is not written yet")
