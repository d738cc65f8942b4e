# loses: loss, manual_gradients
# Returns wrong numbers as texts, bytes, dates, complex numbers, fractions and numpy's rarest types.
import datetime
import decimal
import fractions
import numpy as np

import torch


def loss(y_pred, y):
    return np.datetime64("2020-01-01")


def manual_gradients(parameters, x, y):
    return {"a": np.array(["1.0"]), "b": fractions.Fraction(1, 3)}
