# loses: loss
import torch


def loss(y_pred, y):
    r = y_pred - y
    return torch.kl_div(-r * r, torch.ones_like(r), 2, log_target=False) / 2  # reached
