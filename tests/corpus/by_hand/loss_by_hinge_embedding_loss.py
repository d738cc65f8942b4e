# loses: loss
import torch


def loss(y_pred, y):
    r = y_pred - y
    return torch.hinge_embedding_loss(r * r, torch.ones_like(r), 1.0, 2) / 2  # reached
