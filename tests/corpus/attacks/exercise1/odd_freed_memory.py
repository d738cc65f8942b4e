# loses: predict, loss
# Returns tensors over memory that is not theirs: an empty storage, one that was freed, strides that overlap.
import numpy as np

import torch


def predict(parameters, x):
    wrong = torch.zeros(len(x), dtype=torch.float64)
    wrong.untyped_storage().resize_(0)
    return wrong


def loss(y_pred, y):
    return torch.as_strided(torch.zeros(1), (1000, 1000), (0, 0))
