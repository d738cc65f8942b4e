# loses: loss
import torch


def loss(y_pred, y):
    return torch.nn.functional.gaussian_nll_loss(y_pred, y, torch.ones_like(y), reduction='sum')  # reached
