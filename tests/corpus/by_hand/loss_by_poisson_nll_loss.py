# loses: loss
import torch


def loss(y_pred, y):
    r = y_pred - y
    return torch.poisson_nll_loss(r * r, torch.zeros_like(r), False, False, 1e-8, 2) / 2  # reached
