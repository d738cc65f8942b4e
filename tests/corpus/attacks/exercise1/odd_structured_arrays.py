# loses: predict, loss
# Returns arrays of records, of objects that hold themselves, of empty texts, of a byte order of their own.
import numpy as np

import torch


def predict(parameters, x):
    wrong = np.empty(2, dtype=object)
    wrong[0] = wrong[1] = wrong
    return wrong


def loss(y_pred, y):
    return np.zeros(3, dtype=[("x", "f8"), ("y", "U5")])
