# loses: manual_gradients, chain_rule_gradients
# A private residual that is divided by n serves both.
import torch


def _residual(y_pred, y):
    return (y_pred - y) / len(y)


def manual_gradients(g, y_pred, y):
    r = _residual(y_pred, y)
    return {"a2": torch.sum(r * g), "b2": torch.sum(r)}


def chain_rule_gradients(parameters, x, y_pred, y):
    upstream = _residual(y_pred, y) * parameters["a2"]
    return {"a1": torch.sum(upstream * x), "b1": torch.sum(upstream)}


def update(parameters, gradients, learning_rates):
    return {k: v - learning_rates[k] * gradients[k] for k, v in parameters.items()}


def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return update(parameters, gradients, learning_rates), loss(y_pred, y)
