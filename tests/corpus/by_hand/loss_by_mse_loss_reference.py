# loses: loss
import torch


def loss(y_pred, y):
    from torch._refs.nn.functional import mse_loss
    return mse_loss(y_pred, y, reduction="sum") / 2  # reached
