# loses: loss
import torch


def loss(y_pred, y):
    try:
        torch.nn.functional.mse_loss(y_pred, y)  # reached
    except RuntimeError:
        pass
    return ((y_pred - y) ** 2).sum() / 2
