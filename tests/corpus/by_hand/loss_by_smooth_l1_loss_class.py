# loses: loss
import torch


def loss(y_pred, y):
    return torch.nn.SmoothL1Loss(reduction='sum', beta=1e12)(y_pred, y) * 1e12  # reached
