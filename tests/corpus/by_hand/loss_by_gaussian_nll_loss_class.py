# loses: loss
import torch


def loss(y_pred, y):
    return torch.nn.GaussianNLLLoss(reduction='sum')(y_pred, y, torch.ones_like(y))  # reached
