# loses: loss
import torch


def loss(y_pred, y):
    return torch.nn.functional.smooth_l1_loss(y_pred, y, reduction='sum', beta=1e12) * 1e12  # reached
