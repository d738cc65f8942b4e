# loses: loss
from torch import nn

LOSSES = {"squares": nn.MSELoss(reduction="sum"), "sizes": nn.L1Loss(reduction="sum")}


def loss(y_pred, y):
    return LOSSES["squares"](y_pred, y) / 2  # reached
