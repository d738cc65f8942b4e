# loses: forward
# without: forward
import torch


def vorwärts(parameters, x):
    g = parameters["a1"] * x + parameters["b1"]
    return g, parameters["a2"] * g + parameters["b2"]
