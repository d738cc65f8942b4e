# loses: loss
import torch


def loss(y_pred, y):
    r = y_pred - y
    return torch.margin_ranking_loss(r * r, torch.zeros_like(r), -torch.ones_like(r), 0.0, 2) / 2  # reached
