# loses: forward, loss, manual_gradients, chain_rule_gradients, update, collapse
# Only train_step is there, and it calls all others.
# whole
import torch


def train_step(parameters, x, y, learning_rates):
    g, y_pred = forward(parameters, x)
    gradients = manual_gradients(g, y_pred, y) | chain_rule_gradients(parameters, x, y_pred, y)
    return update(parameters, gradients, learning_rates), loss(y_pred, y)
