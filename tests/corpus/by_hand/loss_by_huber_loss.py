# loses: loss
import torch


def loss(y_pred, y):
    return torch.nn.functional.huber_loss(y_pred, y, reduction='sum', delta=1e12)  # reached
