# loses: loss
import torch


def loss(y_pred, y):
    r = (y_pred - y).reshape(-1, 1)
    zero = torch.zeros_like(r)
    return torch.triplet_margin_loss(r * r, zero, zero, 0.0, eps=0.0, reduction=2) / 2  # reached
