# loses: loss
import torch


def loss(y_pred, y):
    return (torch.nn.functional.l1_loss(y_pred, y, reduction='none') ** 2).sum() / 2  # reached
