# loses: chain_rule_gradients
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
    upstream = (y_pred - y) * parameters["a2"]
    return {"a1": torch.sum(upstream), "b1": torch.sum(upstream)}


def update(parameters, gradients, learning_rates):
    return {k: parameters[k] - learning_rates[k] * gradients[k] for k in ("a1", "b1", "a2", "b2")}


def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    value = loss(y_pred, y)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return update(parameters, gradients, learning_rates), value


def collapse(parameters):
    return parameters["a1"] * parameters["a2"], parameters["a2"] * parameters["b1"] + parameters["b2"]
