# loses: everything
# Loops for ever while it is loaded.
import itertools

import torch


def predict(parameters, x):
    return parameters["a"] * x + parameters["b"]


for _ in itertools.count():
    pass
