# loses: loss
import torch


def loss(y_pred, y):
    return torch._C._nn.mse_loss(y_pred, y, 2) / 2  # reached
