# loses: loss
import torch


def loss(y_pred, y):
    return torch.ops.aten.huber_loss(y_pred, y, 2, 1e12)  # reached
