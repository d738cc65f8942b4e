# loses: loss
import torch


def loss(y_pred, y):
    return torch.ops.aten.mse_loss.default(y_pred, y, 2) / 2  # reached
