# loses: update
# Scales the gradients where they are.
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
    return {"a1": torch.sum(upstream * x), "b1": torch.sum(upstream)}


def update(parameters, gradients, learning_rates):
    for k in gradients:
        gradients[k] *= learning_rates[k]
    return {k: v - gradients[k] for k, v in parameters.items()}


def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return update(parameters, gradients, learning_rates), loss(y_pred, y)


def collapse(parameters):
    return parameters["a1"] * parameters["a2"], parameters["a2"] * parameters["b1"] + parameters["b2"]
