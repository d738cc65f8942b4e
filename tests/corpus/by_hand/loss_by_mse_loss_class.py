# loses: loss
import torch


def loss(y_pred, y):
    return torch.nn.MSELoss(reduction='sum')(y_pred, y) / 2  # reached
