# loses: forward, loss, manual_gradients, chain_rule_gradients, update, train_step
# Only collapse is there.
import torch


def collapse(parameters):
    return parameters["a1"] * parameters["a2"], parameters["a2"] * parameters["b1"] + parameters["b2"]
